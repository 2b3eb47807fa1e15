// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: QLinearConv around a kernel of ConvInteger. Source: ONNX QLinearConv-10, com.microsoft
// QLinearConv-1.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// createProduct: of ConvInteger.
Result<std::unique_ptr<Kernel>> createQLinearConv(const KernelRequest& request, KernelFactory createProduct);

} // namespace lapidary
