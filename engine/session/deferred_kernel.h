// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: kernels for nodes whose input types nobody knows before the run (inside loops over
// sequences, behind operators of other domains, ...): the kernel is made when the node first runs.
// Internal to engine/session.
#pragma once

#include "engine/backend/backend.h"
#include "engine/session/session.h"

namespace lapidary {

// The kernel of the device, or of the CPU where the device refuses; placement says which and why.
Result<std::unique_ptr<Kernel>> createOnDevice(const KernelRequest& request, const Backend& device,
                                               NodePlacement& placement);

// Some connected input has no known data type.
bool hasUnknownType(const KernelRequest& request);
// Some row of the device's table has the operator in this version, whatever the types.
bool servesOperator(const Backend& device, const KernelRequest& request);

// What request points to must outlive the kernel. Its run fails with UnsupportedOp when no row takes
// the types that come.
std::unique_ptr<Kernel> deferKernel(KernelRequest request, const Backend& device);

} // namespace lapidary
