// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/inner_graphs.h"

#include "engine/ops/function_body.h"

namespace lapidary {

namespace {

constexpr double mostNodes = 1e6; // with those of all calls

InnerGraphs calledBody(const Model& model, const Function& function, const Node& call,
                       const InferredTypes& types, int depth, const JobContext& job)
{
    InnerGraphs inner;
    inner.isCall = true;
    inner.isComplete = false;
    if (depth >= deepestGraph)
        return inner;
    const auto body = std::make_shared<const Graph>(functionBody(function, call));
    std::vector<KnownValue> inputs;
    for (const ValueId id : call.inputs)
        inputs.push_back({id == noValue ? TypeInfo() : types.type(id), Tensor(), std::nullopt});
    auto inferred = inferTypes(*body, {&model, function.opsets, {}, depth + 1}, inputs, {}, job);
    if (!inferred.ok())
        return inner;
    inner.isComplete = true;
    inner.graphs.push_back({body, std::make_shared<const InferredTypes>(std::move(inferred).value())});
    return inner;
}

std::optional<double> loopRuns(const Graph& graph, const Node& node)
{
    const TensorRef* constant = node.inputs.empty() ? nullptr : graph.constantOf(node.inputs[0]);
    if (!constant || elementCount(constant->dims) != 1)
        return std::nullopt;
    const auto loaded = constant->load();
    const auto numbers = loaded.ok() ? toInt64s(*loaded) : Result<std::vector<int64_t>>(loaded.error());
    return numbers.ok() ? std::optional(static_cast<double>((*numbers)[0])) : std::nullopt;
}

std::optional<double> scanRuns(const Node& node, const InferredTypes& types)
{
    const auto scans = static_cast<size_t>(std::max<int64_t>(0, node.intAttribute("num_scan_inputs", 0)));
    if (scans == 0 || scans > node.inputs.size() || node.inputs[node.inputs.size() - scans] == noValue)
        return std::nullopt;
    const std::optional<Shape>& shape = types.type(node.inputs[node.inputs.size() - scans]).shape;
    const std::vector<int64_t> axes = node.intsAttribute("scan_input_axes", {0});
    if (!shape || axes.empty())
        return std::nullopt;
    const auto rank = static_cast<int64_t>(shape->size());
    const int64_t axis = axes[0] < 0 ? axes[0] + rank : axes[0];
    if (axis < 0 || axis >= rank || !(*shape)[static_cast<size_t>(axis)].known())
        return std::nullopt;
    return static_cast<double>((*shape)[static_cast<size_t>(axis)].value);
}

} // namespace

bool looksInside(const Model& model) { return expandedNodeCount(model) <= mostNodes; }

InnerGraphs innerGraphs(const Model& model, const Node& node, const InferredTypes& types, int depth,
                        const JobContext& job)
{
    if (const Function* function = model.function(node.domain, node.opType, node.overload))
        return calledBody(model, *function, node, types, depth, job);
    InnerGraphs inner;
    for (const auto& body : node.bodies()) {
        const auto found = types.bodies.find(body.get());
        if (found != types.bodies.end() && found->second)
            inner.graphs.push_back({body, found->second});
        else
            inner.isComplete = false;
    }
    return inner;
}

std::optional<double> bodyRuns(const Graph& graph, const Node& node, const InferredTypes& types)
{
    if (node.opType == "Loop")
        return loopRuns(graph, node);
    if (node.opType == "Scan")
        return scanRuns(node, types);
    return node.opType == "SequenceMap" ? std::nullopt : std::optional(1.0);
}

} // namespace lapidary
