// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/executor.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lapidary {

namespace {

int64_t nowNs()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

uint64_t valueBytes(const Value& value)
{
    const Tensor* tensor = value.tensor();
    return tensor ? tensor->sizeBytes() : 0;
}

const Value absent;

} // namespace

Executor::Executor(const Graph& graph, std::vector<Step> steps, std::unordered_map<ValueId, Value> constants)
    : m_graph(graph), m_steps(std::move(steps))
{
    layOutSlots();
    for (auto& [id, value] : constants) {
        m_slots[slotOf(id)] = std::move(value);
        m_isConstant[slotOf(id)] = true;
    }
    const auto pointers = [this](const std::vector<ValueId>& ids) {
        std::vector<const Value*> values(ids.size());
        std::transform(ids.begin(), ids.end(), values.begin(), [this](ValueId id) { return valueAt(id); });
        return values;
    };
    for (const Step& step : m_steps) {
        m_stepInputs.push_back(pointers(m_graph.node(step.node).inputs));
        m_stepCaptures.push_back(pointers(m_graph.node(step.node).captures));
    }
    planReleases();
}

const Value* Executor::valueAt(ValueId id) const { return id == noValue ? &absent : &m_slots[slotOf(id)]; }

void Executor::layOutSlots()
{
    constexpr size_t unset = ~size_t{0};
    m_slotOf.assign(m_graph.values.size(), unset);
    for (const Step& step : m_steps) {
        m_firstOutput.push_back(m_idOf.size());
        for (const ValueId id : m_graph.node(step.node).outputs) {
            if (id != noValue)
                m_slotOf[static_cast<size_t>(id)] = m_idOf.size();
            m_idOf.push_back(id);
        }
    }
    m_firstOutput.push_back(m_idOf.size());
    for (size_t id = 0; id < m_slotOf.size(); ++id) {
        if (m_slotOf[id] != unset)
            continue;
        m_slotOf[id] = m_idOf.size();
        m_idOf.push_back(static_cast<ValueId>(id));
    }
    m_slots.resize(m_idOf.size());
    m_isConstant.resize(m_idOf.size());
}

void Executor::planReleases()
{
    const size_t madeCount = m_firstOutput.back();
    constexpr size_t never = ~size_t{0};
    std::vector<size_t> lastReader(m_slots.size(), never);
    std::vector<SlotLife> lives(madeCount);
    for (size_t index = 0; index < m_steps.size(); ++index) {
        const Node& node = m_graph.node(m_steps[index].node);
        for (size_t slot = m_firstOutput[index]; slot < m_firstOutput[index + 1]; ++slot) {
            lives[slot].step = index;
            lastReader[slot] = index;
        }
        for (const auto* ids : {&node.inputs, &node.captures}) {
            for (const ValueId id : *ids) {
                if (id != noValue)
                    lastReader[slotOf(id)] = index;
            }
        }
    }
    std::vector<bool> leaves(m_slots.size());
    for (size_t slot = 0; slot < m_slots.size(); ++slot)
        leaves[slot] = m_idOf[slot] != noValue && m_graph.value(m_idOf[slot]).isOutput;
    for (const ValueId id : m_graph.outputs)
        leaves[slotOf(id)] = true;
    m_releases.resize(m_steps.size());
    for (size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (slot < madeCount) {
            lives[slot].lastStep = lastReader[slot];
            lives[slot].leaves = leaves[slot];
        }
        if (lastReader[slot] != never && !m_isConstant[slot] && !leaves[slot])
            m_releases[lastReader[slot]].push_back(slot);
    }
    for (size_t index = 0; index < m_steps.size(); ++index) {
        const Node& node = m_graph.node(m_steps[index].node);
        std::vector<uint8_t>& dying = m_dying.emplace_back();
        for (const ValueId id : node.inputs) {
            const auto times = std::count(node.inputs.begin(), node.inputs.end(), id) +
                               std::count(node.captures.begin(), node.captures.end(), id);
            dying.push_back(id != noValue && slotOf(id) < madeCount && !leaves[slotOf(id)] &&
                            lastReader[slotOf(id)] == index && times == 1);
        }
    }
    for (size_t i = 0; i < m_graph.outputs.size(); ++i) {
        const auto later = m_graph.outputs.begin() + static_cast<ptrdiff_t>(i) + 1;
        m_movable.push_back(!m_isConstant[slotOf(m_graph.outputs[i])] &&
                            std::find(later, m_graph.outputs.end(), m_graph.outputs[i]) ==
                                m_graph.outputs.end());
    }
    m_memory = RunMemory(std::move(lives), m_steps.size());
}

