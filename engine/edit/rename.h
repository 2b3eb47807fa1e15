// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: other names for nodes and values. The model given is left as it is.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// graph: where the node or value is, as in Selection; null: the model's own graph.
// An empty name is allowed for a node. Errors: InvalidArgument (the name is taken).
Result<Model> renameNode(const Model& model, const Graph* graph, NodeId node, const std::string& name);

// Follows the value into bodies that read it and into quantization annotations. Errors: InvalidArgument
// (empty, or taken: names of values are unique over a graph and its bodies; a value of the graph around the
// body, which has to be renamed there).
Result<Model> renameValue(const Model& model, const Graph* graph, ValueId value, const std::string& name);

} // namespace lapidary
