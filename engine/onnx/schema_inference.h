// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: libonnx's shape inference as the fallback for operators without an inference of ours.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

// Does nothing where libonnx does not know the operator at that opset, or for operators with bodies.
// Errors: ShapeMismatch with libonnx's own words. Thread safe.
Status inferWithSchema(InferenceContext& context);

} // namespace lapidary
