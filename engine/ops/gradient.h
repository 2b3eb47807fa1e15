// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the graph that a Gradient node runs: the part of the model between xs and y, and behind it,
// node by node from the end, the chain rule. Source: ai.onnx.preview.training Gradient-1.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// A graph with the inputs of the node (xs, then zs) and one output for each x: dy/dx, with y's elements
// summed. Initializers that the part reads are in it.
// Errors: InvalidModel (a name that outer does not have; a value that depends on inputs other than xs
// and zs), UnsupportedOp (an operator without a rule, by node).
Result<Graph> gradientGraph(const Graph& outer, const Node& gradient);

// Of Gradient, and of SumTo(g, like), which undoes a broadcast: ours, only graphs made here use it.
constexpr std::string_view trainingDomain = "ai.onnx.preview.training";

} // namespace lapidary
