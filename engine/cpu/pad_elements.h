// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the elements of Pad. Source: ONNX Pad-19: constant, reflect, edge, wrap.
#pragma once

#include "engine/ir/tensor.h"
#include "engine/ops/pad_widths.h"

namespace lapidary {

enum class PadMode { Constant, Reflect, Edge, Wrap };

std::optional<PadMode> padModeFromName(std::string_view name);

// x into y, which has x's type and paddedShape(x, widths). fill: the element for PadMode::Constant, of
// x's type; empty() means zero (an empty string, false). Errors: ShapeMismatch (nothing to reflect).
Status padElements(const Tensor& x, Tensor& y, const std::vector<PadWidth>& widths, PadMode mode,
                   const Tensor& fill);

} // namespace lapidary
