// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which node of one graph is which node of another one.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"

namespace lapidary {

struct NodeMatching {
    std::vector<NodeId> afterOf;  // by node of the first graph; noNode: it has none
    std::vector<NodeId> beforeOf; // by node of the second graph
};

// Each node is matched at most once, and only with one of the same operator. Names are not trusted alone:
// exporters number nodes anew. The same input gives the same matching. Errors: Cancelled.
Result<NodeMatching> matchNodes(const Graph& before, const Graph& after, JobContext& job);

// Position of a value among the outputs of its producer, which it must have.
size_t outputIndex(const Graph& graph, ValueId value);

} // namespace lapidary
