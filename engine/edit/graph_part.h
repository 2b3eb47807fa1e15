// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a graph made of nodes of another one. Internal to engine/edit.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

struct GraphPart {
    std::vector<NodeId> nodes; // in their order
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
    std::unordered_map<ValueId, ValueId> replaced;  // what is read instead of a value
    std::unordered_map<ValueId, std::string> names; // other names of values
};

// Values and weights that nothing uses are left out. Connected.
Graph partOf(const Graph& graph, const GraphPart& part);

// Other names, by the old one, for the values around the node that its bodies read.
void renameCaptures(Node& node, const std::map<std::string, std::string>& names);

} // namespace lapidary
