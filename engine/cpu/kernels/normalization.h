// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the factories of the normalization family, one file each; the rows are in normalization.cpp.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createBatchNormalization(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createGroupNormalization(const KernelRequest& request); // and Instance
Result<std::unique_ptr<Kernel>> createLayerNormalization(const KernelRequest& request); // and RMS
Result<std::unique_ptr<Kernel>> createLpNormalization(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createLrn(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createMeanVarianceNormalization(const KernelRequest& request);

} // namespace lapidary
