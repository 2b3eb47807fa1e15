// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what kernels with graphs inside share: Loop, Scan, SequenceMap, FlexAttention, ...
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// The graph of an attribute, ready to run. Errors: UnsupportedOp (no session that could run it, or
// nodes inside that cannot run), InvalidModel.
Result<std::unique_ptr<Body>> compileBody(const KernelRequest& request, std::string_view attribute,
                                          std::span<const TypeInfo> inputTypes);

// values become the node's outputs, as many as it wants.
Status setOutputs(KernelContext& context, std::vector<Value> values);

// Appends each value to the list of its number. Errors: ShapeMismatch (no tensor).
Status keepTensors(std::span<Value> values, std::span<std::vector<Tensor>> lists);

// parts along a new axis; without parts an empty tensor of the type that the body promises, with 0 for
// sizes that it does not know. axis may be negative. Errors: ShapeMismatch (parts differ, axis).
Result<Tensor> stackOrEmpty(std::span<const Tensor> parts, int64_t axis, const TypeInfo& promised);

Result<std::unique_ptr<Kernel>> createScan(const KernelRequest& request);

} // namespace lapidary
