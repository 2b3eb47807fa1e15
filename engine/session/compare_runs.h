// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how far apart the results of matched nodes are when two models run on the same inputs: where a
// quantized, converted or rewritten model begins to differ from the one that it was made of.
#pragma once

#include "engine/diff/match_nodes.h"
#include "engine/session/session.h"

namespace lapidary {

struct NodeError {
    NodeId before = noNode;
    NodeId after = noNode;
    // Of the result that differs most: |after - before| / |before|, Euclidean. Infinity: another shape, or
    // infinite or NaN in one of them only.
    double relative = 0;
    double maxAbsolute = 0; // largest difference of two finite elements
};

// What to.run() takes, of the values that from.run() takes: by name, or by place when no name is the same.
// Errors: InvalidArgument (an input that the other model has not).
Result<std::vector<Value>> inputsOfOther(const Session& to, const Session& from,
                                         std::span<const Value> inputs);

// The sessions run without passes: results of all nodes are compared. inputs: what after.run() takes; the
// other model gets them by inputsOfOther(). Results that are no tensors of numbers are left out, like nodes
// without a partner; nodes in the order of the second model. Runs each model once, or more often when the
// results would need more than keptBytes (as far as their shapes are known). Errors: of inputsOfOther, and of
// Session::run with the model's name in the trail.
Result<std::vector<NodeError>> compareRuns(Session& before, Session& after, const NodeMatching& matching,
                                           std::span<const Value> inputs, JobContext& job,
                                           uint64_t keptBytes = uint64_t{1} << 30);

} // namespace lapidary
