// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors joined and cut along one axis: Concat, Split and their forms for sequences.
#pragma once

#include "engine/ir/tensor.h"

namespace lapidary {

// The parts one after another along axis, which counts from the end when negative. Errors:
// ShapeMismatch (no parts, types or other dimensions that differ, no such axis), UnsupportedOp (types
// smaller than a byte: see engine/cpu/whole_bytes.h).
Result<Tensor> joinAlong(std::span<const Tensor* const> parts, int64_t axis);
// The same in two steps: the dims of the whole, then the parts into a tensor of these dims and their type.
Result<Dims> joinedDims(std::span<const Tensor* const> parts, int64_t axis);
Status joinInto(std::span<const Tensor* const> parts, int64_t axis, Tensor& whole);

// Elements begin .. begin + size of an axis in [0, rank); the caller has checked that they are there.
Result<Tensor> cutAlong(const Tensor& tensor, int64_t axis, int64_t begin, int64_t size);

} // namespace lapidary
