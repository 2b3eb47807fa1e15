// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what is different between two graphs: nodes added, removed, or changed in attributes, weights
// or wiring.
#pragma once

#include "engine/diff/content.h"
#include "engine/diff/match_nodes.h"

namespace lapidary {

struct AttributeChange {
    std::string name;
    const Attribute* before = nullptr; // of the graphs; null: absent
    const Attribute* after = nullptr;
};

struct WeightChange {
    size_t input = 0;         // of the node
    ValueId before = noValue; // noValue: no weight there
    ValueId after = noValue;
    // Only for two weights of one shape; else type or shape are other ones.
    std::optional<TensorDifference> difference;
    std::optional<Error> unread; // a weight that could not be read was not compared
};

struct NodeChange {
    NodeId before = noNode;
    NodeId after = noNode;
    std::vector<AttributeChange> attributes;
    std::vector<WeightChange> weights;
    bool rewired = false; // reads other results
};

struct GraphDiff {
    NodeMatching matching;
    std::vector<NodeChange>
        changes;      // of matched nodes that are not the same, in the order of the second graph
    int64_t same = 0; // nodes
    int64_t added = 0;
    int64_t removed = 0;

    bool empty() const { return changes.empty() && added == 0 && removed == 0; }
};

struct DiffOptions {
    bool weights = true; // compare the elements of weights, which means reading them
};

// Both graphs must outlive the result. Errors: Cancelled.
Result<GraphDiff> diffGraphs(const Graph& before, const Graph& after, const DiffOptions& options,
                             JobContext& job);

} // namespace lapidary
