// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: kernels of the einsum family that have a file of their own.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// float32, float64. y[...] = determinant of x[..., n, n], computed in double.
Result<std::unique_ptr<Kernel>> createDeterminant(const KernelRequest& request);

} // namespace lapidary
