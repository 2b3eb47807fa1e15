// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: runs the steps of one graph in order and frees every value after its last reader.
// Internal to engine/session.
#pragma once

#include "engine/session/session.h"

namespace lapidary {

struct Step {
    NodeId node = noNode;   // of the graph that runs
    NodeId origin = noNode; // of the graph of the file: for messages
    std::unique_ptr<Kernel> kernel;
};

class Executor {
public:
    // graph outlives the executor. constants are by ValueId: initializers and folded values.
    Executor(const Graph& graph, std::vector<Step> steps, std::unordered_map<ValueId, Value> constants);

    // inputs: the values of inputIds, which are inputs of the graph and values from around it; those
    // that are constants are passed over. Errors carry the node in their trail.
    Result<RunResult> run(std::span<const ValueId> inputIds, std::span<const Value> inputs,
                          const RunOptions& options, JobContext& job);
    const std::vector<Step>& steps() const { return m_steps; }

private:
    Status runStep(size_t index, Profile* profile, int64_t runStartNs, JobContext& job);
    void planReleases();
    void clearVariables();

    const Graph& m_graph;
    std::vector<Step> m_steps;
    std::vector<Value> m_values; // by ValueId; constants stay, the rest is filled by each run
    std::vector<bool> m_isConstant;
    std::vector<std::vector<ValueId>> m_releases; // by step: values that nobody reads after it
    std::vector<std::vector<const Value*>> m_stepInputs;
    std::vector<std::vector<const Value*>> m_stepCaptures;
    std::vector<Value> m_stepOutputs; // of the step under way
};

} // namespace lapidary
