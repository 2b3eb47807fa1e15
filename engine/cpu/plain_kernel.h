// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a kernel that is one function, for operators that need no state between runs beyond the
// node's attributes, which the function holds.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

using KernelFunction = std::function<Status(KernelContext&)>;

std::unique_ptr<Kernel> plainKernel(KernelFunction run, std::string implementation = "plain");

// Error ShapeMismatch when the node has fewer inputs at run time: files may leave out required ones.
Status requireInputs(const KernelContext& context, size_t count);

} // namespace lapidary
