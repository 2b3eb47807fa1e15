// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where the elements of a resized axis come from: for each output index a few input indexes
// and their weights. Axes are independent, so a tensor is resized one axis after another.
// Source: ONNX Resize-19 and its reference implementation; cubic: Keys (1981).
#pragma once

#include "engine/base/result.h"
#include "engine/ops/resize_rules.h"

namespace lapidary {

enum class CoordinateMode {
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,
    TfHalfPixelForNn,
    TfCropAndResize
};
enum class NearestMode { RoundPreferFloor, RoundPreferCeil, Floor, Ceil };
enum class ResizeMode { Nearest, Linear, Cubic };

struct ResizeSettings {
    ResizeMode mode = ResizeMode::Nearest;
    CoordinateMode coordinates = CoordinateMode::Asymmetric;
    NearestMode nearest = NearestMode::Floor;
    float cubicCoefficient = -0.75f;
    bool excludeOutside = false;
    bool antialias = false;
    float extrapolationValue = 0;
};

// Defaults of the opset applied; Upsample is Resize with asymmetric coordinates, rounded down.
// Errors: UnsupportedOp (a mode that ONNX does not name).
Result<ResizeSettings> resizeSettings(const Node& node, int64_t opset);

// The input index of each output index; -1 where it lies outside the region (tf_crop_and_resize).
std::vector<int64_t> nearestIndexes(const ResizedAxis& axis, const ResizeSettings& settings);

struct ResizeTaps {
    int64_t perElement = 0;
    std::vector<int64_t> indexes; // [out, perElement], inside the axis
    std::vector<float> weights;   // [out, perElement]
    std::vector<bool> outside;    // [out]: takes the extrapolation value
};
ResizeTaps resizeTaps(const ResizedAxis& axis, const ResizeSettings& settings);

} // namespace lapidary
