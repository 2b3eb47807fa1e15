// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the kernels of SVMClassifier and SVMRegressor; their rows are in ml_linear.cpp.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createSvmClassifier(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createSvmRegressor(const KernelRequest& request);

} // namespace lapidary
