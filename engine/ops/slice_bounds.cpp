// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/slice_bounds.h"

#include "engine/ops/axis.h"

#include <algorithm>

namespace lapidary {

namespace {

int64_t clampedIndex(int64_t index, int64_t size, int64_t low, int64_t high)
{
    if (index < 0)
        index = index < -size ? int64_t{-1} : index + size; // INT64_MIN stays in range
    return std::clamp(index, low, high);
}

} // namespace

Result<SliceBounds> sliceBounds(int64_t size, int64_t start, int64_t end, int64_t step)
{
    if (step == 0)
        return makeError(ErrorCode::InvalidArgument, "Slice has a step of 0");
    if (size == 0)
        return SliceBounds{0, step, 0};
    if (step > 0) {
        const int64_t first = clampedIndex(start, size, 0, size);
        const int64_t last = clampedIndex(end, size, 0, size);
        const int64_t count = last > first ? (last - first - 1) / step + 1 : 0;
        return SliceBounds{first, step, count};
    }
    step = std::max(step, -size - 1); // a longer step takes one element too, and cannot overflow
    const int64_t first = clampedIndex(start, size, -1, size - 1);
    const int64_t last = clampedIndex(end, size, -1, size - 1);
    const int64_t count = first > last ? (first - last - 1) / -step + 1 : 0;
    return SliceBounds{std::max<int64_t>(first, 0), step, count};
}

Result<std::vector<SliceBounds>> sliceAll(const Dims& dims, const SliceRequest& request)
{
    const size_t count = request.starts.size();
    if (request.ends.size() != count || (!request.axes.empty() && request.axes.size() != count) ||
        (!request.steps.empty() && request.steps.size() != count))
        return makeError(ErrorCode::ShapeMismatch, "Slice needs as many ends, axes and steps as starts (" +
                                                       std::to_string(count) + ")");
    std::vector<int64_t> axes = request.axes;
    for (size_t i = axes.size(); i < count; ++i)
        axes.push_back(static_cast<int64_t>(i));
    TRY_ASSIGN(axes, normalizeAxes(axes, static_cast<int64_t>(dims.size())));
    std::vector<SliceBounds> bounds;
    for (const int64_t size : dims)
        bounds.push_back({0, 1, size});
    for (size_t i = 0; i < count; ++i) {
        const auto axis = static_cast<size_t>(axes[i]);
        TRY_ASSIGN(bounds[axis], sliceBounds(dims[axis], request.starts[i], request.ends[i],
                                             request.steps.empty() ? 1 : request.steps[i]));
    }
    return bounds;
}

} // namespace lapidary
