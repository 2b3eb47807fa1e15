// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/normalization.h"

#include "engine/cpu/kernels/families.h"

namespace lapidary {

namespace {

constexpr KernelRow rows[] = {
    {"", "BatchNormalization", 1, newestOpset, "plain", createBatchNormalization},
    {"", "InstanceNormalization", 1, newestOpset, "plain", createGroupNormalization},
    {"", "GroupNormalization", 18, newestOpset, "plain", createGroupNormalization},
    {"", "LayerNormalization", 1, newestOpset, "plain", createLayerNormalization},
    {"com.microsoft", "LayerNormalization", 1, newestOpset, "plain", createLayerNormalization},
    {"lapidary", "LayerNormalization", 1, newestOpset, "plain", createLayerNormalization},
    {"", "SimplifiedLayerNormalization", 1, newestOpset, "plain", createLayerNormalization},
    {"com.microsoft", "SimplifiedLayerNormalization", 1, newestOpset, "plain", createLayerNormalization},
    {"", "RMSNormalization", 23, newestOpset, "plain", createLayerNormalization},
    {"", "LRN", 1, newestOpset, "plain", createLrn},
    {"", "MeanVarianceNormalization", 9, newestOpset, "plain", createMeanVarianceNormalization},
    {"", "LpNormalization", 1, newestOpset, "plain", createLpNormalization},
};

} // namespace

std::span<const KernelRow> normalizationKernels() { return rows; }

} // namespace lapidary
