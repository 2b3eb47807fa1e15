// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how much Pad adds on both sides of each axis. Source: ONNX Pad-1/2/11/13/18/19/21.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/shape.h"

namespace lapidary {

// Negative widths cut elements off.
struct PadWidth {
    int64_t begin = 0;
    int64_t end = 0;
};

// pads: begins of all axes, then ends; axes: which ones are meant (nullopt: all, in order).
// One entry for each axis of the tensor. Errors: ShapeMismatch.
Result<std::vector<PadWidth>> padWidths(int64_t rank, const std::vector<int64_t>& pads,
                                        const std::optional<std::vector<int64_t>>& axes);
// Errors: ShapeMismatch when more is cut off than there is.
Result<Shape> paddedShape(const Shape& input, const std::vector<PadWidth>& widths);

} // namespace lapidary
