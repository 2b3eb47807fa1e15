// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a function that the model defines itself, as the graph that one call of it runs.
// Source: FunctionProto and AttributeProto.ref_attr_name (onnx.proto, ONNX 1.23).
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// References to the function's attributes, also those in graphs inside its nodes, become the call's
// attributes or the function's defaults, or disappear where there is neither. Inputs that the call
// leaves out are unconnected inside too, so that operators see optional inputs as absent.
Graph functionBody(const Function& function, const Node& call);

// Nodes of the model when every call is replaced by the body that it runs; bodies inside nodes count.
// Infinite when a function calls itself, which ONNX forbids.
double expandedNodeCount(const Model& model);
// More than this is refused: calls of calls multiply, and a small file could ask for all memory.
constexpr double largestExpandedNodeCount = 2e6;

} // namespace lapidary
