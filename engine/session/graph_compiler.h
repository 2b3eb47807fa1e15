// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a graph made ready to run: constants folded, a kernel for every node. Serves the main graph,
// the graphs inside nodes and the calls of the model's functions alike. Internal to engine/session.
#pragma once

#include "engine/backend/backend.h"
#include "engine/ops/inference.h"
#include "engine/session/executor.h"

namespace lapidary {

// Where nodes run, for all graphs of a session. Lives as long as the session.
struct CompileTarget {
    const Backend* device = nullptr;
    Precision precision = Precision::Float32;
    std::map<std::string, int64_t> dims; // sizes of named dimensions
};

struct CompiledGraph {
    std::unique_ptr<Executor> executor;
    std::vector<NodePlacement> placements; // in the order of the graph's nodes
    std::vector<TypeInfo> outputTypes;     // as inferred
};

// graph, the model and the opsets of environment, and target outlive the result. inputs: what is known
// of the graph's inputs in every run, or fewer. Captured values that are constant become constants of
// the executor; the rest is fed in each run. Errors: UnsupportedOp (names every node that cannot run
// and why), InvalidModel, OutOfMemory, Cancelled.
Result<CompiledGraph> compileGraph(const Graph& graph, const GraphEnvironment& environment,
                                   std::span<const KnownValue> inputs, const CompileTarget& target,
                                   JobContext& job);

} // namespace lapidary
