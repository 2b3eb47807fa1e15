// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what BatchNormalization means in each of its versions, for inference and every kernel.
// Source: ONNX BatchNormalization-1/6/7/9/14/15.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

// The input seen as [batch, channels, inner]; statistics are one for each channel.
struct BatchNormalizationShape {
    int64_t batch = 1;
    int64_t channels = 1;
    int64_t inner = 1;
    Dims parameters; // of scale, bias, mean and variance
};

// spatial 0 (versions 1 to 8): every position of a sample has statistics of its own.
// Errors: ShapeMismatch.
Result<BatchNormalizationShape> batchNormalizationShape(const Node& node, const Dims& x);

// Whether statistics come from the batch: attribute training_mode since 14; before, the connected
// outputs say it (is_test and the outputs of versions 1 to 13).
bool isTraining(const Node& node, int64_t opsetVersion);

} // namespace lapidary
