// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the factories of the normalization family, one file each; the rows are in normalization.cpp.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createBatchNormalization(const KernelRequest& request);

} // namespace lapidary
