// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: shapes of elementwise operators. Source: ONNX docs/Broadcasting.md; for opset < 7 the
// attributes broadcast and axis of Add-1/6 and its kin.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/shape.h"

namespace lapidary {

// numpy's multidirectional broadcast: trailing axes are aligned, 1 stretches. A named or unknown
// dimension against a number other than 1 gives the number. Errors: ShapeMismatch.
Result<Shape> broadcastShapes(const Shape& a, const Shape& b);
Result<Dims> broadcastDims(const Dims& a, const Dims& b);

// Opset < 7: where b's axes stand in a, as b's dims with ones around them, of a's rank.
// axis: where b begins in a; nullopt: b is aligned with the end. Errors: ShapeMismatch.
Result<Dims> legacyBroadcastDims(const Dims& a, const Dims& b, std::optional<int64_t> axis);

// Whether b can be stretched to a without changing a (unidirectional broadcast).
bool stretchesTo(const Dims& b, const Dims& a);

} // namespace lapidary
