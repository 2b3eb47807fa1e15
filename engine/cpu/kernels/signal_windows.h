// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: kernels that make the small tables of signal processing; computed in double, given as the
// type that attribute output_datatype names.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createHannWindow(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createHammingWindow(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createBlackmanWindow(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createMelWeightMatrix(const KernelRequest& request);

} // namespace lapidary
