// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/axis_parts.h"

#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/strided_copy.h"
#include "engine/ops/axis.h"
#include "engine/ops/shape_rules.h"

namespace lapidary {

namespace {

// joinedDims() of parts that fit each other, without the shapes that its errors are made from.
std::optional<Dims> fittingDims(std::span<const Tensor* const> parts, int64_t axis)
{
    if (parts.empty())
        return std::nullopt;
    Dims dims = parts[0]->dims();
    const auto rank = static_cast<int64_t>(dims.size());
    if (axis < -rank || axis >= rank)
        return std::nullopt;
    const auto along = static_cast<size_t>(axis < 0 ? axis + rank : axis);
    for (const Tensor* part : parts.subspan(1)) {
        if (part->type() != parts[0]->type() || part->dims().size() != dims.size())
            return std::nullopt;
        for (size_t i = 0; i < dims.size(); ++i) {
            if (i != along && part->dims()[i] != dims[i])
                return std::nullopt;
        }
        if (__builtin_add_overflow(dims[along], part->dims()[along], &dims[along]))
            return std::nullopt;
    }
    return elementCount(dims) ? std::optional(std::move(dims)) : std::nullopt;
}

} // namespace

Result<Dims> joinedDims(std::span<const Tensor* const> parts, int64_t axis)
{
    if (auto dims = fittingDims(parts, axis))
        return std::move(*dims);
    std::vector<Shape> shapes;
    for (const Tensor* part : parts) {
        if (part->type() != parts[0]->type())
            return makeError(ErrorCode::ShapeMismatch, "cannot join " +
                                                           std::string(dataTypeName(parts[0]->type())) +
                                                           " and " + std::string(dataTypeName(part->type())));
        shapes.push_back(toShape(part->dims()));
    }
    TRY_ASSIGN(const Shape shape, concatenatedShape(shapes, axis));
    auto dims = concreteDims(shape);
    if (!dims)
        return makeError(ErrorCode::ShapeMismatch, "the joined tensor would be too large");
    return std::move(*dims);
}

Status joinInto(std::span<const Tensor* const> parts, int64_t axis, Tensor& whole)
{
    TRY_ASSIGN(axis, normalizeAxis(axis, whole.rank()));
    if (whole.count() == 0)
        return {};
    const AxisBlocks blocks(whole.dims(), axis);
    const int64_t rowLength = blocks.size * blocks.inner;
    int64_t offset = 0;
    for (const Tensor* part : parts) {
        const int64_t length = part->dims()[static_cast<size_t>(axis)] * blocks.inner;
        const CopyPlan plan = planCopy({{blocks.outer, length, rowLength}, {length, 1, 1}});
        TRY(dispatchElement(part->type(), [&]<typename T>() {
            copyStrided(elements<T>(*part), mutableElements<T>(whole) + offset, plan);
        }));
        offset += length;
    }
    return {};
}

Result<Tensor> joinAlong(std::span<const Tensor* const> parts, int64_t axis)
{
    TRY_ASSIGN(Dims dims, joinedDims(parts, axis));
    TRY_ASSIGN(Tensor whole, Tensor::allocate(parts[0]->type(), std::move(dims)));
    TRY(joinInto(parts, axis, whole));
    return whole;
}

Result<Tensor> cutAlong(const Tensor& tensor, int64_t axis, int64_t begin, int64_t size)
{
    Dims dims = tensor.dims();
    dims[static_cast<size_t>(axis)] = size;
    TRY_ASSIGN(Tensor part, Tensor::allocate(tensor.type(), std::move(dims)));
    if (part.count() == 0)
        return part;
    const AxisBlocks blocks(tensor.dims(), axis);
    const int64_t length = size * blocks.inner;
    const CopyPlan plan = planCopy({{blocks.outer, blocks.size * blocks.inner, length}, {length, 1, 1}});
    TRY(dispatchElement(tensor.type(), [&]<typename T>() {
        copyStrided(elements<T>(tensor) + begin * blocks.inner, mutableElements<T>(part), plan);
    }));
    return part;
}

} // namespace lapidary
