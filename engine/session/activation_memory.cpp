// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/activation_memory.h"

#include "engine/session/inner_graphs.h"
#include "engine/session/random_nodes.h"

#include <algorithm>

namespace lapidary {

namespace {

// First and last node that a value is needed at.
struct Life {
    size_t first = 0;
    size_t last = 0;
    uint64_t bytes = 0;
};

// By ValueId: weights, and what nodes make of nothing but weights: a run computes those once, if at all.
std::vector<bool> constantValues(const Model& model, const Graph& graph)
{
    std::vector<bool> constant(graph.values.size());
    for (size_t id = 0; id < graph.values.size(); ++id) {
        const GraphValue& value = graph.values[id];
        constant[id] =
            value.initializer >= 0 || (!value.isInput && !value.isOuter && value.producer == noNode);
    }
    const auto isConstant = [&](ValueId id) { return id == noValue || constant[static_cast<size_t>(id)]; };
    for (const Node& node : graph.nodes) {
        if (isRandom(node, model) || !node.bodies().empty() ||
            !std::all_of(node.inputs.begin(), node.inputs.end(), isConstant))
            continue;
        for (const ValueId output : node.outputs) {
            if (output != noValue)
                constant[static_cast<size_t>(output)] = true;
        }
    }
    return constant;
}

Life lifeOf(const Graph& graph, const GraphValue& value, uint64_t bytes)
{
    Life life;
    life.first = static_cast<size_t>(std::max(value.producer, 0));
    life.last = life.first;
    if (value.isOutput)
        life.last = graph.nodes.size() - 1;
    else if (!value.consumers.empty())
        life.last = std::max(life.first, static_cast<size_t>(value.consumers.back()));
    life.bytes = bytes;
    return life;
}

// What the graphs inside the node need at most. Branches of If do not run together.
Result<uint64_t> innerPeak(const Model& model, const Node& node, const InferredTypes& types,
                           ActivationMemory& memory, const JobContext& job, int depth)
{
    uint64_t peak = 0;
    for (const InnerGraph& inner : innerGraphs(model, node, types, depth, job).graphs) {
        TRY_ASSIGN(const ActivationMemory inside,
                   activationMemory(model, *inner.graph, *inner.types, job, depth + 1));
        // Its inputs and outputs are values of the graph around it as well: an upper bound.
        peak = std::max(peak, inside.peakBytes);
        memory.uncountedValues += inside.uncountedValues;
    }
    return peak;
}

} // namespace

Result<ActivationMemory> activationMemory(const Model& model, const Graph& graph, const InferredTypes& types,
                                          const JobContext& job, int depth)
{
    ActivationMemory memory;
    if (graph.nodes.empty())
        return memory;
    const std::vector<bool> constant = constantValues(model, graph);
    std::vector<Life> lives(graph.values.size());
    std::vector<int64_t> change(graph.nodes.size() + 1, 0); // bytes born minus bytes freed before, by node
    for (size_t id = 0; id < graph.values.size(); ++id) {
        const GraphValue& value = graph.values[id];
        if (constant[id] || value.isOuter) // outer values are counted in their own graph
            continue;
        const auto bytes = storageBytes(types.types[id]);
        if (!bytes) {
            ++memory.uncountedValues;
            continue;
        }
        lives[id] = lifeOf(graph, value, *bytes);
        change[lives[id].first] += static_cast<int64_t>(*bytes);
        change[lives[id].last + 1] -= static_cast<int64_t>(*bytes);
    }
    const bool looking = depth > 0 || looksInside(model);
    int64_t alive = 0;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (job.stopRequested())
            return cancelled();
        alive += change[i];
        uint64_t bytes = static_cast<uint64_t>(alive);
        if (looking) {
            TRY_ASSIGN(const uint64_t inside, innerPeak(model, graph.nodes[i], types, memory, job, depth));
            bytes += inside;
        }
        memory.bytesAtNode.push_back(bytes);
        if (memory.peakNode == noNode || bytes > memory.peakBytes) {
            memory.peakBytes = bytes;
            memory.peakNode = static_cast<NodeId>(i);
        }
    }
    const auto peak = static_cast<size_t>(memory.peakNode);
    for (size_t id = 0; id < lives.size(); ++id) {
        if (lives[id].bytes > 0 && lives[id].first <= peak && peak <= lives[id].last)
            memory.valuesAtPeak.emplace_back(static_cast<ValueId>(id), lives[id].bytes);
    }
    std::stable_sort(memory.valuesAtPeak.begin(), memory.valuesAtPeak.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return memory;
}

} // namespace lapidary
