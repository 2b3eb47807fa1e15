// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/pad_widths.h"

#include "engine/ops/axis.h"

#include <numeric>

namespace lapidary {

Result<std::vector<PadWidth>> padWidths(int64_t rank, const std::vector<int64_t>& pads,
                                        const std::optional<std::vector<int64_t>>& axes)
{
    std::vector<int64_t> all(static_cast<size_t>(rank));
    std::iota(all.begin(), all.end(), 0);
    TRY_ASSIGN(const std::vector<int64_t> padded, normalizeAxes(axes.value_or(all), rank));
    if (pads.size() != 2 * padded.size())
        return makeError(ErrorCode::ShapeMismatch, "Pad has " + std::to_string(pads.size()) + " widths for " +
                                                       std::to_string(padded.size()) + " axes, expected " +
                                                       std::to_string(2 * padded.size()));
    std::vector<PadWidth> widths(static_cast<size_t>(rank));
    for (size_t i = 0; i < padded.size(); ++i)
        widths[static_cast<size_t>(padded[i])] = {pads[i], pads[i + padded.size()]};
    return widths;
}

Result<Shape> paddedShape(const Shape& input, const std::vector<PadWidth>& widths)
{
    Shape shape = input;
    for (size_t i = 0; i < shape.size(); ++i) {
        const PadWidth& width = widths[i];
        if (!shape[i].known()) {
            if (width.begin != 0 || width.end != 0)
                shape[i] = Dim();
            continue;
        }
        int64_t size = 0;
        // Both cuts must leave the axis in order: cutting 5 before and adding 9 after 4 is an error.
        const bool overflows = __builtin_add_overflow(shape[i].value, width.begin, &size) || size < 0 ||
                               __builtin_add_overflow(size, width.end, &size) || size < 0;
        if (overflows)
            return makeError(ErrorCode::ShapeMismatch, "Pad by " + std::to_string(width.begin) + " and " +
                                                           std::to_string(width.end) + " does not fit axis " +
                                                           std::to_string(i) + " of " + toString(input));
        shape[i] = Dim(size);
    }
    return shape;
}

} // namespace lapidary
