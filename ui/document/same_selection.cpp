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

} // namespace

Selection sameSelection(const Selection& selection, const Model& before, const Model& after)
{
    if (selection.graph != nullptr)
        return {};
    if (selection.kind == Selection::Kind::Node)
        return sameNode(before.graph, selection.node, after.graph);
    if (selection.kind == Selection::Kind::Value) {
        const ValueId same = after.graph.findValue(before.graph.value(selection.value).name);
        return same == noValue ? Selection{} : Selection::ofValue(same);
    }
    return {};
}

} // namespace lapidary
