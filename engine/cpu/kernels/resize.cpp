// SPDX-License-Identifier: GPL-3.0-or-later
// Resize and Upsample. Nearest copies elements; linear and cubic resize one axis after another.
#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/mapped_copy.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/resize_taps.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

Dims outputDims(const std::vector<ResizedAxis>& axes)
{
    Dims dims;
    for (const ResizedAxis& axis : axes)
        dims.push_back(axis.out);
    return dims;
}

// Marks the elements of y that lie outside the region of any axis.
template <typename IsOutside, typename Fill>
void fillOutside(const Dims& dims, const IsOutside& isOutside, const Fill& fill)
{
    for (size_t axis = 0; axis < dims.size(); ++axis) {
        const AxisBlocks blocks(dims, static_cast<int64_t>(axis));
        for (int64_t i = 0; i < blocks.size; ++i) {
            if (!isOutside(axis, static_cast<size_t>(i)))
                continue;
            for (int64_t outer = 0; outer < blocks.outer; ++outer)
                fill((outer * blocks.size + i) * blocks.inner, blocks.inner);
        }
    }
}

Status resizeNearest(KernelContext& context, const std::vector<ResizedAxis>& axes,
                     const ResizeSettings& settings)
{
    const Tensor& x = context.tensor(0);
    // Before the tables: a size that cannot be is refused here.
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), outputDims(axes)));
    if (y->count() == 0)
        return {};
    std::vector<std::vector<int64_t>> maps;
    std::vector<std::vector<bool>> outside;
    for (const ResizedAxis& axis : axes) {
        maps.push_back(nearestIndexes(axis, settings));
        outside.emplace_back();
        for (int64_t& index : maps.back()) {
            outside.back().push_back(index < 0);
            index = std::max<int64_t>(index, 0);
        }
    }
    TRY_ASSIGN(const Tensor fill, convertType(Tensor::scalar(settings.extrapolationValue), x.type()));
    return dispatchElement(x.type(), [&]<typename T>() {
        T* to = mutableElements<T>(*y);
        copyMapped(elements<T>(x), to, x.dims(), maps);
        fillOutside(
            y->dims(), [&](size_t axis, size_t i) { return outside[axis][i]; },
            [&](int64_t at, int64_t count) { std::fill_n(to + at, count, elements<T>(fill)[0]); });
    });
}

// One axis: y[o, i, :] = sum over taps of weight * x[o, index, :].
template <typename T>
void resizeAxis(const T* x, T* y, const AxisBlocks& in, int64_t out, const ResizeTaps& taps)
{
    const int64_t grain = std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(1, in.inner * taps.perElement));
    parallelFor(in.outer * out, grain, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const T* source = x + row / out * in.size * in.inner;
            const int64_t firstTap = row % out * taps.perElement;
            T* target = y + row * in.inner;
            std::fill_n(target, in.inner, T{0});
            for (int64_t tap = firstTap; tap < firstTap + taps.perElement; ++tap) {
                const auto weight = static_cast<T>(taps.weights[static_cast<size_t>(tap)]);
                if (weight == T{0})
                    continue;
                const T* line = source + taps.indexes[static_cast<size_t>(tap)] * in.inner;
                for (int64_t i = 0; i < in.inner; ++i)
                    target[i] += weight * line[i];
            }
        }
    });
}

// The same for the last axis, where x[o, :] is contiguous.
template <typename T>
void resizeLastAxis(const T* x, T* y, const AxisBlocks& in, int64_t out, const ResizeTaps& taps)
{
    const int64_t grain = std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(1, out * taps.perElement));
    parallelFor(in.outer, grain, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const T* source = x + row * in.size;
            const int64_t* index = taps.indexes.data();
            const float* weight = taps.weights.data();
            for (int64_t i = 0; i < out; ++i) {
                T sum = 0;
                for (int64_t tap = 0; tap < taps.perElement; ++tap)
                    sum += static_cast<T>(*weight++) * source[*index++];
                y[row * out + i] = sum;
            }
        }
    });
}

