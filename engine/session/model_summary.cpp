// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/model_summary.h"

#include "engine/session/inner_graphs.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lapidary {

namespace {

std::string operatorName(const Node& node)
{
    return domainName(node.domain) == "ai.onnx" ? node.opType : node.domain + "." + node.opType;
}

void addWeight(ModelSize& size, const TensorRef& tensor)
{
    ++size.weights;
    size.parameters += elementCount(tensor.dims).value_or(0);
    size.weightBytes += tensor.sizeBytes();
}

void addGraph(ModelSize& size, const Graph& graph)
{
    size.nodes += static_cast<int64_t>(graph.nodes.size());
    for (const Initializer& initializer : graph.initializers)
        addWeight(size, initializer.tensor);
    for (const Node& node : graph.nodes) {
        const bool constant = node.opType == "Constant" && !node.outputs.empty();
        const TensorRef* tensor = constant ? graph.constantOf(node.outputs[0]) : nullptr;
        if (tensor != nullptr)
            addWeight(size, *tensor);
    }
}

// Work of a graph, by operator.
struct Work {
    double flops = 0;
    int64_t unknownShapes = 0;
    int64_t withoutRule = 0;
    std::map<std::string, double> byOperator;

    void add(const Work& other, double times)
    {
        flops += other.flops * times;
        unknownShapes += other.unknownShapes;
        withoutRule += other.withoutRule;
        for (const auto& [name, count] : other.byOperator)
            byOperator[name] += count * times;
    }
};

class WorkCounter {
public:
    WorkCounter(const Model& model, const JobContext& job)
        : m_model(model), m_job(job), m_looksInside(looksInside(model))
    {
    }

    Work ofNode(const Graph& graph, const Node& node, const InferredTypes& types, int depth) const
    {
        Work work;
        const bool isCall = m_model.function(node.domain, node.opType, node.overload) != nullptr;
        if (isCall || !node.bodies().empty())
            return inside(graph, node, types, depth);
        const NodeWork counted = nodeWork(node, types);
        work.flops = counted.flops;
        work.unknownShapes = counted.state == NodeWork::State::UnknownShapes;
        work.withoutRule = counted.state == NodeWork::State::NoRule;
        if (counted.flops > 0)
            work.byOperator[operatorName(node)] = counted.flops;
        return work;
    }

private:
    Work ofGraph(const Graph& graph, const InferredTypes& types, int depth) const
    {
        Work work;
        for (const Node& node : graph.nodes) {
            if (m_job.stopRequested())
                break;
            work.add(ofNode(graph, node, types, depth), 1);
        }
        return work;
    }

    Work inside(const Graph& graph, const Node& node, const InferredTypes& types, int depth) const
    {
        Work work;
        const auto runs = bodyRuns(graph, node, types);
        const InnerGraphs inner =
            m_looksInside ? innerGraphs(m_model, node, types, depth, m_job) : InnerGraphs{true, {}, false};
        if (!runs || !inner.isComplete) {
            work.withoutRule = 1;
            return work;
        }
        Work most;
        for (const InnerGraph& body : inner.graphs) {
            Work found = ofGraph(*body.graph, *body.types, depth + 1);
            if (found.flops >= most.flops)
                most = std::move(found);
        }
        work.add(most, *runs);
        return work;
    }

    const Model& m_model;
    const JobContext& m_job;
    bool m_looksInside;
};

NodeWork toNodeWork(const Work& work)
{
    NodeWork result;
    result.flops = work.flops;
    result.state = work.withoutRule > 0     ? NodeWork::State::NoRule
                   : work.unknownShapes > 0 ? NodeWork::State::UnknownShapes
                                            : NodeWork::State::Counted;
    return result;
}

} // namespace

ModelSize sizeOf(const Model& model)
{
    ModelSize size;
    visitGraphs(model, [&size](const Graph& graph) { addGraph(size, graph); });
    return size;
}

Result<ModelSummary> summarize(const Model& model, const InferredTypes& types, const JobContext& job)
{
    ModelSummary summary;
    summary.size = sizeOf(model);
    std::map<std::string, OperatorSummary> operators;
    visitGraphs(model, [&operators](const Graph& graph) {
        for (const Node& node : graph.nodes)
            ++operators[operatorName(node)].nodes;
    });

    const WorkCounter counter(model, job);
    Work all;
    for (const Node& node : model.graph.nodes) {
        if (job.stopRequested())
            return cancelled();
        const Work work = counter.ofNode(model.graph, node, types, 0);
        summary.workOfNodes.push_back(toNodeWork(work));
        all.add(work, 1);
    }
    summary.flops = all.flops;
    summary.flopsUnknownShapes = all.unknownShapes;
    summary.flopsWithoutRule = all.withoutRule;
    for (const auto& [name, flops] : all.byOperator)
        operators[name].flops = flops;
    for (auto& [name, entry] : operators) {
        entry.name = name;
        summary.operators.push_back(entry);
    }
    std::stable_sort(summary.operators.begin(), summary.operators.end(),
                     [](const auto& a, const auto& b) { return a.nodes > b.nodes; });
    TRY_ASSIGN(summary.activations, activationMemory(model, model.graph, types, job));
    return summary;
}

std::string countText(double count)
{
    constexpr std::array prefixes = {"", "k", "M", "G", "T", "P"};
    size_t prefix = 0;
    while (count >= 1000 && prefix + 1 < prefixes.size()) {
        count /= 1000;
        ++prefix;
    }
    char text[32];
    std::snprintf(text, sizeof text, prefix == 0 ? "%.0f %s" : "%.2f %s", count, prefixes[prefix]);
    return text;
}

} // namespace lapidary
