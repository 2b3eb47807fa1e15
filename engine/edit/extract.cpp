// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/extract.h"

#include "engine/edit/change_graph.h"
#include "engine/edit/graph_part.h"
#include "engine/ops/inference.h"

#include <set>

namespace lapidary {

namespace {

Error refused(const Graph& graph, ValueId value, const std::string& why, const std::string& nextStep)
{
    return makeError(ErrorCode::InvalidArgument, "'" + graph.value(value).name + "' " + why, nextStep);
}

bool isConstant(const Graph& graph, ValueId value)
{
    const GraphValue& it = graph.value(value);
    if (it.producer == noNode)
        return !it.isInput || it.initializer >= 0;
    return graph.node(it.producer).opType == "Constant";
}

// Nodes and inputs that the outputs need, back to the chosen inputs.
class Needed {
public:
    Needed(const Graph& graph, const GraphBorder& border)
        : m_graph(graph), m_border(border), m_nodes(graph.nodes.size()), m_values(graph.values.size())
    {
        m_open.assign(border.outputs.begin(), border.outputs.end());
        while (!m_open.empty()) {
            const ValueId value = m_open.back();
            m_open.pop_back();
            visit(value);
        }
    }

    bool value(ValueId id) const { return m_values[static_cast<size_t>(id)]; }
    bool node(NodeId id) const { return m_nodes[static_cast<size_t>(id)]; }
    std::vector<NodeId> nodes() const
    {
        std::vector<NodeId> list;
        for (size_t i = 0; i < m_nodes.size(); ++i) {
            if (m_nodes[i])
                list.push_back(static_cast<NodeId>(i));
        }
        return list;
    }

private:
    void visit(ValueId value)
    {
        if (value == noValue || m_values[static_cast<size_t>(value)])
            return;
        m_values[static_cast<size_t>(value)] = true;
        const NodeId producer = m_graph.value(value).producer;
        const bool chosen =
            std::find(m_border.inputs.begin(), m_border.inputs.end(), value) != m_border.inputs.end();
        if (chosen || producer == noNode || m_nodes[static_cast<size_t>(producer)])
            return;
        m_nodes[static_cast<size_t>(producer)] = true;
        const Node& node = m_graph.node(producer);
        m_open.insert(m_open.end(), node.inputs.begin(), node.inputs.end());
        m_open.insert(m_open.end(), node.captures.begin(), node.captures.end());
    }

