// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the texts on a card below its header: weights and constants, bodies, attributes; for a group
// what it is made of.
#pragma once

#include "viewers/graph/display_graph.h"

namespace lapidary {

std::vector<DisplayRow> rowsOfNode(const Node& node, const FoldedValues& folded, bool attributes);
// The operators that there are most of in the group: "MatMul", "×6".
std::vector<DisplayRow> rowsOfGroup(const GroupTree& tree, GroupId id, const Graph& graph);

} // namespace lapidary
