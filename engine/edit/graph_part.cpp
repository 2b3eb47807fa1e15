// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/graph_part.h"

#include "engine/edit/change_graph.h"

namespace lapidary {

namespace {

class Copy {
public:
    Copy(const Graph& from, const GraphPart& part) : m_from(from), m_part(part) {}

    Graph make()
    {
        m_graph.name = m_from.name;
        m_graph.doc = m_from.doc;
        m_graph.metadata = m_from.metadata;
        m_graph.otherFields = m_from.otherFields;
        for (const ValueId input : m_part.inputs)
            m_graph.inputs.push_back(copied(input));
        for (const NodeId id : m_part.nodes)
            m_graph.nodes.push_back(copiedNode(m_from.node(id)));
        for (const ValueId output : m_part.outputs)
            m_graph.outputs.push_back(copied(output));
        copyAnnotations();
        copyWeights();
        m_graph.connect();
        return std::move(m_graph);
    }

private:
    ValueId resolved(ValueId value) const
    {
        for (auto other = m_part.replaced.find(value); other != m_part.replaced.end();
             other = m_part.replaced.find(value))
            value = other->second;
        return value;
    }

    const std::string& nameOf(ValueId value) const
    {
        const auto other = m_part.names.find(value);
        return other == m_part.names.end() ? m_from.value(value).name : other->second;
    }

    // The value whose name another one takes, and with it what is said of it.
    ValueId renamedTo(ValueId value) const
    {
        const auto other = m_part.names.find(value);
        return other == m_part.names.end() ? noValue : m_from.findValue(other->second);
    }

    ValueId copied(ValueId value)
    {
        if (value == noValue)
            return noValue;
        const ValueId source = resolved(value);
        const ValueId id = m_graph.addValue(nameOf(source));
        GraphValue& copy = m_graph.values[static_cast<size_t>(id)];
        const GraphValue& original = m_from.value(source);
        copy.type = original.type;
        copy.doc = original.doc;
        copy.otherFields = original.otherFields;
        if (const ValueId named = renamedTo(source); named != noValue) {
            copy.type = m_from.value(named).type;
            copy.doc = m_from.value(named).doc;
            copy.otherFields = m_from.value(named).otherFields;
        }
        if (copy.type.kind == TypeInfo::Kind::Unknown)
            copy.type = m_from.value(value).type;
        return id;
    }

    Node copiedNode(const Node& original)
    {
        Node node = original;
        for (ValueId& input : node.inputs)
            input = copied(input);
        for (ValueId& output : node.outputs)
            output = copied(output);
        std::map<std::string, std::string> names;
        for (const ValueId capture : original.captures) {
            const std::string& before = m_from.value(capture).name;
            const std::string& after = m_graph.value(copied(capture)).name;
            if (after != before)
                names.emplace(before, after);
        }
        if (!names.empty())
            renameCaptures(node, names);
        node.captures.clear(); // connect() finds them
        return node;
    }

    // Their scales and zero points go along, though no node reads them.
    void copyAnnotations()
    {
        for (const auto& [name, parameters] : m_from.quantization) {
            const ValueId value = m_from.findValue(name);
            if (value == noValue || m_graph.findValue(nameOf(value)) == noValue)
                continue;
            MetadataList& copies = m_graph.quantization[nameOf(value)];
            for (auto [role, tensor] : parameters) {
                const ValueId named = m_from.findValue(tensor);
                if (named != noValue && m_from.value(named).producer == noNode)
                    tensor = m_graph.value(copied(named)).name;
                copies.emplace_back(role, tensor);
            }
        }
    }

    void copyWeights()
    {
        for (const Initializer& weight : m_from.initializers) {
            const ValueId id = m_graph.findValue(nameOf(weight.value));
            if (id == noValue)
                continue;
            m_graph.values[static_cast<size_t>(id)].initializer =
                static_cast<int32_t>(m_graph.initializers.size());
            m_graph.initializers.push_back({weight.tensor, id});
        }
        for (const SparseInitializer& weight : m_from.sparseInitializers) {
            const ValueId id = m_graph.findValue(nameOf(weight.value));
            if (id != noValue)
                m_graph.sparseInitializers.push_back({weight.tensor, id});
        }
    }

    const Graph& m_from;
    const GraphPart& m_part;
    Graph m_graph;
};

Body withCaptures(const Graph& body, const std::map<std::string, std::string>& names)
{
    GraphPart part;
    for (size_t i = 0; i < body.nodes.size(); ++i)
        part.nodes.push_back(static_cast<NodeId>(i));
    part.inputs = body.inputs;
    part.outputs = body.outputs;
    std::map<std::string, ValueId> renamed; // by new name
    for (const auto& [before, after] : names) {
        const ValueId value = body.findValue(before);
        if (value == noValue || !body.value(value).isOuter)
            continue;
        // Another value may have the name already: then both are one now.
        const ValueId same = body.findValue(after);
        const bool isSame = same != noValue && body.value(same).isOuter;
        const auto [other, isNew] = renamed.emplace(after, isSame ? same : value);
        if (other->second == value)
            part.names.emplace(value, after);
        else
            part.replaced.emplace(value, other->second);
    }
    return std::make_shared<const Graph>(partOf(body, part));
}

} // namespace

Graph partOf(const Graph& graph, const GraphPart& part) { return Copy(graph, part).make(); }

void renameCaptures(Node& node, const std::map<std::string, std::string>& names)
{
    replaceBodies(node, [&names](const Body& body) { return withCaptures(*body, names); });
}

} // namespace lapidary
