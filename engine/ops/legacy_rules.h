// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the old operator Crop keeps of an image [N, C, H, W], for inference and the kernel.
// Source: Crop of onnx/defs/experiments (ONNX 1.4).
#pragma once

#include "engine/base/result.h"
#include "engine/ir/model.h"

namespace lapidary {

struct CropRules {
    std::vector<int64_t> borders; // left, top, right, bottom
    std::vector<int64_t> sizes;   // height, width of the result; empty: what the borders leave
};

struct CropRange {
    int64_t begin = 0;
    int64_t size = 0;
};

// Errors: InvalidModel (lists of the wrong length).
Result<CropRules> cropRules(const Node& node);
// axis 0: rows, 1: columns. Errors: ShapeMismatch (more than there is).
Result<CropRange> cropRange(const CropRules& rules, size_t axis, int64_t size);

} // namespace lapidary
