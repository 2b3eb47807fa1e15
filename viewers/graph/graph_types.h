// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: inferred types of graphs inside a model, found by graph.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

using TypesByGraph = std::unordered_map<const Graph*, const InferredTypes*>;

// types: of the model; must outlive the result. The model's own graph is among them.
TypesByGraph typesByGraph(const Model& model, const InferredTypes& types);

// Of one graph; null when they are not known. types: may be null.
const InferredTypes* typesIn(const Model& model, const InferredTypes* types, const Graph& graph);

// As inferred, else as the file says. types: of the graph; may be null, or of less than the graph has.
const TypeInfo& typeOf(const Graph& graph, const InferredTypes* types, ValueId id);

} // namespace lapidary
