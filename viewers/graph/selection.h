// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the user has picked in a model: nothing (the model itself), a node, or a value
// (edge, input, output or weight) of the main graph.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

struct Selection {
    enum class Kind { None, Node, Value };
    Kind kind = Kind::None;
    NodeId node = noNode;
    ValueId value = noValue;

    static Selection ofNode(NodeId id) { return {Kind::Node, id, noValue}; }
    static Selection ofValue(ValueId id) { return {Kind::Value, noNode, id}; }
    bool operator==(const Selection&) const = default;
};

} // namespace lapidary
