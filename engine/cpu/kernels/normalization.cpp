// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/normalization.h"

#include "engine/cpu/kernels/families.h"

namespace lapidary {

namespace {

constexpr KernelRow rows[] = {
    {"", "BatchNormalization", 1, newestOpset, "plain", createBatchNormalization},
};

} // namespace

std::span<const KernelRow> normalizationKernels()
{
    return rows;
}

} // namespace lapidary
