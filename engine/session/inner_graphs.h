// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the graphs that a node runs, with their types: bodies of If, Loop and Scan, and the body of
// a function of the model, which has other types in every call.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

struct InnerGraph {
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const InferredTypes> types;
};

struct InnerGraphs {
    bool isCall = false; // of a function of the model; otherwise bodies in the order of Node::bodies
    std::vector<InnerGraph> graphs;
    bool isComplete = true; // false: some types are not known; its graph is left out
};

// False when the calls of the model's functions grow beyond what can be gone through.
bool looksInside(const Model& model);
// types: of the graph that holds the node; depth: graphs around that one. Nothing for a plain node.
InnerGraphs innerGraphs(const Model& model, const Node& node, const InferredTypes& types, int depth,
                        const JobContext& job);

// How often a Loop or Scan runs its body, when that stands in the model; 1 for other nodes.
std::optional<double> bodyRuns(const Graph& graph, const Node& node, const InferredTypes& types);

} // namespace lapidary
