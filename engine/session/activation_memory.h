// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the memory that the values of a graph need while its nodes run in the order of the file.
// A value lives from its producer to its last consumer; inputs from the start, outputs to the end.
// Each value has memory of its own: reuse in place by a kernel is not foreseen. Weights, and what is
// computed from weights alone, are not counted.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

struct ActivationMemory {
    // Alive while each node runs, what it reads and writes included, and, of nodes with graphs inside,
    // the peak in there. Empty for a graph without nodes.
    std::vector<uint64_t> bytesAtNode;
    uint64_t peakBytes = 0;
    NodeId peakNode = noNode;                               // the first one with the peak
    std::vector<std::pair<ValueId, uint64_t>> valuesAtPeak; // largest first
    int64_t uncountedValues = 0; // no fixed number of bytes: unknown shapes, sequences, strings
};

// types: of graph. depth: graphs around it. Errors: Cancelled only.
Result<ActivationMemory> activationMemory(const Model& model, const Graph& graph, const InferredTypes& types,
                                          const JobContext& job, int depth = 0);

} // namespace lapidary
