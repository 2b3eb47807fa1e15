// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/function_body.h"

#include <algorithm>
#include <limits>
#include <map>

namespace lapidary {

namespace {

// What an attribute name of the function means in this call; null when it has no value.
const Attribute* argument(const Function& function, const Node& call, const std::string& name)
{
    if (const Attribute* given = call.attribute(name))
        return given;
    const auto fallback = std::find_if(function.attributeDefaults.begin(), function.attributeDefaults.end(),
                                       [&](const Attribute& attribute) { return attribute.name == name; });
    return fallback == function.attributeDefaults.end() ? nullptr : &*fallback;
}

void resolveAttributes(Graph& graph, const Function& function, const Node& call);

std::shared_ptr<const Graph> resolved(const Graph& body, const Function& function, const Node& call)
{
    auto copy = std::make_shared<Graph>(body);
    resolveAttributes(*copy, function, call);
    return copy;
}

void resolveAttributes(Node& node, const Function& function, const Node& call)
{
    std::erase_if(node.attributes, [&](Attribute& attribute) {
        if (attribute.referredName.empty())
            return false;
        const Attribute* value = argument(function, call, attribute.referredName);
        if (value)
            attribute.data = value->data;
        attribute.referredName.clear();
        return !value;
    });
    for (Attribute& attribute : node.attributes) {
        if (auto* body = std::get_if<std::shared_ptr<const Graph>>(&attribute.data))
            *body = resolved(**body, function, call);
        if (auto* bodies = std::get_if<std::vector<std::shared_ptr<const Graph>>>(&attribute.data)) {
            for (auto& body : *bodies)
                body = resolved(*body, function, call);
        }
    }
}

void resolveAttributes(Graph& graph, const Function& function, const Node& call)
{
    for (Node& node : graph.nodes)
        resolveAttributes(node, function, call);
}

// Every function is counted once; a call adds its count.
class ExpandedCount {
public:
    explicit ExpandedCount(const Model& model) : m_model(model) {}

    double of(const Graph& graph)
    {
        double count = 0;
        for (const Node& node : graph.nodes)
            count += 1 + inside(node);
        return count;
    }

private:
    double inside(const Node& node)
    {
        if (const Function* function = m_model.function(node.domain, node.opType, node.overload)) {
            // While a function is counted, it counts as infinite: it may not call itself.
            const bool isNew = m_counts.try_emplace(function, std::numeric_limits<double>::infinity()).second;
            if (isNew) {
                const double count = of(function->body);
                m_counts[function] = count;
            }
            return m_counts[function];
        }
        double count = 0;
        for (const auto& body : node.bodies())
            count += of(*body);
        return count;
    }

    const Model& m_model;
    std::map<const Function*, double> m_counts;
};

} // namespace

double expandedNodeCount(const Model& model) { return ExpandedCount(model).of(model.graph); }

Graph functionBody(const Function& function, const Node& call)
{
    Graph graph = function.body;
    resolveAttributes(graph, function, call);
    std::vector<bool> absent(graph.values.size());
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        absent[static_cast<size_t>(graph.inputs[i])] = i >= call.inputs.size() || call.inputs[i] == noValue;
    for (Node& node : graph.nodes) {
        for (ValueId& input : node.inputs) {
            if (input != noValue && absent[static_cast<size_t>(input)])
                input = noValue;
        }
    }
    return graph;
}

} // namespace lapidary
