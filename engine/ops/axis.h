// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: axes as ONNX gives them (negative counts from the end) as indexes into a shape.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <vector>

namespace lapidary {

// axis in [-rank, rank) as [0, rank). Errors: ShapeMismatch.
Result<int64_t> normalizeAxis(int64_t axis, int64_t rank);
// The same for a list; an axis named twice is an error. Keeps the order.
Result<std::vector<int64_t>> normalizeAxes(const std::vector<int64_t>& axes, int64_t rank);
// Which of the axes [0, rank) are in the list.
Result<std::vector<bool>> axisMask(const std::vector<int64_t>& axes, int64_t rank);

} // namespace lapidary
