// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_walk.h"

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

// What is in a frame follows it.
BoxId firstInside(const GraphScene& scene, BoxId frame)
{
    const auto& boxes = scene.display().boxes;
    const auto inside = static_cast<size_t>(frame) + 1;
    return inside < boxes.size() && boxes[inside].frame == frame ? static_cast<BoxId>(inside) : noBox;
}

// Of several edges the one that goes straightest.
BoxId nextAlong(const GraphScene& scene, BoxId from, bool forward)
{
    const auto edges = forward ? scene.outEdges(from) : scene.inEdges(from);
    const BoxRect& here = scene.rect(from);
    BoxId best = forward && scene.box(from).open ? firstInside(scene, from) : noBox;
    double nearest = std::numeric_limits<double>::max();
    for (const EdgeId edge : edges) {
        const BoxId other = forward ? scene.edge(edge).to : scene.edge(edge).from;
        const BoxRect& there = scene.rect(other);
        const double distance =
            std::hypot(there.centerX() - here.centerX(), there.centerY() - here.centerY());
        if (distance < nearest) {
            nearest = distance;
            best = other;
        }
    }
    return best;
}

// In the same frame and rank.
BoxId nextAcross(const GraphScene& scene, BoxId from, bool forward)
{
    const BoxRect& here = scene.rect(from);
    const bool horizontal = scene.horizontal();
    const double far = std::max(scene.layout().width, scene.layout().height);
    const Bounds band = horizontal ? Bounds{here.x, -far, here.right(), 2 * far}
                                   : Bounds{-far, here.y, 2 * far, here.bottom()};
    BoxId best = noBox;
    double nearest = std::numeric_limits<double>::max();
    scene.boxIndex().query(band, [&](int32_t other) {
        const BoxRect& there = scene.rect(other);
        const double step = horizontal ? there.centerY() - here.centerY() : there.centerX() - here.centerX();
        const double distance = forward ? step : -step;
        const bool sibling = scene.box(other).frame == scene.box(from).frame;
        if (other != from && sibling && distance > 0 && distance < nearest) {
            nearest = distance;
            best = other;
        }
    });
    return best;
}

} // namespace

BoxId nextBox(const GraphScene& scene, BoxId from, WalkStep step)
{
    const bool sideways = step == WalkStep::Left || step == WalkStep::Right;
    const bool forward = step == WalkStep::Down || step == WalkStep::Right;
    return scene.horizontal() == sideways ? nextAlong(scene, from, forward)
                                          : nextAcross(scene, from, forward);
}

BoxId nearestBox(const GraphScene& scene, double x, double y)
{
    BoxId found = noBox;
    double nearest = std::numeric_limits<double>::max();
    for (size_t i = 0; i < scene.display().boxes.size(); ++i) {
        const BoxRect& rect = scene.rect(static_cast<BoxId>(i));
        const double distance = std::hypot(rect.centerX() - x, rect.centerY() - y);
        if (distance < nearest) {
            nearest = distance;
            found = static_cast<BoxId>(i);
        }
    }
    return found;
}

} // namespace lapidary
