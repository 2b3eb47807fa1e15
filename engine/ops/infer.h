// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: inference functions that many operators share.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

// output 0: type and shape of input 0.
Status inferSameAsFirst(InferenceContext& context);
// output 0: type of input 0, shape of the broadcast of inputs 0 and 1; with the attribute broadcast of
// opset < 7 the shape of input 0.
Status inferBroadcast(InferenceContext& context);
// The same with bool as type.
Status inferBroadcastToBool(InferenceContext& context);

// The broadcast of those of the inputs that are there; nullopt when a rank is unknown.
Result<std::optional<Shape>> broadcastInputs(const InferenceContext& context,
                                             const std::vector<size_t>& inputs);
// Integer values of input 0, if known, become those of output 0.
void passInts(InferenceContext& context);
// Shape or rank unknown: nullopt; used with setOutput.
std::optional<Shape> shapeOf(const InferenceContext& context, size_t input);
// The type that an attribute such as "dtype" or "to" names; Undefined when absent or unknown.
DataType typeAttribute(const Node& node, std::string_view name, DataType fallback = DataType::Undefined);

} // namespace lapidary
