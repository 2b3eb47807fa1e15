// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/axis.h"

namespace lapidary {

Result<int64_t> normalizeAxis(int64_t axis, int64_t rank)
{
    if (axis < -rank || axis >= rank)
        return makeError(ErrorCode::ShapeMismatch, "axis " + std::to_string(axis) +
                                                       " is outside a shape of rank " + std::to_string(rank) +
                                                       ": expected " + std::to_string(-rank) + " to " +
                                                       std::to_string(rank - 1));
    return axis < 0 ? axis + rank : axis;
}

Result<std::vector<int64_t>> normalizeAxes(const std::vector<int64_t>& axes, int64_t rank)
{
    std::vector<int64_t> result;
    std::vector<bool> seen(static_cast<size_t>(rank));
    for (const int64_t axis : axes) {
        TRY_ASSIGN(const int64_t index, normalizeAxis(axis, rank));
        if (seen[static_cast<size_t>(index)])
            return makeError(ErrorCode::ShapeMismatch, "axis " + std::to_string(axis) + " is named twice");
        seen[static_cast<size_t>(index)] = true;
        result.push_back(index);
    }
    return result;
}

Result<std::vector<bool>> axisMask(const std::vector<int64_t>& axes, int64_t rank)
{
    TRY_ASSIGN(const std::vector<int64_t> indexes, normalizeAxes(axes, rank));
    std::vector<bool> mask(static_cast<size_t>(rank));
    for (const int64_t index : indexes)
        mask[static_cast<size_t>(index)] = true;
    return mask;
}

} // namespace lapidary
