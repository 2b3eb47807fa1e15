// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the fused operators of com.microsoft mean, for inference and kernels.
// Source: ONNX Runtime docs/ContribOperators.md.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <vector>

namespace lapidary {

// Where each axis of an operand of FusedMatMul comes from before the product. transBatch: the matrix
// has its rows in the first axis and its columns in the last one; batch axes lie between.
// Errors: ShapeMismatch (transBatch needs rank 3 or more).
Result<std::vector<int64_t>> fusedMatMulOrder(size_t rank, bool trans, bool transBatch);

// From channels last to channels first, and back.
std::vector<int64_t> channelsFirst(size_t rank);
std::vector<int64_t> channelsLast(size_t rank);

} // namespace lapidary
