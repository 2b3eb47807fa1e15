// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the kernels for text share. Their rows are in text.cpp.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// At creation: refuses an input 0 that is known to be no strings.
Status acceptStrings(const KernelRequest& request);
// At run time. Errors: InvalidModel (missing), UnsupportedOp (no strings).
Result<const Tensor*> stringInput(const KernelContext& context, size_t index);

Result<std::unique_ptr<Kernel>> createTfIdfVectorizer(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createTokenizer(const KernelRequest& request);

} // namespace lapidary
