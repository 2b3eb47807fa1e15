// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which scale (and zero point) belongs to which element, once for inference and kernels.
// Source: ONNX QuantizeLinear-25, DequantizeLinear-25: one scale for the tensor, one for each index of an
// axis, or one for each block of neighbours along it.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/model.h"

namespace lapidary {

// The attributes that say where scales stand.
struct ScaleAxis {
    int64_t axis = 1;
    int64_t blockSize = 0; // 0: not blocked
};
ScaleAxis scaleAxisOf(const Node& node);

// x seen along the axis is [outer, size, inner]; the scale of element (o, a, i) has the index
// o * outerStep + a / block * blockStep + i * innerStep.
struct ScaleLayout {
    int64_t outer = 1;
    int64_t size = 1;
    int64_t inner = 1;
    int64_t block = 1; // at least 1
    int64_t outerStep = 0;
    int64_t blockStep = 0;
    int64_t innerStep = 0;
};

// A scale of one element serves all of x. Errors: ShapeMismatch with what was expected and found.
Result<ScaleLayout> scaleLayout(const Dims& x, const Dims& scale, const ScaleAxis& along);

} // namespace lapidary
