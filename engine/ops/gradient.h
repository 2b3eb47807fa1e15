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

// Of Gradient, and of two operators of ours that only graphs made here use: SumTo(g, like) undoes a
// broadcast; FillLike(like) is one value (attribute value) in the type of like and in its shape, or a
// scalar (attribute scalar). ONNX has such operators only in newer opsets than a model may import.
constexpr std::string_view trainingDomain = "ai.onnx.preview.training";

} // namespace lapidary
