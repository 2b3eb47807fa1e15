// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/model.h"

#include <algorithm>

namespace lapidary {

const Attribute* Node::attribute(std::string_view attributeName) const
{
    for (const Attribute& attribute : attributes) {
        if (attribute.name == attributeName)
            return &attribute;
    }
    return nullptr;
}

std::vector<std::shared_ptr<const Graph>> Node::bodies() const
{
    std::vector<std::shared_ptr<const Graph>> graphs;
    for (const Attribute& attribute : attributes) {
        if (const auto* body = attribute.as<std::shared_ptr<const Graph>>())
            graphs.push_back(*body);
        if (const auto* list = attribute.as<std::vector<std::shared_ptr<const Graph>>>())
            graphs.insert(graphs.end(), list->begin(), list->end());
    }
    return graphs;
}

namespace {

template <typename T>
T attributeOr(const Node& node, std::string_view name, T fallback)
{
    const Attribute* attribute = node.attribute(name);
    const T* value = attribute ? attribute->as<T>() : nullptr;
    return value ? *value : fallback;
}

} // namespace

int64_t Node::intAttribute(std::string_view attributeName, int64_t fallback) const
{
    return attributeOr<int64_t>(*this, attributeName, fallback);
}

float Node::floatAttribute(std::string_view attributeName, float fallback) const
{
    return attributeOr<float>(*this, attributeName, fallback);
}

std::string Node::stringAttribute(std::string_view attributeName, std::string_view fallback) const
{
    return attributeOr<std::string>(*this, attributeName, std::string(fallback));
}

std::vector<int64_t> Node::intsAttribute(std::string_view attributeName, std::vector<int64_t> fallback) const
{
    return attributeOr<std::vector<int64_t>>(*this, attributeName, std::move(fallback));
}

ValueId Graph::findValue(std::string_view valueName) const
{
    const auto found = m_ids.find(std::string(valueName));
    return found == m_ids.end() ? noValue : found->second;
}

const TensorRef* Graph::initializerOf(ValueId id) const
{
    if (id == noValue || value(id).initializer < 0)
        return nullptr;
    return &initializers[static_cast<size_t>(value(id).initializer)].tensor;
}

const TensorRef* Graph::constantOf(ValueId id) const
{
    if (const TensorRef* initializer = initializerOf(id))
        return initializer;
    const NodeId producer = id == noValue ? noNode : value(id).producer;
    if (producer == noNode || node(producer).opType != "Constant")
        return nullptr;
    const Attribute* tensor = node(producer).attribute("value");
    return tensor ? tensor->as<TensorRef>() : nullptr;
}

std::vector<ValueId> Graph::requiredInputs() const
{
    std::vector<ValueId> required;
    for (const ValueId id : inputs) {
        if (value(id).initializer < 0)
            required.push_back(id);
    }
    return required;
}

ValueId Graph::addValue(std::string_view valueName)
{
    const auto [entry, isNew] =
        m_ids.try_emplace(std::string(valueName), static_cast<ValueId>(values.size()));
    if (isNew) {
        values.emplace_back();
        values.back().name = valueName;
    }
    return entry->second;
}

namespace {

// Names that a graph inside the node reads without defining them come from the graph around the node.
void noteCaptures(Node& node, Graph& graph)
{
    for (const auto& body : node.bodies()) {
        for (const GraphValue& value : body->values) {
            if (!value.isOuter || value.name.empty())
                continue;
            const ValueId id = graph.addValue(value.name);
            if (std::find(node.captures.begin(), node.captures.end(), id) == node.captures.end())
                node.captures.push_back(id);
        }
    }
}

} // namespace

void Graph::connect()
{
    for (Node& node : nodes)
        noteCaptures(node, *this);
    for (size_t index = 0; index < nodes.size(); ++index) {
        const auto id = static_cast<NodeId>(index);
        const auto consume = [this, id](ValueId input) {
            if (input == noValue)
                return;
            std::vector<NodeId>& consumers = values[static_cast<size_t>(input)].consumers;
            if (consumers.empty() || consumers.back() != id)
                consumers.push_back(id);
        };
        std::for_each(nodes[index].inputs.begin(), nodes[index].inputs.end(), consume);
        std::for_each(nodes[index].captures.begin(), nodes[index].captures.end(), consume);
        for (const ValueId output : nodes[index].outputs) {
            if (output != noValue)
                values[static_cast<size_t>(output)].producer = id;
        }
    }
    for (const ValueId id : inputs)
        values[static_cast<size_t>(id)].isInput = true;
    for (const ValueId id : outputs)
        values[static_cast<size_t>(id)].isOutput = true;
    for (GraphValue& value : values)
        value.isOuter = value.producer == noNode && value.initializer < 0 && !value.isInput;
    for (const SparseInitializer& sparse : sparseInitializers)
        values[static_cast<size_t>(sparse.value)].isOuter = false;
}

void Graph::rename(ValueId id, const std::string& valueName)
{
    std::string& current = values[static_cast<size_t>(id)].name;
    m_ids.erase(current);
    current = valueName;
    m_ids.emplace(current, id);
}

void Graph::reconnect()
{
    for (Node& node : nodes)
        node.captures.clear();
    for (GraphValue& value : values) {
        value.producer = noNode;
        value.consumers.clear();
        value.isInput = value.isOutput = value.isOuter = false;
    }
    connect();
}

int64_t opsetVersion(std::span<const OpSetImport> opsets, std::string_view domain)
{
    for (const OpSetImport& opset : opsets) {
        if (domainName(opset.domain) == domainName(domain))
            return opset.version;
    }
    return 0;
}

const Function* Model::function(std::string_view wantedDomain, std::string_view functionName,
                                std::string_view overload) const
{
    for (const Function& function : functions) {
        if (function.name == functionName && domainName(function.domain) == domainName(wantedDomain) &&
            function.overload == overload)
            return &function;
    }
    return nullptr;
}

std::string Model::metadataValue(std::string_view key) const
{
    for (const auto& [name, value] : metadata) {
        if (name == key)
            return value;
    }
    return {};
}

void visitGraphs(const Graph& graph, const std::function<void(const Graph&)>& visit)
{
    visit(graph);
    for (const Node& node : graph.nodes) {
        for (const auto& body : node.bodies())
            visitGraphs(*body, visit);
    }
}

void visitGraphs(const Model& model, const std::function<void(const Graph&)>& visit)
{
    visitGraphs(model.graph, visit);
    for (const Function& function : model.functions)
        visitGraphs(function.body, visit);
}

std::string nodeLabel(const Node& node, NodeId id)
{
    const std::string which = node.name.empty() ? "#" + std::to_string(id) : "'" + node.name + "'";
    return which + " (" + node.opType + ")";
}

std::string_view domainName(std::string_view domain)
{
    return domain.empty() ? std::string_view("ai.onnx") : domain;
}

} // namespace lapidary
