// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: inferred types of graphs inside a model, found by graph.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

using TypesByGraph = std::unordered_map<const Graph*, const InferredTypes*>;

// types: of the model; must outlive the result. The model's own graph is among them.
TypesByGraph typesByGraph(const Model& model, const InferredTypes& types);

} // namespace lapidary
