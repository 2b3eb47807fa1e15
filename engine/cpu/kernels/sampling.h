// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the kernels of the family sampling that have a file of their own.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// DeformConv-19/22 for float32 and float64, any number of spatial axes up to 8.
Result<std::unique_ptr<Kernel>> createDeformConv(const KernelRequest& request);

} // namespace lapidary
