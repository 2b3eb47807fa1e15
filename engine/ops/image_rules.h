// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: shapes of operators that put images together, for inference and kernels. Errors:
// ShapeMismatch. Source: ONNX MaxUnpool-9/11/22, Col2Im-18, CenterCropPad-18.
#pragma once

#include "engine/ops/window.h"

namespace lapidary {

// MaxUnpool: what the window says the pooled image [N, C, spatial...] was before.
Result<Dims> unpooledDims(const Node& node, const Dims& pooled);

// Col2Im: columns [N, C * window, blocks] of an image with these spatial sizes.
struct ColumnShape {
    Window window;
    std::vector<AxisPlacement> placements; // output: how many blocks lie along the axis
    int64_t taps = 1;                      // of the window
    Dims output;                           // [N, C, image...]
};
Result<ColumnShape> columnShape(const Node& node, const Dims& columns, const Dims& image, const Dims& block);

// CenterCropPad: along each axis, size elements are kept, from the middle on.
struct CenteredAxis {
    int64_t in = 0;
    int64_t out = 0;
    // The first element taken, and where it goes; one of them is 0.
    int64_t from() const { return in > out ? (in - out) / 2 : 0; }
    int64_t to() const { return out > in ? (out - in) / 2 : 0; }
    int64_t count() const { return in < out ? in : out; }
};
Result<std::vector<CenteredAxis>> centeredAxes(const Dims& input, const std::vector<int64_t>& sizes,
                                               const std::optional<std::vector<int64_t>>& axes);

} // namespace lapidary
