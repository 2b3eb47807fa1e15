// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two models drawn as one: the second one, and what of the first one is no longer there.
#pragma once

#include "engine/diff/graph_diff.h"

namespace lapidary {

enum class NodeStatus : uint8_t { Same, Changed, Added, Removed };

struct MergedModel {
    std::shared_ptr<const Model> model; // only for looking at; the graph is no longer valid ONNX
    std::vector<NodeStatus> status;     // by node of its graph
    // By node of its graph: where it comes from; noNode: it is not in that model.
    std::vector<NodeId> before;
    std::vector<NodeId> after;
    std::vector<const NodeChange*> changes; // by node; null unless changed
};

// Removed nodes read the results of the second model where those correspond to what they read, and stand
// where they stood in the order of nodes. diff must outlive the result.
MergedModel mergeModels(const Model& before, const Model& after, const GraphDiff& diff);

} // namespace lapidary
