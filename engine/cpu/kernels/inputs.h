// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what every kernel checks of its inputs before it touches memory.
#pragma once

#include "engine/backend/kernel.h"

#include <initializer_list>

namespace lapidary {

// Each of the inputs is there, is a tensor and has this type. Errors: ShapeMismatch.
Status requireTensors(const KernelContext& context, std::initializer_list<size_t> inputs, DataType type);

// The input is there and is a tensor. Errors: ShapeMismatch.
Status requireTensor(const KernelContext& context, size_t index);
// The input as a sequence. Errors: ShapeMismatch (left out, of another kind).
Result<const Sequence*> sequenceInput(const KernelContext& context, size_t index);

// Why a kernel does not take the type of the node's first input (UnsupportedOp).
Error refuseType(const KernelRequest& request);

} // namespace lapidary
