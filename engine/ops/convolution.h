// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the shapes of Conv and ConvTranspose, checked once for inference and every kernel.
// Source: ONNX Conv-1/11/22, ConvTranspose-1/11/22.
#pragma once

#include "engine/ops/window.h"

namespace lapidary {

// x: [batch, inputChannels, spatial...], y: [batch, outputChannels, spatial...]
// w: Conv [outputChannels, inputChannels / groups, kernel...],
//    ConvTranspose [inputChannels, outputChannels / groups, kernel...]
struct ConvolutionShape {
    int64_t batch = 0;
    int64_t groups = 1;
    int64_t inputChannels = 0;
    int64_t outputChannels = 0;
    Window window;
    std::vector<AxisPlacement> placements;
    Dims output; // of y
};

// bias: null when absent. Errors: ShapeMismatch with what was expected and found.
Result<ConvolutionShape> convolutionShape(const Node& node, const Dims& x, const Dims& w, const Dims* bias);
Result<ConvolutionShape> transposedConvolutionShape(const Node& node, const Dims& x, const Dims& w,
                                                    const Dims* bias);

// The output of Conv for shapes that may be unknown (null) or symbolic; nullopt when the weights or the rank
// of x are unknown. Errors as above.
Result<std::optional<Shape>> convolutionOutput(const Node& node, const Shape* x, const Shape* w);

} // namespace lapidary
