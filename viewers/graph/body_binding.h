// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how values pass between a node and the graph inside it. Source: ONNX If, Loop, Scan,
// SequenceMap; local functions.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// The input of the node that an input of its body gets its value from (of a loop: its first value), or
// noValue.
ValueId boundInput(const Node& node, const Graph& body, size_t bodyInput);
// The output of the node that takes its value from an output of its body, or noValue.
ValueId boundOutput(const Node& node, const Graph& body, size_t bodyOutput);

} // namespace lapidary
