// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a convolution in oneDNN's terms, for float32 and for bytes.
#pragma once

#include "engine/cpu/onednn.h"
#include "engine/ops/convolution.h"

namespace lapidary {

onednn::WindowAttributes windowAttributes(const ConvolutionShape& shape);
// Dims of the weights: [O, I, kernel...], with groups [G, O / G, I / G, kernel...].
Dims weightDims(const ConvolutionShape& shape);

} // namespace lapidary
