// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: shapes of operators that pick or place elements by index, for inference and kernels. Errors:
// ShapeMismatch. Source: ONNX docs/Operators.md, the operator of the name.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/shape.h"

namespace lapidary {

// Gather: indices take the place of the axis.
Result<Shape> gatheredShape(const Shape& data, const Shape& indices, int64_t axis);
// GatherND: the last dimension of indices is the length of an index tuple.
Result<Shape> gatheredNdShape(const Shape& data, const Shape& indices, int64_t batchDims);
// OneHot: a new axis of size depth.
Result<Shape> oneHotShape(const Shape& indices, int64_t axis, const Dim& depth);
// TopK: the axis has k elements. k must be at most its size.
Result<Shape> topKShape(const Shape& input, int64_t axis, const Dim& k);

// index in [-size, size) as [0, size). Errors: InvalidArgument.
Result<int64_t> checkedIndex(int64_t index, int64_t size);

} // namespace lapidary
