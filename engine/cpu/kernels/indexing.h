// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: kernels of the indexing family that have files of their own.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// indexing_scatter.cpp
Result<std::unique_ptr<Kernel>> createScatterElements(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createScatterNd(const KernelRequest& request);
// indexing_order.cpp
Result<std::unique_ptr<Kernel>> createTopK(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createUnique(const KernelRequest& request);

} // namespace lapidary
