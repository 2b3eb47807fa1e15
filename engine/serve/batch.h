// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the inputs of several callers as those of one run, and its outputs as theirs: along the first
// axis.
#pragma once

#include "engine/ir/value.h"

#include <optional>
#include <span>
#include <vector>

namespace lapidary::serve {

// Whether such a value may hold a batch: a tensor whose first dimension is not fixed, or who knows what.
bool isBatchable(const TypeInfo& type);

// The length of the first axis when all inputs are tensors that have the same one; 0: they cannot be joined.
int64_t rowsOf(std::span<const Value> inputs);
// Same types, and same sizes but for the first axis. Both have rows.
bool areJoinable(std::span<const Value> a, std::span<const Value> b);
// inputs: of callers, at least one, joinable. Errors: OutOfMemory.
Result<std::vector<Value>> joinInputs(std::span<const std::vector<Value>> callers);
// For each caller his rows of each output; they look into the joint tensors. Empty when an output is no
// tensor with as many rows as the callers have together.
std::optional<std::vector<std::vector<Value>>> splitOutputs(std::span<const Value> outputs,
                                                            std::span<const int64_t> rows);

} // namespace lapidary::serve
