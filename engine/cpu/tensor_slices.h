// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors taken apart and put together along one axis, as loops do with the values that they
// scan. Errors: UnsupportedOp for 2 and 4 bit types, whose elements share bytes.
#pragma once

#include "engine/ir/value.h"

#include <span>

namespace lapidary {

// The part of tensor at this place of an axis, without the axis. axis in [0, rank), index inside it.
// Shares the data where the part is contiguous.
Result<Tensor> sliceAt(const Tensor& tensor, int64_t axis, int64_t index);

// The opposite: tensors of one type and shape along a new axis in [0, rank]. At least one.
// Errors: ShapeMismatch (another type or shape than the first).
Result<Tensor> stack(std::span<const Tensor> tensors, int64_t axis);

} // namespace lapidary
