// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/linked_view.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr double firstReach = 60; // pixels

QRectF areaOf(const ShownPart& part) { return {QPointF(), part.canvas}; }

// What two cards have in common when one has more rows: the middle of the header.
QPointF heldPoint(const BoxRect& box) { return {box.centerX(), box.y}; }

BoxId boxOf(const ShownPart& part, NodeId node)
{
    return part.scene && node != noNode ? part.scene->boxOf(Selection::ofNode(node)) : noBox;
}

} // namespace

// Looks around the middle, then twice as far: where nodes are small and many, most are never looked at.
NodeId nodeNearMiddle(const ShownPart& part, const Counterparts& counterparts)
{
    if (!part.scene)
        return noNode;
    const QRectF area = areaOf(part);
    const double farthest = std::hypot(area.width(), area.height()) / 2;
    NodeId found = noNode;
    double distance = std::numeric_limits<double>::max();
    for (double reach = firstReach; distance > reach && reach < 2 * farthest; reach *= 2) {
        const QRectF around(area.center() - QPointF(reach, reach), QSizeF(2 * reach, 2 * reach));
        part.scene->boxIndex().query(part.view.sceneArea(around & area), [&](int32_t id) {
            const DisplayBox& box = part.scene->box(id);
            if (box.kind != DisplayBox::Kind::Node || box.scope != 0 ||
                counterparts[static_cast<size_t>(box.node)] == noNode)
                return;
            const QPointF from = part.view.toView(part.scene->rect(id)).center() - area.center();
            const double away = std::hypot(from.x(), from.y());
            if (away < distance) {
                distance = away;
                found = box.node;
            }
        });
    }
    return found;
}

bool isInSight(const ShownPart& part, NodeId node)
{
    const BoxId box = boxOf(part, node);
    return box != noBox && part.view.toView(part.scene->rect(box)).intersects(areaOf(part));
}

ViewTransform viewBeside(const ShownPart& leading, NodeId node, const ShownPart& other, NodeId counterpart)
{
    ViewTransform view = other.view;
    view.zoomAbout(areaOf(other).center(), leading.view.scale);
    const BoxId from = boxOf(leading, node);
    const BoxId to = boxOf(other, counterpart);
    if (from == noBox || to == noBox)
        return view;
    const QPointF middle = leading.view.toScene(areaOf(leading).center());
    const QPointF held = heldPoint(other.scene->rect(to)) + middle - heldPoint(leading.scene->rect(from));
    view.centre(held.x(), held.y(), other.canvas);
    return view;
}

} // namespace lapidary