void Executor::clearVariables()
{
    for (size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (m_isConstant[slot])
            continue;
        if (Tensor* tensor = m_slots[slot].tensor())
            tensor->clear(); // what comes next finds room for its dims
        else
            m_slots[slot] = {};
    }
}

Result<RunResult> Executor::run(std::span<const ValueId> inputIds, std::span<const Value> inputs,
                                const RunOptions& options, JobContext& job)
{
    RunResult result;
    for (size_t i = 0; i < inputIds.size(); ++i) {
        if (!m_isConstant[slotOf(inputIds[i])])
            m_slots[slotOf(inputIds[i])] = inputs[i];
    }
    // Kept values leave the run: nothing may lie in memory that is used again.
    if (options.keep.empty())
        m_memory.begin(inputs);
    else
        m_memory.beginWithoutPlan();
    const Status status = runSteps(options, result, job);
    if (status.ok())
        takeOutputs(options, result);
    clearVariables();
    m_memory.end(status.ok());
    if (!status.ok())
        return status.error();
    return result;
}

Status Executor::runSteps(const RunOptions& options, RunResult& result, JobContext& job)
{
    const int64_t startNs = nowNs();
    for (size_t index = 0; index < m_steps.size(); ++index) {
        if (job.stopRequested())
            return cancelled();
        if (job.reportDue())
            job.report(static_cast<double>(index) / static_cast<double>(m_steps.size()),
                       m_steps[index].label);
        if (auto status = runStep(index, options.profile ? &result.profile : nullptr, startNs, job);
            !status.ok()) {
            Error error = std::move(status).error();
            return error.code == ErrorCode::Cancelled ? error
                                                      : std::move(error).at("node " + m_steps[index].label);
        }
        for (const size_t released : m_releases[index]) {
            Value& value = m_slots[released];
            if (!options.keep.empty() && options.keep.contains(m_idOf[released]))
                result.intermediates[m_idOf[released]] = value;
            if (Tensor* tensor = value.tensor())
                tensor->clear();
            else
                value = {};
        }
        m_memory.endStep(index);
    }
    result.profile.totalNs = nowNs() - startNs;
    return {};
}

void Executor::takeOutputs(const RunOptions& options, RunResult& result)
{
    result.outputs.reserve(m_graph.outputs.size());
    for (size_t i = 0; i < m_graph.outputs.size(); ++i) {
        const ValueId id = m_graph.outputs[i];
        if (!options.keep.empty() && options.keep.contains(id))
            result.intermediates[id] = m_slots[slotOf(id)];
        result.outputs.push_back(m_movable[i] ? std::exchange(m_slots[slotOf(id)], {}) : m_slots[slotOf(id)]);
    }
}

Status Executor::runStep(size_t index, Profile* profile, int64_t runStartNs, JobContext& job)
{
    Step& step = m_steps[index];
    const std::span<Value> outputs = stepOutputs(index);
    KernelContext context(m_stepInputs[index], outputs, job, m_stepCaptures[index],
                          m_memory.forStep(m_firstOutput[index], outputs.size(), m_dying[index]));

    const int64_t startNs = profile ? nowNs() : 0;
    TRY(step.kernel->run(context));
    if (profile) {
        NodeTiming& timing = profile->nodes.emplace_back();
        timing.node = step.node;
        timing.startNs = startNs - runStartNs;
        timing.durationNs = nowNs() - startNs;
        timing.implementation = step.kernel->implementation();
        for (const Value* input : m_stepInputs[index])
            timing.bytes += valueBytes(*input);
        for (const Value& output : outputs)
            timing.bytes += valueBytes(output);
    }
    for (Value& output : outputs) {
        if (output.isTensor() && output.tensor()->empty())
            output = {}; // room for a tensor that the kernel did not make
    }
    if (m_memory.records())
        recordSharing(index);
    return {};
}

// Which outputs of the step are views of what steps made before.
void Executor::recordSharing(size_t index)
{
    const Node& node = m_graph.node(m_steps[index].node);
    for (size_t slot = m_firstOutput[index]; slot < m_firstOutput[index + 1]; ++slot) {
        const Tensor* output = m_slots[slot].tensor();
        if (!output || !output->owner())
            continue;
        for (const auto* ids : {&node.inputs, &node.captures}) {
            for (const ValueId id : *ids) {
                const Tensor* input = valueAt(id)->tensor();
                if (input && slotOf(id) < m_firstOutput.back() &&
                    !input->owner().owner_before(output->owner()) &&
                    !output->owner().owner_before(input->owner()))
                    m_memory.share(slot, slotOf(id));
            }
        }
    }
}

} // namespace lapidary
