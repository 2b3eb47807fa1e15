// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the user has picked in a model: nothing (the model itself), a node, a value (edge,
// input, output or weight), or a group of nodes; in the model's own graph, a body or a function.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// Nodes that are seen as one thing.
struct NodeGroup {
    std::string name;
    std::string place; // names it for OpenPlaces
    std::vector<NodeId> nodes;
    int32_t alike = 1; // groups of the graph that are made the same way
};

struct Selection {
    enum class Kind { None, Node, Value, Group };
    Kind kind = Kind::None;
    NodeId node = noNode;
    ValueId value = noValue;
    const Graph* graph = nullptr; // null: the model's own; lives as long as the model
    std::shared_ptr<const NodeGroup> group = nullptr;

    static Selection ofNode(NodeId id, const Graph* graph = nullptr)
    {
        return {Kind::Node, id, noValue, graph, nullptr};
    }
    static Selection ofValue(ValueId id, const Graph* graph = nullptr)
    {
        return {Kind::Value, noNode, id, graph, nullptr};
    }
    static Selection ofGroup(std::shared_ptr<const NodeGroup> group, const Graph* graph = nullptr)
    {
        return {Kind::Group, noNode, noValue, graph, std::move(group)};
    }
    const Graph& graphIn(const Model& model) const { return graph != nullptr ? *graph : model.graph; }
    // The node of the model's own graph that this is; noNode.
    NodeId ownNode() const { return kind == Kind::Node && graph == nullptr ? node : noNode; }
    bool operator==(const Selection& other) const
    {
        const bool sameGroup = group == other.group || (group != nullptr && other.group != nullptr &&
                                                        group->place == other.group->place);
        return kind == other.kind && node == other.node && value == other.value && graph == other.graph &&
               sameGroup;
    }
};

// Something that a search found, for the drawing to mark.
struct HitMark {
    const Graph* graph = nullptr; // null: the model's own
    NodeId node = noNode;
    ValueId value = noValue;
    NodeId around = noNode; // node of the model's own graph that is marked instead while the hit is not drawn
    bool operator==(const HitMark&) const = default;
};

} // namespace lapidary
