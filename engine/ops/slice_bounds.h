// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which elements Slice takes. Source: ONNX Slice-1/10/11/13.
#pragma once

#include "engine/base/result.h"
#include "engine/ops/op_def.h"

namespace lapidary {

// The elements start, start + step, ... of one axis, count of them.
struct SliceBounds {
    int64_t start = 0;
    int64_t step = 1;
    int64_t count = 0;
};

// start and end may be negative (from the end) or far out of range (clamped).
// Errors: InvalidArgument (step 0).
Result<SliceBounds> sliceBounds(int64_t size, int64_t start, int64_t end, int64_t step);

// What a Slice node asks for; axes and steps may be empty (all axes in order; steps of 1).
struct SliceRequest {
    std::vector<int64_t> starts;
    std::vector<int64_t> ends;
    std::vector<int64_t> axes;
    std::vector<int64_t> steps;
};

// One entry for each axis of dims; axes that are not named are taken whole. Errors: ShapeMismatch.
Result<std::vector<SliceBounds>> sliceAll(const Dims& dims, const SliceRequest& request);

} // namespace lapidary
