// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/model_summary.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lapidary {

namespace {

void countGraph(const Graph& graph, ModelSummary& summary, std::map<std::string, int64_t>& operators)
{
    summary.nodeCount += static_cast<int64_t>(graph.nodes.size());
    for (const Initializer& initializer : graph.initializers) {
        summary.parameterCount += elementCount(initializer.tensor.dims).value_or(0);
        summary.weightBytes += initializer.tensor.sizeBytes();
    }
    for (const Node& node : graph.nodes) {
        ++operators[node.domain.empty() ? node.opType : node.domain + "." + node.opType];
        for (const Attribute& attribute : node.attributes) {
            if (const auto* body = attribute.as<std::shared_ptr<const Graph>>())
                countGraph(**body, summary, operators);
        }
    }
}

std::optional<Dims> knownDims(const InferredTypes& types, const std::vector<ValueId>& ids, size_t index)
{
    if (index >= ids.size() || ids[index] == noValue || !types.type(ids[index]).shape)
        return std::nullopt;
    return concreteDims(*types.type(ids[index]).shape);
}

double product(const Dims& dims)
{
    double count = 1;
    for (const int64_t dim : dims)
        count *= static_cast<double>(dim);
    return count;
}

// The largest sum of bytes alive while the nodes run in file order.
uint64_t peakActivations(const Graph& graph, const InferredTypes& types)
{
    const auto bytesOf = [&](size_t id) -> uint64_t {
        const TypeInfo& type = types.types[id];
        const auto dims = type.shape ? concreteDims(*type.shape) : std::nullopt;
        return dims ? storageBytes(type.dataType, static_cast<uint64_t>(elementCount(*dims).value_or(0))) : 0;
    };
    std::vector<int64_t> change(graph.nodes.size() + 1, 0); // bytes born minus bytes freed, by node
    for (size_t id = 0; id < graph.values.size(); ++id) {
        const GraphValue& value = graph.values[id];
        if (value.initializer >= 0 || value.isOuter)
            continue;
        const auto bytes = static_cast<int64_t>(bytesOf(id));
        const auto born = static_cast<size_t>(std::max(value.producer, 0));
        const size_t dies = value.isOutput || value.consumers.empty()
                                ? graph.nodes.size()
                                : static_cast<size_t>(value.consumers.back()) + 1;
        if (born >= change.size() || dies <= born)
            continue;
        change[born] += bytes;
        if (dies < change.size())
            change[dies] -= bytes;
    }
    int64_t alive = 0;
    int64_t peak = 0;
    for (const int64_t delta : change) {
        alive += delta;
        peak = std::max(peak, alive);
    }
    return static_cast<uint64_t>(peak);
}

} // namespace

std::optional<double> nodeFlops(const Node& node, const InferredTypes& types)
{
    const auto first = knownDims(types, node.inputs, 0);
    const auto second = knownDims(types, node.inputs, 1);
    const auto output = knownDims(types, node.outputs, 0);
    const bool isConv = node.opType == "Conv" || node.opType == "ConvTranspose";
    if (!isConv && node.opType != "MatMul" && node.opType != "Gemm")
        return 0;
    if (!first || !second || !output || second->size() < 1 || first->empty())
        return std::nullopt;
    if (node.opType ==
        "Conv") // weights [M, C/group, k...]: each output takes one product per weight of its map
        return second->at(0) > 0
                   ? 2 * product(*output) * product(*second) / static_cast<double>(second->at(0))
                   : 0;
    if (node.opType == "ConvTranspose") // weights [C, M/group, k...]: each input is spread over them
        return second->at(0) > 0 ? 2 * product(*first) * product(*second) / static_cast<double>(second->at(0))
                                 : 0;
    const bool transposed = node.opType == "Gemm" && node.intAttribute("transA", 0) != 0;
    return 2 * product(*output) * static_cast<double>(transposed ? first->front() : first->back());
}

ModelSummary summarize(const Model& model, const InferredTypes& types)
{
    ModelSummary summary;
    std::map<std::string, int64_t> operators;
    countGraph(model.graph, summary, operators);
    for (const Function& function : model.functions)
        countGraph(function.body, summary, operators);
    summary.operators.assign(operators.begin(), operators.end());
    std::stable_sort(summary.operators.begin(), summary.operators.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const Node& node : model.graph.nodes) {
        const auto flops = nodeFlops(node, types);
        summary.flops += flops.value_or(0);
        summary.flopsUnknown += flops ? 0 : 1;
    }
    summary.activationBytes = peakActivations(model.graph, types);
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
