// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: shapes of reductions, for inference and kernels. Source: ONNX Reduce*-18, ArgMax-13.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/shape.h"

namespace lapidary {

// Which axes go: all when none is named, unless noopWithEmptyAxes. Errors: ShapeMismatch.
Result<std::vector<bool>> reducedAxes(int64_t rank, const std::vector<int64_t>& axes, bool noopWithEmptyAxes);
// Reduced axes become 1 or disappear.
Shape reducedShape(const Shape& input, const std::vector<bool>& reduced, bool keepDims);

} // namespace lapidary
