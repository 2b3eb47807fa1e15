// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the shapes of MaxPool, AveragePool and LpPool, checked once for inference and every kernel.
// Source: ONNX MaxPool-1/8/10/11/12/22, AveragePool-1/7/10/11/19/22, LpPool-1/2/11/18/22.
#pragma once

#include "engine/ops/window.h"

namespace lapidary {

struct PoolingShape {
    Window window;
    std::vector<AxisPlacement> placements;
    Dims output; // [N, C, spatial...]
};

// x: [N, C, spatial...]. Errors: ShapeMismatch with what was expected and found.
Result<PoolingShape> poolingShape(const Node& node, const Dims& x);

// The same for a shape that may be symbolic; globalPoolingOutput is that of GlobalAveragePool and its kin.
Result<Shape> poolingOutput(const Node& node, const Shape& x);
Result<Shape> globalPoolingOutput(const Shape& x);

// p of LpPool and GlobalLpPool: a float attribute in version 1, later an integer. Errors: InvalidModel
// (not above 0).
Result<double> normExponent(const Node& node, int64_t opset);

} // namespace lapidary
