// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: inference of an operator that behaves like another one.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

// Sets outputs as the operator (of ai.onnx, unless domain says another one) would for the same
// attributes. inputs: which inputs of the node are its inputs 0, 1, ...; empty: all of them. Unknown
// operators set nothing.
Status inferAs(InferenceContext& context, std::string_view opType, int64_t opset,
               const std::vector<size_t>& inputs = {}, const std::vector<Attribute>& more = {},
               std::string_view domain = {});

} // namespace lapidary
