// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a copy of a model in which one graph is another one. Internal to engine/edit.
#pragma once

#include "engine/ir/model.h"

#include <functional>

namespace lapidary {

// graph: of the model, of one of its functions, or a body inside a node of those; null: the model's own.
// change gets a copy of it, connected. Errors: of change; Internal when the model has no such graph.
Result<Model> changeGraph(const Model& model, const Graph* graph,
                          const std::function<Status(Graph&)>& change);

// The graph of the model or of a function that graph is in, or is.
const Graph& outermostGraph(const Model& model, const Graph* graph);

// Puts another graph in the place of each one inside the node.
using Body = std::shared_ptr<const Graph>;
void replaceBodies(Node& node, const std::function<Body(const Body&)>& other);

} // namespace lapidary
