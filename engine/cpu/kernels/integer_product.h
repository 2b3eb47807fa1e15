// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: MatMulInteger and ConvInteger, the exact 8-bit products inside of every quantized product.
// Inputs: a (x), b (w), and perhaps their zero points; output int32, whose sums wrap around.
// Source: ONNX MatMulInteger-10, ConvInteger-10.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// On oneDNN's 8-bit arithmetic. Errors: UnsupportedOp where the processor's sums are not exact, or weights of
// a convolution not constant.
Result<std::unique_ptr<Kernel>> createOneDnnMatMulInteger(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createOneDnnConvInteger(const KernelRequest& request);
// The same for sums that are turned into float32 anyway: those beyond 2^24 may be rounded.
Result<std::unique_ptr<Kernel>> createOneDnnConvSums(const KernelRequest& request);
// On oneDNN's float32 convolution. Errors: UnsupportedOp where it is not exact for the weights.
Result<std::unique_ptr<Kernel>> createFloatConvInteger(const KernelRequest& request);

Result<std::unique_ptr<Kernel>> createPlainMatMulInteger(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createPlainConvInteger(const KernelRequest& request);

} // namespace lapidary
