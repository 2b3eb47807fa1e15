// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diff/merged_model.h"

namespace lapidary {

namespace {

class Merger {
public:
    Merger(const Graph& before, const Graph& after, const GraphDiff& diff)
        : m_before(before), m_after(after), m_diff(diff)
    {
    }

    MergedModel merge(const Model& after)
    {
        auto model = std::make_shared<Model>(after);
        Graph& graph = model->graph;
        m_graph = &graph;
        // connect() fills them again, for the nodes of both.
        for (GraphValue& value : graph.values) {
            value.producer = noNode;
            value.consumers.clear();
        }
        graph.nodes.clear();
        std::vector<const NodeChange*> changeOf(m_after.nodes.size(), nullptr);
        for (const NodeChange& change : m_diff.changes)
            changeOf[static_cast<size_t>(change.after)] = &change;
        const std::vector<std::vector<NodeId>> removedAt = removedByPlace();
        for (size_t i = 0; i <= m_after.nodes.size(); ++i) {
            for (const NodeId removed : removedAt[i])
                addRemoved(removed);
            if (i < m_after.nodes.size())
                addKept(static_cast<NodeId>(i), changeOf[i]);
        }
        graph.connect();
        m_result.model = std::move(model);
        return std::move(m_result);
    }

private:
    // By node of the second graph: what was removed before it.
    std::vector<std::vector<NodeId>> removedByPlace() const
    {
        std::vector<std::vector<NodeId>> places(m_after.nodes.size() + 1);
        size_t place = 0;
        for (size_t i = 0; i < m_before.nodes.size(); ++i) {
            const NodeId after = m_diff.matching.afterOf[i];
            if (after != noNode)
                place = std::max(place, static_cast<size_t>(after) + 1);
            else
                places[place].push_back(static_cast<NodeId>(i));
        }
        return places;
    }

    void add(Node node, NodeStatus status, NodeId before, NodeId after, const NodeChange* change)
    {
        m_graph->nodes.push_back(std::move(node));
        m_result.status.push_back(status);
        m_result.before.push_back(before);
        m_result.after.push_back(after);
        m_result.changes.push_back(change);
    }

    void addKept(NodeId id, const NodeChange* change)
    {
        const NodeId before = m_diff.matching.beforeOf[static_cast<size_t>(id)];
        const NodeStatus status = before == noNode    ? NodeStatus::Added
                                  : change != nullptr ? NodeStatus::Changed
                                                      : NodeStatus::Same;
        add(m_after.node(id), status, before, id, change);
    }

    void addRemoved(NodeId id)
    {
        Node node = m_before.node(id);
        for (ValueId& input : node.inputs)
            input = merged(input);
        for (ValueId& capture : node.captures)
            capture = merged(capture);
        for (ValueId& output : node.outputs)
            output = merged(output);
        add(std::move(node), NodeStatus::Removed, id, noNode, nullptr);
    }

    // The value of the merged graph for one of the first graph.
    ValueId merged(ValueId value)
    {
        if (value == noValue)
            return noValue;
        const auto known = m_values.find(value);
        if (known != m_values.end())
            return known->second;
        const ValueId result = counterpart(value);
        m_values.emplace(value, result);
        return result;
    }

    ValueId counterpart(ValueId value)
    {
        const GraphValue& old = m_before.value(value);
        if (old.producer != noNode) {
            const NodeId after = m_diff.matching.afterOf[static_cast<size_t>(old.producer)];
            if (after != noNode) {
                const size_t index = outputIndex(m_before, value);
                if (index < m_after.node(after).outputs.size())
                    return m_after.node(after).outputs[index];
            }
        } else if (old.isInput && old.initializer < 0) {
            const ValueId same = m_after.findValue(old.name);
            if (same != noValue && m_after.value(same).isInput)
                return same;
        }
        return copied(old, value);
    }

    ValueId copied(const GraphValue& old, ValueId value)
    {
        std::string name = old.name;
        while (m_graph->findValue(name) != noValue)
            name += "'"; // names are unique, and the second model uses this one for something else
        const ValueId id = m_graph->addValue(name);
        GraphValue& copy = m_graph->values[static_cast<size_t>(id)];
        copy.type = old.type;
        copy.doc = old.doc;
        if (const TensorRef* weight = m_before.initializerOf(value)) {
            copy.initializer = static_cast<int32_t>(m_graph->initializers.size());
            m_graph->initializers.push_back({*weight, id});
        } else if (old.producer == noNode) {
            copy.isInput = true;
            m_graph->inputs.push_back(id);
        }
        if (old.isOutput) {
            copy.isOutput = true;
            m_graph->outputs.push_back(id);
        }
        return id;
    }

    const Graph& m_before;
    const Graph& m_after;
    const GraphDiff& m_diff;
    Graph* m_graph = nullptr;
    std::unordered_map<ValueId, ValueId> m_values; // of the first graph to the merged one
    MergedModel m_result;
};

} // namespace

MergedModel mergeModels(const Model& before, const Model& after, const GraphDiff& diff)
{
    return Merger(before.graph, after.graph, diff).merge(after);
}

} // namespace lapidary
