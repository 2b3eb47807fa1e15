// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the plain C++ poolings, which also serve the oneDNN kernels for the shapes that the library
// does not take.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/ops/pooling.h"

namespace lapidary {

// float32, float64; MaxPool int8 and uint8 too. Errors: UnsupportedOp for other types.
Result<std::unique_ptr<Kernel>> createPlainMaxPool(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createPlainAveragePool(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createPlainLpPool(const KernelRequest& request);

// GlobalMaxPool, GlobalAveragePool and GlobalLpPool: float32, float64.
Result<std::unique_ptr<Kernel>> createGlobalPool(const KernelRequest& request);
// GlobalMaxPool and GlobalAveragePool of rewrittenDomain: float32.
Result<std::unique_ptr<Kernel>> createGlobalPoolChannelsLast(const KernelRequest& request);

} // namespace lapidary
