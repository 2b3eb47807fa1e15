// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the arithmetic of sliding windows, once for inference and kernels of convolution and
// pooling. Source: ONNX Conv, ConvTranspose, MaxPool, AveragePool, LpPool (output shape formulas).
#pragma once

#include "engine/base/result.h"
#include "engine/ir/model.h"

namespace lapidary {

enum class AutoPad { NotSet, SameUpper, SameLower, Valid };

// The window along one spatial axis, as the attributes say it.
struct AxisWindow {
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t dilation = 1; // 1: the taps are neighbours
    int64_t padBegin = 0;
    int64_t padEnd = 0;
    int64_t outputPadding = 0; // ConvTranspose only

    // From the first tap to the last, both included.
    int64_t span() const { return (kernel - 1) * dilation + 1; }
};

struct Window {
    std::vector<AxisWindow> axes; // one for each spatial axis
    AutoPad autoPad = AutoPad::NotSet;
    bool ceilMode = false;
    Dims outputShape; // ConvTranspose's attribute; empty when absent
};

// One axis after placing the window on an input: sizes and paddings that really apply.
struct AxisPlacement {
    int64_t output = 0;
    int64_t padBegin = 0;
    int64_t padEnd = 0;
};

// Reads strides, dilations, pads, auto_pad, ceil_mode, output_padding and output_shape of a node whose
// window has the given size. Errors: ShapeMismatch (lists of the wrong length, a kernel, stride or
// dilation below 1, negative pads, sizes over 2^31).
Result<Window> readWindow(const Node& node, const Dims& kernel);

// Where the window of Conv or of a pooling lands on an axis of this size. Errors: ShapeMismatch when
// the padded input is smaller than the window.
Result<AxisPlacement> placeWindow(const Window& window, size_t axis, int64_t input);
// The same for ConvTranspose, where the output is the larger side. Errors: ShapeMismatch when pads
// leave no output.
Result<AxisPlacement> placeTransposed(const Window& window, size_t axis, int64_t input);

// The placements of all axes of an input [N, C, spatial...].
Result<std::vector<AxisPlacement>> placeAll(const Window& window, const Dims& input,
                                            decltype(placeWindow)* place = placeWindow);

// The size of an output axis when the input's may be a symbol: kept where the window keeps sizes.
Result<Dim> placeDim(const Window& window, size_t axis, const Dim& input,
                     decltype(placeWindow)* place = placeWindow);

} // namespace lapidary
