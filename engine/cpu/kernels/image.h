// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the kernels of the family image that have a file of their own.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// ImageDecoder-20: BMP, JPEG, JPEG 2000, PNM, PNG, TIFF, WebP.
Result<std::unique_ptr<Kernel>> createImageDecoder(const KernelRequest& request);

} // namespace lapidary
