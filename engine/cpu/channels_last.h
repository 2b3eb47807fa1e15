// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors of bytes whose channels are the last axis, as some operators of com.microsoft want them.
#pragma once

#include "engine/ir/tensor.h"

namespace lapidary {

// Bytes [outer, rows, columns] as [outer, columns, rows], under the dims given.
Result<Tensor> swappedBytes(const Tensor& bytes, int64_t outer, int64_t rows, int64_t columns, Dims dims);

// [N, spatial..., C] as [N, C, spatial...], and back. Errors: ShapeMismatch (rank below 3, no bytes).
Result<Tensor> channelsFirst(const Tensor& x);
Result<Tensor> channelsLast(const Tensor& y);

} // namespace lapidary
