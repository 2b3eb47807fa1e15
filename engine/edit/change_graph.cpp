// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/change_graph.h"

namespace lapidary {

namespace {

bool contains(const Graph& outer, const Graph* wanted)
{
    bool found = false;
    visitGraphs(outer, [&](const Graph& graph) { found = found || &graph == wanted; });
    return found;
}

class Change {
public:
    Change(const Graph* wanted, const std::function<Status(Graph&)>& change)
        : m_wanted(wanted), m_change(change)
    {
    }

    // copy is one of original, which is the wanted graph or contains it.
    Status apply(Graph& copy, const Graph& original) const
    {
        if (&original == m_wanted)
            return m_change(copy);
        Status status;
        for (Node& node : copy.nodes) {
            replaceBodies(node, [&](const Body& body) -> Body {
                if (!status.ok() || !contains(*body, m_wanted))
                    return body;
                auto inner = std::make_shared<Graph>(*body);
                status = apply(*inner, *body);
                return inner;
            });
        }
        return status;
    }

private:
    const Graph* m_wanted;
    const std::function<Status(Graph&)>& m_change;
};

} // namespace

void replaceBodies(Node& node, const std::function<Body(const Body&)>& other)
{
    for (Attribute& attribute : node.attributes) {
        if (auto* body = std::get_if<Body>(&attribute.data)) {
            *body = other(*body);
        } else if (auto* bodies = std::get_if<std::vector<Body>>(&attribute.data)) {
            for (Body& one : *bodies)
                one = other(one);
        }
    }
}

const Graph& outermostGraph(const Model& model, const Graph* graph)
{
    for (const Function& function : model.functions) {
        if (graph != nullptr && contains(function.body, graph))
            return function.body;
    }
    return model.graph;
}

Result<Model> changeGraph(const Model& model, const Graph* graph, const std::function<Status(Graph&)>& change)
{
    const Graph* wanted = graph != nullptr ? graph : &model.graph;
    const Graph* outermost = &outermostGraph(model, wanted);
    if (!contains(*outermost, wanted))
        return makeError(ErrorCode::Internal, "the graph is not part of the model");
    Model copy = model;
    if (outermost == &model.graph) {
        TRY(Change(wanted, change).apply(copy.graph, model.graph));
        return copy;
    }
    for (size_t i = 0; i < model.functions.size(); ++i) {
        if (outermost == &model.functions[i].body)
            TRY(Change(wanted, change).apply(copy.functions[i].body, model.functions[i].body));
    }
    return copy;
}

} // namespace lapidary
