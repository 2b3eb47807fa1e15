// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the shapes of DFT and STFT, for inference and kernels.
// Source: ONNX DFT-17/20, STFT-17.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

struct DftRule {
    bool inverse = false;
    bool onesided = false;

    // One-sided and inverse: half a spectrum becomes a real signal.
    bool toReal() const { return inverse && onesided; }
    // Along the axis, for a transform of length points.
    int64_t outputSize(int64_t length) const { return onesided && !inverse ? length / 2 + 1 : length; }
};
DftRule dftRule(const Node& node);

// Points of the transform: what dft_length says, otherwise all of the axis (for toReal() the even length
// that has such a half). Errors: ShapeMismatch (no point, or too many).
Result<int64_t> dftLength(const DftRule& rule, int64_t axisSize, std::optional<int64_t> given);
// The axis as index; the last axis, of real and imaginary parts, is none. Errors: ShapeMismatch.
Result<int64_t> dftAxis(int64_t axis, int64_t rank);
// When the node does not say: 1 before opset 20, -2 since.
int64_t defaultDftAxis(int64_t opsetVersion);

// Errors: ShapeMismatch (steps or lengths below 1, a frame longer than the signal).
Result<int64_t> frameCount(int64_t signalLength, int64_t frameLength, int64_t frameStep);

} // namespace lapidary
