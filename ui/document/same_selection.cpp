// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/same_selection.h"

namespace lapidary {

namespace {

Selection sameNode(const Graph& before, NodeId id, const Graph& after)
{
    const Node& node = before.node(id);
    for (size_t i = 0; !node.name.empty() && i < after.nodes.size(); ++i) {
        if (after.nodes[i].name == node.name && after.nodes[i].opType == node.opType)
            return Selection::ofNode(static_cast<NodeId>(i));
    }
    for (const ValueId output : node.outputs) {
        const ValueId same = output == noValue ? noValue : after.findValue(before.value(output).name);
        if (same != noValue && after.value(same).producer != noNode)
            return Selection::ofNode(after.value(same).producer);
    }
    return {};
}

// By name, else by where it stands: the result of the same node, the same input.
Selection sameValue(const Graph& before, ValueId id, const Graph& after)
{
    const GraphValue& value = before.value(id);
    if (const ValueId same = after.findValue(value.name); same != noValue)
        return Selection::ofValue(same);
    const auto at = [id](const std::vector<ValueId>& from, const std::vector<ValueId>& to) {
        const auto place = static_cast<size_t>(std::find(from.begin(), from.end(), id) - from.begin());
        return place < to.size() && from.size() == to.size() && to[place] != noValue
                   ? Selection::ofValue(to[place])
                   : Selection{};
    };
    if (value.producer == noNode)
        return at(before.inputs, after.inputs);
    const Selection node = sameNode(before, value.producer, after);
    if (node.kind == Selection::Kind::None)
        return {};
    return at(before.node(value.producer).outputs, after.node(node.node).outputs);
}

} // namespace

Selection sameSelection(const Selection& selection, const Model& before, const Model& after)
{
    if (selection.graph != nullptr)
        return {};
    if (selection.kind == Selection::Kind::Node)
        return sameNode(before.graph, selection.node, after.graph);
    if (selection.kind == Selection::Kind::Value)
        return sameValue(before.graph, selection.value, after.graph);
    return {};
}

} // namespace lapidary
