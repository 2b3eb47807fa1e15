// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: every kernel of the CPU backend, one line for each operator family. Rows of an operator
// are tried in order, so inside a family the fastest row comes first and plain C++ last.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

std::span<const std::span<const KernelRow>> cpuKernelTable();

} // namespace lapidary
