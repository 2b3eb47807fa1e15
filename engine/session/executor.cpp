// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/executor.h"

#include <algorithm>
#include <chrono>

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
    : m_graph(graph),
      m_steps(std::move(steps)),
      m_values(graph.values.size()),
      m_isConstant(graph.values.size())
{
    for (auto& [id, value] : constants) {
        m_values[static_cast<size_t>(id)] = std::move(value);
        m_isConstant[static_cast<size_t>(id)] = true;
    }
    // m_values never grows, so that pointers into it stay good.
    const auto pointers = [this](const std::vector<ValueId>& ids) {
        std::vector<const Value*> values;
        for (const ValueId id : ids)
            values.push_back(id == noValue ? &absent : &m_values[static_cast<size_t>(id)]);
        return values;
    };
    for (const Step& step : m_steps) {
        m_stepInputs.push_back(pointers(m_graph.node(step.node).inputs));
        m_stepCaptures.push_back(pointers(m_graph.node(step.node).captures));
    }
    planReleases();
}

void Executor::planReleases()
{
    m_releases.resize(m_steps.size());
    std::vector<int64_t> lastReader(m_graph.values.size(), -1);
    for (size_t index = 0; index < m_steps.size(); ++index) {
        const Node& node = m_graph.node(m_steps[index].node);
        for (const auto* ids : {&node.inputs, &node.captures, &node.outputs}) {
            for (const ValueId id : *ids) {
                if (id != noValue)
                    lastReader[static_cast<size_t>(id)] = static_cast<int64_t>(index);
            }
        }
    }
    for (size_t id = 0; id < lastReader.size(); ++id) {
        const GraphValue& value = m_graph.values[id];
        if (lastReader[id] >= 0 && !m_isConstant[id] && !value.isOutput)
            m_releases[static_cast<size_t>(lastReader[id])].push_back(static_cast<ValueId>(id));
    }
}

void Executor::clearVariables()
{
    for (size_t id = 0; id < m_values.size(); ++id) {
        if (!m_isConstant[id])
            m_values[id] = {};
    }
}

Result<RunResult> Executor::run(std::span<const ValueId> inputIds, std::span<const Value> inputs,
                                const RunOptions& options, JobContext& job)
{
    RunResult result;
    for (size_t i = 0; i < inputIds.size(); ++i) {
        if (!m_isConstant[static_cast<size_t>(inputIds[i])])
            m_values[static_cast<size_t>(inputIds[i])] = inputs[i];
    }

    const int64_t startNs = nowNs();
    for (size_t index = 0; index < m_steps.size(); ++index) {
        const NodeId id = m_steps[index].node;
        if (job.stopRequested()) {
            clearVariables();
            return cancelled();
        }
        if (job.reportDue())
            job.report(static_cast<double>(index) / static_cast<double>(m_steps.size()),
                       nodeLabel(m_graph.node(id), m_steps[index].origin));
        if (auto status = runStep(index, options.profile ? &result.profile : nullptr, startNs, job);
            !status.ok()) {
            clearVariables();
            Error error = std::move(status).error();
            return error.code == ErrorCode::Cancelled
                       ? error
                       : std::move(error).at("node " + nodeLabel(m_graph.node(id), m_steps[index].origin));
        }
        for (const ValueId released : m_releases[index]) {
            Value& value = m_values[static_cast<size_t>(released)];
            if (options.keep.contains(released))
                result.intermediates[released] = value;
            value = {};
        }
    }
    result.profile.totalNs = nowNs() - startNs;
    for (const ValueId id : m_graph.outputs) {
        result.outputs.push_back(m_values[static_cast<size_t>(id)]);
        if (options.keep.contains(id))
            result.intermediates[id] = result.outputs.back();
    }
    clearVariables();
    return result;
}

Status Executor::runStep(size_t index, Profile* profile, int64_t runStartNs, JobContext& job)
{
    Step& step = m_steps[index];
    const Node& node = m_graph.node(step.node);
    m_stepOutputs.assign(node.outputs.size(), Value());
    KernelContext context(m_stepInputs[index], m_stepOutputs, job, m_stepCaptures[index]);

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
        for (const Value& output : m_stepOutputs)
            timing.bytes += valueBytes(output);
    }
    for (size_t i = 0; i < node.outputs.size(); ++i) {
        if (node.outputs[i] != noValue)
            m_values[static_cast<size_t>(node.outputs[i])] = std::move(m_stepOutputs[i]);
    }
    return {};
}

} // namespace lapidary
