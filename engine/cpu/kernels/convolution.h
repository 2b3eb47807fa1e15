// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the plain C++ convolutions, which also serve the oneDNN kernels for the shapes that the
// library does not take (empty tensors, four spatial axes, ...).
#pragma once

#include "engine/backend/kernel.h"
#include "engine/ops/convolution.h"

namespace lapidary {

// float32, float64, or uint32 (integer convolutions: sums wrap around). Errors: UnsupportedOp for other
// types.
Result<std::unique_ptr<Kernel>> createPlainConvolution(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createPlainTransposedConvolution(const KernelRequest& request);

// The shapes of a run's inputs x, w, b, checked. All three must have the type given.
Result<ConvolutionShape> shapeOfRun(const Node& node, const KernelContext& context, DataType type,
                                    bool transposed);

} // namespace lapidary
