// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/index_rules.h"

#include "engine/ops/axis.h"

namespace lapidary {

namespace {

int64_t rankOf(const Shape& shape) { return static_cast<int64_t>(shape.size()); }

} // namespace

Result<Shape> gatheredShape(const Shape& data, const Shape& indices, int64_t axis)
{
    TRY_ASSIGN(axis, normalizeAxis(axis, rankOf(data)));
    Shape shape(data.begin(), data.begin() + axis);
    shape.insert(shape.end(), indices.begin(), indices.end());
    shape.insert(shape.end(), data.begin() + axis + 1, data.end());
    return shape;
}

Result<Shape> gatheredNdShape(const Shape& data, const Shape& indices, int64_t batchDims)
{
    const Dim tuple = indices.empty() ? Dim() : indices.back();
    const bool fits = !indices.empty() && !data.empty() && batchDims >= 0 && batchDims < rankOf(indices) &&
                      batchDims <= rankOf(data) &&
                      (!tuple.known() || (tuple.value >= 1 && tuple.value <= rankOf(data) - batchDims));
    if (!fits || !tuple.known())
        return makeError(ErrorCode::ShapeMismatch, "indices of shape " + toString(indices) + " with " +
                                                       std::to_string(batchDims) +
                                                       " batch axes do not fit data " + toString(data));
    for (int64_t i = 0; i < batchDims; ++i) {
        const Dim& a = data[static_cast<size_t>(i)];
        const Dim& b = indices[static_cast<size_t>(i)];
        if (a.known() && b.known() && a.value != b.value)
            return makeError(ErrorCode::ShapeMismatch, "batch axis " + std::to_string(i) + " differs in " +
                                                           toString(data) + " and " + toString(indices));
    }
    Shape shape(indices.begin(), indices.end() - 1);
    shape.insert(shape.end(), data.begin() + batchDims + tuple.value, data.end());
    return shape;
}

Result<Shape> oneHotShape(const Shape& indices, int64_t axis, const Dim& depth)
{
    TRY_ASSIGN(axis, normalizeAxis(axis, rankOf(indices) + 1));
    Shape shape = indices;
    shape.insert(shape.begin() + axis, depth);
    return shape;
}

Result<Shape> topKShape(const Shape& input, int64_t axis, const Dim& k)
{
    TRY_ASSIGN(axis, normalizeAxis(axis, rankOf(input)));
    Shape shape = input;
    Dim& size = shape[static_cast<size_t>(axis)];
    if (k.known() && size.known() && k.value > size.value)
        return makeError(ErrorCode::ShapeMismatch, "TopK wants " + std::to_string(k.value) + " of the " +
                                                       std::to_string(size.value) + " elements of axis " +
                                                       std::to_string(axis));
    size = k;
    return shape;
}

Result<int64_t> checkedIndex(int64_t index, int64_t size)
{
    if (index < -size || index >= size)
        return makeError(ErrorCode::InvalidArgument, "index " + std::to_string(index) +
                                                         " is outside an axis of size " +
                                                         std::to_string(size));
    return index < 0 ? index + size : index;
}

} // namespace lapidary
