// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the parts that a graph is made of: layers, blocks, attention, ... as a tree of groups over its
// nodes. From the names of nodes where those are paths ("/encoder/layer.0/dense/MatMul"), else from the
// structure of the graph. Pure data; built on any thread.
#pragma once

#include "viewers/graph/folded_values.h"

namespace lapidary {

using GroupId = int32_t;
constexpr GroupId noGroup = -1;

struct Group {
    std::string name; // "layer.0", "Attention"
    std::string key;  // unique in the graph, the same each time it is built
    GroupId parent = noGroup;
    int32_t depth = 0;           // 0: not in another group
    std::vector<NodeId> nodes;   // directly in it, ascending
    std::vector<GroupId> groups; // directly in it
    NodeId firstNode = noNode;   // of all in it
    int32_t nodeCount = 0;       // of all in it that are drawn
    int32_t likeness = -1;       // groups with the same number have the same nodes, joined the same way
    int32_t alike = 1;           // groups of that likeness
};

struct GroupTree {
    std::vector<Group> groups;        // a group comes before what is in it
    std::vector<GroupId> groupOfNode; // the innermost, or noGroup
    std::vector<GroupId> roots;
    int32_t looseNodes = 0; // drawn ones in no group
    int32_t depth = 0;      // of the deepest group, counted from 1; 0: no groups

    const Group& group(GroupId id) const { return groups[static_cast<size_t>(id)]; }
};

// No groups when neither names nor structure show any.
GroupTree buildGroupTree(const Graph& graph, const FoldedValues& folded);

// All nodes in the group and in the groups in it, ascending.
std::vector<NodeId> nodesIn(const GroupTree& tree, GroupId id);

// Boxes that are seen when groups less deep than level are open.
int32_t boxesAtLevel(const GroupTree& tree, int32_t level);

// How the builders say it: the groups around each node, from the outside in. Nodes whose paths begin
// with the same steps share those groups.
using GroupPath = std::vector<std::string>;

// From names; empty paths where a name shows nothing.
std::vector<GroupPath> pathsFromNames(const Graph& graph, const FoldedValues& folded);
// From repeated blocks, attention, feed-forward and residual parts, and stages of them.
std::vector<GroupPath> pathsFromStructure(const Graph& graph, const FoldedValues& folded);

} // namespace lapidary
