// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: sizes and scales of Resize and Upsample, for inference and kernels.
// Source: ONNX Resize-10/11/13/18/19, Upsample-1/7/9.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/model.h"

namespace lapidary {

enum class AspectPolicy { Stretch, NotLarger, NotSmaller };

// What a node asks for; scales or sizes, one for each of axes (all axes when axes is nullopt).
struct ResizeRequest {
    std::vector<float> scales;
    std::vector<int64_t> sizes;
    std::optional<std::vector<int64_t>> axes;
    std::vector<float> roi; // starts, then ends; only for tf_crop_and_resize, else empty
    AspectPolicy policy = AspectPolicy::Stretch;
};

struct ResizedAxis {
    int64_t in = 0;
    int64_t out = 0;
    double scale = 1;
    float roiStart = 0;
    float roiEnd = 1;

    bool unchanged() const { return scale == 1 && in == out && roiStart == 0 && roiEnd == 1; }
};

AspectPolicy aspectPolicyOf(const Node& node);
// Upsample-1 scales the last two of four axes, Upsample-7 has a list; nullopt when scales are an input.
std::optional<std::vector<float>> scalesAttribute(const Node& node);

// One entry for each axis of the input. Errors: ShapeMismatch, InvalidArgument (a scale that is not
// positive, a size too large).
Result<std::vector<ResizedAxis>> resizedAxes(const Dims& input, const ResizeRequest& request);
// The same for a shape: what can be known.
Result<Shape> resizedShape(const Shape& input, const ResizeRequest& request);

} // namespace lapidary