// x: float or double.
Result<Tensor> resizeSmooth(const Tensor& x, const std::vector<ResizedAxis>& axes,
                            const ResizeSettings& settings)
{
    TRY(Tensor::allocate(x.type(), outputDims(axes))); // a size that cannot be is refused at once
    Tensor current = x;
    std::vector<ResizeTaps> taps(axes.size());
    for (size_t i = 0; i < axes.size(); ++i) {
        if (axes[i].unchanged())
            continue;
        Dims dims = current.dims();
        dims[i] = axes[i].out;
        const AxisBlocks blocks(current.dims(), static_cast<int64_t>(i));
        TRY_ASSIGN(Tensor next, Tensor::allocate(x.type(), std::move(dims)));
        taps[i] = resizeTaps(axes[i], settings);
        TRY(dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
            if (next.count() > 0 && blocks.inner == 1)
                resizeLastAxis(current.data<T>(), next.mutableData<T>(), blocks, axes[i].out, taps[i]);
            else if (next.count() > 0)
                resizeAxis(current.data<T>(), next.mutableData<T>(), blocks, axes[i].out, taps[i]);
            return {};
        }));
        current = std::move(next);
    }
    if (settings.coordinates != CoordinateMode::TfCropAndResize)
        return current;
    TRY(dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
        fillOutside(
            current.dims(),
            [&](size_t axis, size_t i) { return !taps[axis].outside.empty() && taps[axis].outside[i]; },
            [&](int64_t at, int64_t count) {
                std::fill_n(current.mutableData<T>() + at, count,
                            static_cast<T>(settings.extrapolationValue));
            });
        return {};
    }));
    return current;
}

Status runResize(KernelContext& context, const ResizeRequest& request, const ResizeSettings& settings)
{
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(const std::vector<ResizedAxis> axes, resizedAxes(x.dims(), request));
    const bool unchanged =
        std::all_of(axes.begin(), axes.end(), [](const ResizedAxis& axis) { return axis.unchanged(); });
    if (unchanged) {
        context.setOutput(0, context.input(0));
        return {};
    }
    if (!elementCount(outputDims(axes)))
        return makeError(ErrorCode::ShapeMismatch, "the result of Resize would be too large");
    if (settings.mode == ResizeMode::Nearest)
        return resizeNearest(context, axes, settings);
    // Integers are interpolated as floats and cut off.
    const DataType computed = x.type() == DataType::Double ? DataType::Double : DataType::Float;
    TRY_ASSIGN(const Tensor floats, convertType(x, computed));
    TRY_ASSIGN(const Tensor resized, resizeSmooth(floats, axes, settings));
    TRY_ASSIGN(Tensor result, convertType(resized, x.type()));
    context.setOutput(0, std::move(result));
    return {};
}

// The floats of an input; an input left out or without elements is an empty list.
Result<std::vector<float>> floatsInput(const KernelContext& context, size_t index)
{
    const Tensor* tensor = context.hasInput(index) ? context.input(index).tensor() : nullptr;
    if (!tensor)
        return std::vector<float>();
    if (tensor->count() > 64)
        return makeError(ErrorCode::ShapeMismatch,
                         "Resize needs one number for each axis, found " + toString(tensor->dims()));
    TRY_ASSIGN(const Tensor floats, toFloat(*tensor));
    return std::vector<float>(floats.data<float>(), floats.data<float>() + floats.count());
}

KernelResult createUpsample(const KernelRequest& request)
{
    TRY_ASSIGN(const ResizeSettings settings, resizeSettings(*request.node, request.opsetVersion));
    return plainKernel([settings, scales = scalesAttribute(*request.node)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        ResizeRequest wanted;
        if (scales) {
            wanted.scales = *scales;
        } else {
            TRY_ASSIGN(wanted.scales, floatsInput(context, 1));
        }
        return runResize(context, wanted, settings);
    });
}

KernelResult createResize(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY_ASSIGN(const ResizeSettings settings, resizeSettings(node, request.opsetVersion));
    ResizeRequest fixed;
    fixed.policy = aspectPolicyOf(node);
    if (node.attribute("axes"))
        fixed.axes = node.intsAttribute("axes");
    return plainKernel([settings, fixed](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        ResizeRequest wanted = fixed;
        if (settings.coordinates == CoordinateMode::TfCropAndResize) {
            TRY_ASSIGN(wanted.roi, floatsInput(context, 1));
        }
        TRY_ASSIGN(wanted.scales, floatsInput(context, 2));
        TRY_ASSIGN(auto sizes, optionalListInput(context, 3));
        wanted.sizes = std::move(sizes).value_or(Ints());
        return runResize(context, wanted, settings);
    });
}

constexpr KernelRow rows[] = {
    {"", "Upsample", 1, newestOpset, "plain", forFloats<createUpsample>},
    {"", "Resize", 10, 10, "plain", forFloats<createUpsample>},
    {"", "Resize", 11, newestOpset, "plain", forFloats<createResize>},
};

} // namespace

std::span<const KernelRow> resizeKernels() { return rows; }

} // namespace lapidary
