// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/place_path.h"

#include <deque>
#include <set>

namespace lapidary {

namespace {

// A node whose body, or function, the way leads into.
struct Step {
    const Graph* graph;
    NodeId node;
    std::string bodyName; // of one of several bodies
    const Graph* body;
    bool isCall = false; // of a function, which does not see the values around it
};

class PathFinder {
public:
    PathFinder(const Model& model, const Graph& wanted) : m_model(model), m_wanted(wanted) {}

    bool find(const Graph& graph)
    {
        if (&graph == &m_wanted)
            return true;
        if (!m_seen.insert(&graph).second)
            return false;
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
            const Node& node = graph.nodes[i];
            const auto id = static_cast<NodeId>(i);
            if (const Function* function = m_model.function(node.domain, node.opType, node.overload)) {
                if (enter({&graph, id, {}, &function->body, true}))
                    return true;
                continue;
            }
            const bool several = node.bodies().size() > 1;
            for (const Attribute& attribute : node.attributes) {
                const auto* body = attribute.as<std::shared_ptr<const Graph>>();
                if (body != nullptr && *body != nullptr &&
                    enter({&graph, id, several ? attribute.name : std::string(), body->get()}))
                    return true;
            }
        }
        return false;
    }

    const std::vector<Step>& steps() const { return m_steps; }

private:
    bool enter(Step step)
    {
        const Graph* body = step.body;
        m_steps.push_back(std::move(step));
        if (find(*body))
            return true;
        m_steps.pop_back();
        return false;
    }

    const Model& m_model;
    const Graph& m_wanted;
    std::set<const Graph*> m_seen;
    std::vector<Step> m_steps;
};

void addGroups(const FoldedValues& folded, NodeId node, const std::string& scope, const KnownGroups* known,
               std::vector<std::string>& places)
{
    const Graph& graph = folded.graph();
    std::shared_ptr<const GroupTree> tree;
    if (known != nullptr && known->contains(&graph))
        tree = known->at(&graph);
    else
        tree = std::make_shared<const GroupTree>(buildGroupTree(graph, folded));
    std::vector<std::string> inner;
    for (GroupId group = tree->groupOfNode[static_cast<size_t>(node)]; group != noGroup;
         group = tree->group(group).parent)
        inner.push_back(groupKey(scope, tree->group(group)));
    places.insert(places.end(), inner.rbegin(), inner.rend());
}

// The node that stands for the selection in its graph.
NodeId nodeOf(const Graph& graph, const Selection& selection)
{
    if (selection.kind == Selection::Kind::Node)
        return selection.node;
    if (selection.kind != Selection::Kind::Value)
        return noNode;
    const GraphValue& value = graph.value(selection.value);
    if (value.producer != noNode)
        return value.producer;
    return value.consumers.empty() ? noNode : value.consumers.front();
}

} // namespace

std::vector<std::string> placesAround(const Model& model, const Selection& selection,
                                      const DisplayOptions& display)
{
    std::vector<std::string> places;
    const Graph& wanted = selection.graphIn(model);
    PathFinder finder(model, wanted);
    if (!finder.find(model.graph))
        return places;
    std::string scope;
    std::deque<FoldedValues> folded; // of the graphs on the way
    const FoldedValues* around = nullptr;
    const auto addGroupsOf = [&](const Graph& graph, NodeId node) {
        if (!display.open.grouped || node == noNode)
            return;
        folded.emplace_back(graph, around, display.foldQuantization);
        addGroups(folded.back(), node, scope, display.known.get(), places);
    };
    for (const Step& step : finder.steps()) {
        addGroupsOf(*step.graph, step.node);
        around = step.isCall || folded.empty() ? nullptr : &folded.back();
        places.push_back(nodeKey(scope, step.node));
        scope = bodyKey(scope, step.node, step.bodyName);
    }
    addGroupsOf(wanted, nodeOf(wanted, selection));
    return places;
}

} // namespace lapidary
