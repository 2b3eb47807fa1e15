// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/remove_identities.h"

#include "engine/edit/change_graph.h"
#include "engine/edit/graph_part.h"

#include <set>

namespace lapidary {

namespace {

bool isUnread(const Graph& graph, ValueId value)
{
    return value == noValue || (graph.value(value).consumers.empty() && !graph.value(value).isOutput);
}

// Source: Dropout-1, -7, -12 (ai.onnx).
bool trains(const Graph& graph, const Node& dropout, int64_t opset)
{
    if (opset < 7)
        return dropout.intAttribute("is_test", 0) == 0;
    if (opset < 12 || dropout.inputs.size() < 3 || dropout.inputs[2] == noValue)
        return false;
    const TensorRef* mode = graph.constantOf(dropout.inputs[2]);
    if (mode == nullptr || graph.value(dropout.inputs[2]).isInput)
        return true; // known only in a run
    const auto tensor = mode->load();
    return !tensor.ok() || tensor->count() != 1 || tensor->bytes()[0] != std::byte{0};
}

bool passesOn(const Graph& graph, const Node& node, int64_t opset)
{
    if (!node.domain.empty() || node.inputs.empty() || node.inputs[0] == noValue || node.outputs.empty() ||
        node.outputs[0] == noValue)
        return false;
    if (node.opType == "Identity")
        return true;
    const bool maskUnread = node.outputs.size() < 2 || isUnread(graph, node.outputs[1]);
    return node.opType == "Dropout" && maskUnread && !trains(graph, node, opset);
}

class Removal {
public:
    explicit Removal(int64_t opset) : m_opset(opset) {}

    Graph without(const Graph& original)
    {
        Graph graph = original;
        for (Node& node : graph.nodes)
            replaceBodies(node,
                          [this](const Body& body) { return std::make_shared<const Graph>(without(*body)); });
        graph.reconnect(); // bodies may read less than before
        const std::set<std::string> inner = namesInside(graph);
        GraphPart part;
        part.inputs = graph.inputs;
        part.outputs = graph.outputs;
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
            const auto id = static_cast<NodeId>(i);
            if (!passesOn(graph, graph.node(id), m_opset) || !bridge(graph, graph.node(id), inner, part))
                part.nodes.push_back(id);
        }
        m_removed += static_cast<int64_t>(graph.nodes.size() - part.nodes.size());
        return part.nodes.size() == graph.nodes.size() ? graph : partOf(graph, part);
    }

    int64_t removed() const { return m_removed; }

private:
    // What bodies inside nodes call values of their own.
    static std::set<std::string> namesInside(const Graph& graph)
    {
        std::set<std::string> names;
        visitGraphs(graph, [&](const Graph& inside) {
            for (const GraphValue& value : inside.values) {
                if (&inside != &graph && !value.isOuter)
                    names.insert(value.name);
            }
        });
        return names;
    }

    // What was read from the node's output comes from its input; false when the output must be kept.
    // inner: names that a value around cannot have, because it would be hidden.
    static bool bridge(const Graph& graph, const Node& node, const std::set<std::string>& inner,
                       GraphPart& part)
    {
        const ValueId output = node.outputs[0];
        ValueId input = node.inputs[0];
        for (auto other = part.replaced.find(input); other != part.replaced.end();
             other = part.replaced.find(input))
            input = other->second;
        if (graph.value(output).isOutput) {
            // The value takes the output's name, unless it has one that must stay.
            const GraphValue& passed = graph.value(input);
            if (passed.producer == noNode || passed.isOutput || part.names.count(input) != 0 ||
                inner.contains(graph.value(output).name))
                return false;
            part.names.emplace(input, graph.value(output).name);
        } else if (const auto other = part.names.find(input);
                   inner.contains(other != part.names.end() ? other->second : graph.value(input).name))
            return false;
        part.replaced.emplace(output, input);
        return true;
    }

    int64_t m_opset;
    int64_t m_removed = 0;
};

} // namespace

WithoutIdentities removeIdentities(const Model& model)
{
    WithoutIdentities result{model, 0};
    Removal removal(model.opsetVersion(""));
    result.model.graph = removal.without(model.graph);
    result.removed = removal.removed();
    for (Function& function : result.model.functions) {
        Removal inside(opsetVersion(function.opsets, ""));
        function.body = inside.without(function.body);
        result.removed += inside.removed();
    }
    return result;
}

} // namespace lapidary