    const Graph& m_graph;
    const GraphBorder& m_border;
    std::vector<char> m_nodes;
    std::vector<char> m_values;
    std::vector<ValueId> m_open;
};

Status checkBorder(const Graph& graph, const GraphBorder& border, const Needed& needed)
{
    if (border.outputs.empty())
        return makeError(ErrorCode::InvalidArgument, "no tensor is chosen where the part ends",
                         "Choose at least one.");
    for (const ValueId output : border.outputs) {
        if (graph.value(output).producer == noNode)
            return refused(graph, output, "is computed by no node",
                           "Choose the result of a node as the end.");
        if (std::find(border.inputs.begin(), border.inputs.end(), output) != border.inputs.end())
            return refused(graph, output, "is both the beginning and the end",
                           "Choose another tensor for one of them.");
    }
    for (const ValueId input : border.inputs) {
        const GraphValue& value = graph.value(input);
        if (isConstant(graph, input))
            return refused(graph, input, "is a constant", "Constants go along by themselves: leave it out.");
        if (!needed.value(input))
            return refused(graph, input, "does not lead to any of the chosen ends",
                           "Leave it out, or choose an end behind it.");
        if (value.producer != noNode && needed.node(value.producer))
            return refused(graph, input, "is computed by a node of the part, which other results need",
                           "Choose a beginning before that node.");
    }
    return {};
}

// Functions that the nodes call, and those that these call.
std::vector<Function> calledFunctions(const Model& model, const Graph& graph)
{
    std::set<const Function*> called;
    std::vector<const Graph*> open{&graph};
    while (!open.empty()) {
        const Graph* next = open.back();
        open.pop_back();
        visitGraphs(*next, [&](const Graph& inside) {
            for (const Node& node : inside.nodes) {
                const Function* function = model.function(node.domain, node.opType, node.overload);
                if (function != nullptr && called.insert(function).second)
                    open.push_back(&function->body);
            }
        });
    }
    std::vector<Function> functions;
    for (const Function& function : model.functions) {
        if (called.count(&function) != 0)
            functions.push_back(function);
    }
    return functions;
}

std::vector<ValueId> withoutRepeats(const std::vector<ValueId>& values)
{
    std::vector<ValueId> once;
    for (const ValueId value : values) {
        if (std::find(once.begin(), once.end(), value) == once.end())
            once.push_back(value);
    }
    return once;
}

} // namespace

GraphBorder borderOf(const Graph& graph, const std::vector<NodeId>& nodes)
{
    std::vector<char> inside(graph.nodes.size());
    for (const NodeId id : nodes)
        inside[static_cast<size_t>(id)] = 1;
    GraphBorder border;
    const auto addOnce = [](std::vector<ValueId>& list, ValueId value) {
        if (std::find(list.begin(), list.end(), value) == list.end())
            list.push_back(value);
    };
    for (const NodeId id : nodes) {
        const Node& node = graph.node(id);
        for (const std::vector<ValueId>* read : {&node.inputs, &node.captures}) {
            for (const ValueId value : *read) {
                const bool own =
                    value == noValue || (graph.value(value).producer != noNode &&
                                         inside[static_cast<size_t>(graph.value(value).producer)]);
                if (!own && !isConstant(graph, value))
                    addOnce(border.inputs, value);
            }
        }
        for (const ValueId value : node.outputs) {
            if (value == noValue)
                continue;
            const std::vector<NodeId>& readers = graph.value(value).consumers;
            const bool leaves = graph.value(value).isOutput ||
                                std::any_of(readers.begin(), readers.end(), [&](NodeId reader) {
                                    return !inside[static_cast<size_t>(reader)];
                                });
            if (leaves)
                addOnce(border.outputs, value);
        }
    }
    return border;
}

std::vector<NodeId> nodesBetween(const Graph& graph, const GraphBorder& border)
{
    return Needed(graph, border).nodes();
}

Result<Model> extractPart(const Model& model, const GraphBorder& border, JobContext& job)
{
    const Graph& graph = model.graph;
    const Needed needed(graph, border);
    TRY(checkBorder(graph, border, needed));
    TRY_ASSIGN(const InferredTypes types, inferTypes(model, {}, job));

    GraphPart part;
    part.inputs = withoutRepeats(border.inputs);
    part.outputs = withoutRepeats(border.outputs);
    for (const ValueId input : graph.inputs) {
        const bool chosen = std::find(part.inputs.begin(), part.inputs.end(), input) != part.inputs.end();
        if (!chosen && needed.value(input))
            part.inputs.push_back(input);
    }
    part.nodes = needed.nodes();
    Model extracted = model;
    extracted.graph = partOf(graph, part);
    for (const std::vector<ValueId>* ends : {&part.inputs, &part.outputs}) {
        for (const ValueId end : *ends) {
            const ValueId copy = extracted.graph.findValue(graph.value(end).name);
            TypeInfo& type = extracted.graph.values[static_cast<size_t>(copy)].type;
            if (types.type(end).kind != TypeInfo::Kind::Unknown)
                type = types.type(end);
            if (type.kind == TypeInfo::Kind::Unknown)
                return refused(graph, end, "has no known type, so it cannot be an input or output",
                               "Choose a tensor whose type is known.");
        }
    }
    extracted.functions = calledFunctions(model, extracted.graph);
    return extracted;
}

} // namespace lapidary
