// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which zero point or scale belongs to which element of the operands of a quantized matrix product,
// once for inference and kernels. Source: ONNX MatMulInteger-10, QLinearMatMul-10/21.
#pragma once

#include "engine/ops/quantization_rules.h"

namespace lapidary {

// Parameters for each row of a [..., m, k] stack: one for all, [m], or [..., m, 1].
Result<ScaleLayout> rowLayout(const Dims& matrices, const Dims& parameters);
// Parameters for each column of a [..., k, n] stack: one for all, [n], or [..., 1, n].
Result<ScaleLayout> columnLayout(const Dims& matrices, const Dims& parameters);
// Parameters for each index of the first axis (the output channels of a convolution's weights), or one.
Result<ScaleLayout> channelLayout(const Dims& weights, const Dims& parameters);

} // namespace lapidary
