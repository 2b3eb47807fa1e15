// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/graph_builder.h"

namespace lapidary {

GraphBuilder& GraphBuilder::input(const std::string& name, Shape shape)
{
    return input(name, TypeInfo::tensor(DataType::Float, std::move(shape)));
}

GraphBuilder& GraphBuilder::input(const std::string& name, TypeInfo type)
{
    Graph& graph = m_model->graph;
    const ValueId id = graph.addValue(name);
    graph.values[static_cast<size_t>(id)].type = std::move(type);
    graph.inputs.push_back(id);
    return *this;
}

GraphBuilder& GraphBuilder::output(const std::string& name)
{
    m_model->graph.outputs.push_back(m_model->graph.addValue(name));
    return *this;
}

GraphBuilder& GraphBuilder::weight(const std::string& name, Dims dims)
{
    return constant(name, Tensor::allocate(DataType::Float, std::move(dims)).value());
}

GraphBuilder& GraphBuilder::constant(const std::string& name, Tensor tensor)
{
    Graph& graph = m_model->graph;
    const ValueId id = graph.addValue(name);
    graph.values[static_cast<size_t>(id)].initializer = static_cast<int32_t>(graph.initializers.size());
    graph.initializers.push_back({makeTensorRef(name, std::move(tensor)), id});
    return *this;
}

Node& GraphBuilder::node(const std::string& opType, const std::vector<std::string>& inputs,
                         const std::vector<std::string>& outputs)
{
    Graph& graph = m_model->graph;
    Node node;
    node.opType = opType;
    for (const std::string& name : inputs)
        node.inputs.push_back(name.empty() ? noValue : graph.addValue(name));
    for (const std::string& name : outputs)
        node.outputs.push_back(graph.addValue(name));
    graph.nodes.push_back(std::move(node));
    return graph.nodes.back();
}

GraphBuilder& GraphBuilder::constantNode(const std::string& output, Tensor tensor)
{
    Attribute value;
    value.name = "value";
    value.data = makeTensorRef("value", std::move(tensor));
    node("Constant", {}, {output}).attributes.push_back(std::move(value));
    return *this;
}

GraphBuilder& GraphBuilder::opset(int64_t version)
{
    m_model->opsets = {{"", version}};
    return *this;
}

std::shared_ptr<Model> GraphBuilder::build()
{
    if (m_model->opsets.empty())
        opset(17);
    m_model->irVersion = 8;
    m_model->graph.connect();
    return m_model;
}

Attribute GraphBuilder::body(const std::string& attributeName)
{
    return makeAttribute(attributeName, std::make_shared<const Graph>(build()->graph));
}

Function GraphBuilder::function(const std::string& name, const std::string& domain)
{
    Function function;
    function.name = name;
    function.domain = domain;
    function.body = build()->graph;
    function.opsets = m_model->opsets;
    return function;
}

} // namespace lapidary
