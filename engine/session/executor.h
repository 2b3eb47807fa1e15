// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: runs the steps of one graph in order and frees every value after its last reader.
// Internal to engine/session.
#pragma once

#include "engine/session/run_memory.h"
#include "engine/session/session.h"

namespace lapidary {

struct Step {
    NodeId node = noNode; // of the graph that runs
    std::string label;    // of the node of the file, for messages
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
    Status runSteps(const RunOptions& options, RunResult& result, JobContext& job);
    Status runStep(size_t index, Profile* profile, int64_t runStartNs, JobContext& job);
    void takeOutputs(const RunOptions& options, RunResult& result);
    void layOutSlots();
    void planReleases();
    void recordSharing(size_t index);
    void clearVariables();
    std::span<Value> stepOutputs(size_t index)
    {
        return std::span(m_slots).subspan(m_firstOutput[index],
                                          m_firstOutput[index + 1] - m_firstOutput[index]);
    }
    size_t slotOf(ValueId id) const { return m_slotOf[static_cast<size_t>(id)]; }
    const Value* valueAt(ValueId id) const;

    const Graph& m_graph;
    std::vector<Step> m_steps;
    // The values: outputs of the steps, in their order, then inputs and constants. Constants stay, the rest
    // is filled by each run. Never grows, so that pointers into it stay good.
    std::vector<Value> m_slots;
    std::vector<size_t> m_slotOf;                // by ValueId
    std::vector<ValueId> m_idOf;                 // by slot; noValue for an output without a name
    std::vector<size_t> m_firstOutput;           // by step, and where the last one's end
    std::vector<bool> m_isConstant;              // by slot
    std::vector<std::vector<size_t>> m_releases; // by step: slots that nobody reads after it
    std::vector<std::vector<const Value*>> m_stepInputs;
    std::vector<std::vector<const Value*>> m_stepCaptures;
    std::vector<std::vector<uint8_t>> m_dying; // by step and input: see StepMemory
    std::vector<uint8_t> m_movable;            // by output of the graph: its slot may be emptied
    RunMemory m_memory;
};

} // namespace lapidary
