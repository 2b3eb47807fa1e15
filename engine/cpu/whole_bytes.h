// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: lets kernels that move elements take 2 and 4 bit types, which share bytes: one element per
// byte goes in, and what comes out is packed again.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createForWholeBytes(const KernelRequest& request, KernelFactory create);

// The same as a KernelFactory, for kernel rows.
template <KernelFactory create>
Result<std::unique_ptr<Kernel>> forWholeBytes(const KernelRequest& request)
{
    return createForWholeBytes(request, create);
}

} // namespace lapidary
