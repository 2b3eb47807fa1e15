// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a graph made ready to run: constants folded, passes run, a kernel for every node. Serves the main
// graph, the graphs inside nodes and the calls of the model's functions alike. Internal to engine/session.
#pragma once

#include "engine/backend/backend.h"
#include "engine/ops/inference.h"
#include "engine/passes/pass_table.h"
#include "engine/session/executor.h"

namespace lapidary {

// Where nodes run, for all graphs of a session. Lives as long as the session.
struct CompileTarget {
    const Backend* device = nullptr;
    Precision precision = Precision::Float32;
    PassSelection passes;
    std::map<std::string, int64_t> dims; // sizes of named dimensions
};

struct CompiledGraph {
    std::shared_ptr<const Graph> rewritten; // by the passes; null where they left the graph as it is
    std::unique_ptr<Executor> executor;
    std::vector<NodePlacement> placements; // in the order of the nodes of the file
    std::vector<TypeInfo> outputTypes;     // as inferred
    // By node of the graph that runs: the node of the file, and whether it only turns tensors for it.
    std::vector<NodeId> origins;
    std::vector<bool> isAdded;
    std::vector<PassReport> passes;
};

// graph, the model and the opsets of environment, and target outlive the result. inputs: what is known
// of the graph's inputs in every run, or fewer. Captured values that are constant become constants of
// the executor; the rest is fed in each run. Errors: UnsupportedOp (names every node that cannot run
// and why), InvalidModel, OutOfMemory, Cancelled.
Result<CompiledGraph> compileGraph(const Graph& graph, const GraphEnvironment& environment,
                                   std::span<const KnownValue> inputs, const CompileTarget& target,
                                   JobContext& job);

} // namespace lapidary
