// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two graphs whose nodes are matched, looked at together: one view leads, the other one shows the
// counterpart of what it shows, at the same scale. Pure functions; cheap enough for each step of a drag.
#pragma once

#include "viewers/graph/graph_scene.h"
#include "viewers/graph/view_transform.h"

namespace lapidary {

// What a view shows of a graph.
struct ShownPart {
    std::shared_ptr<const GraphScene> scene; // null: nothing
    ViewTransform view;
    QSizeF canvas;
};

// By node of a graph: its counterpart in the other one; noNode: it has none.
using Counterparts = std::vector<NodeId>;

// The node, of those in sight that have a counterpart, whose card is nearest to the middle; noNode.
NodeId nodeNearMiddle(const ShownPart& part, const Counterparts& counterparts);
bool isInSight(const ShownPart& part, NodeId node);

// The view of the other graph in which a node's counterpart stands where the node stands in the leading
// one, seen from the middle. noNode, or a node that is not drawn: only the scale is taken over.
ViewTransform viewBeside(const ShownPart& leading, NodeId node, const ShownPart& other, NodeId counterpart);

} // namespace lapidary
