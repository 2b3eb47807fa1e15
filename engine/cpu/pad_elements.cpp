// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/pad_elements.h"

#include "engine/cpu/element_bytes.h"
#include "engine/cpu/mapped_copy.h"
#include "engine/cpu/strided_copy.h"

namespace lapidary {

namespace {

// The index into an axis of the input that stands at position (negative or past the end) of the
// padded one.
int64_t sourceIndex(int64_t position, int64_t size, PadMode mode)
{
    if (mode == PadMode::Edge)
        return std::clamp<int64_t>(position, 0, size - 1);
    if (mode == PadMode::Wrap) {
        const int64_t rest = position % size;
        return rest < 0 ? rest + size : rest;
    }
    if (size == 1)
        return 0;
    const int64_t period = 2 * (size - 1); // reflect: back and forth, the ends once
    int64_t rest = position % period;
    rest = rest < 0 ? rest + period : rest;
    return rest < size ? rest : period - rest;
}

// The part of the input that the output keeps, with where it goes.
template <typename T>
void copyInside(const T* from, T* to, const Dims& inDims, const Dims& outDims,
                const std::vector<PadWidth>& widths)
{
    const std::vector<int64_t> inStrides = denseStrides(inDims);
    const std::vector<int64_t> outStrides = denseStrides(outDims);
    std::vector<CopyAxis> axes;
    for (size_t i = 0; i < inDims.size(); ++i) {
        const int64_t cutBegin = std::max<int64_t>(0, -widths[i].begin);
        const int64_t cutEnd = std::max<int64_t>(0, -widths[i].end);
        from += cutBegin * inStrides[i];
        to += std::max<int64_t>(0, widths[i].begin) * outStrides[i];
        axes.push_back({std::max<int64_t>(0, inDims[i] - cutBegin - cutEnd), inStrides[i], outStrides[i]});
    }
    copyStrided(from, to, planCopy(std::move(axes)));
}

Result<std::vector<std::vector<int64_t>>> indexMaps(const Dims& inDims, const Dims& outDims,
                                                    const std::vector<PadWidth>& widths, PadMode mode)
{
    std::vector<std::vector<int64_t>> maps(inDims.size());
    for (size_t i = 0; i < inDims.size(); ++i) {
        if (inDims[i] == 0 && outDims[i] > 0)
            return makeError(ErrorCode::ShapeMismatch, "axis " + std::to_string(i) + " of " +
                                                           toString(inDims) + " has no elements to repeat");
        for (int64_t position = 0; position < outDims[i]; ++position)
            maps[i].push_back(sourceIndex(position - widths[i].begin, inDims[i], mode));
    }
    return maps;
}

} // namespace

std::optional<PadMode> padModeFromName(std::string_view name)
{
    if (name == "constant")
        return PadMode::Constant;
    if (name == "reflect")
        return PadMode::Reflect;
    if (name == "edge")
        return PadMode::Edge;
    return name == "wrap" ? std::optional(PadMode::Wrap) : std::nullopt;
}

Status padElements(const Tensor& x, Tensor& y, const std::vector<PadWidth>& widths, PadMode mode,
                   const Tensor& fill)
{
    if (y.count() == 0)
        return {};
    return dispatchElement(x.type(), [&]<typename T>() -> Status {
        const T* from = elements<T>(x);
        T* to = mutableElements<T>(y);
        if (mode == PadMode::Constant || x.rank() == 0) {
            std::fill_n(to, y.count(), fill.empty() ? T{} : elements<T>(fill)[0]);
            copyInside(from, to, x.dims(), y.dims(), widths);
            return {};
        }
        TRY_ASSIGN(const auto maps, indexMaps(x.dims(), y.dims(), widths, mode));
        copyMapped(from, to, x.dims(), maps);
        return {};
    });
}

} // namespace lapidary
