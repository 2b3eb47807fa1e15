// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the factories of the microsoft family by file; the rows are in microsoft.cpp.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// microsoft_matrices.cpp
Result<std::unique_ptr<Kernel>> createInverse(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createCDist(const KernelRequest& request);
// microsoft_crop.cpp
Result<std::unique_ptr<Kernel>> createCropAndResize(const KernelRequest& request);
// microsoft_tokens.cpp
Result<std::unique_ptr<Kernel>> createMurmurHash(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createNGramRepeatBlock(const KernelRequest& request);
// microsoft_position_bias.cpp
Result<std::unique_ptr<Kernel>> createRelativePositionBias(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createGatedRelativePositionBias(const KernelRequest& request);

} // namespace lapidary
