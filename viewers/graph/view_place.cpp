// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/view_place.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

constexpr size_t mostMarks = 16; // several, in case that the nearest is gone

// Values have names; nodes often have none, but what they make has.
std::string nameOf(const GraphScene& scene, BoxId id)
{
    const DisplayBox& box = scene.box(id);
    const std::string scope = scene.display().scope(box.scope).key + "\n";
    const Graph& graph = scene.graphOf(box.scope);
    switch (box.kind) {
    case DisplayBox::Kind::Input: return scope + "in " + graph.value(box.value).name;
    case DisplayBox::Kind::Output: return scope + "out " + graph.value(box.value).name;
    case DisplayBox::Kind::Node:
        for (const ValueId output : graph.node(box.node).outputs) {
            if (output != noValue)
                return scope + "node " + graph.value(output).name;
        }
        return {};
    case DisplayBox::Kind::Group:
    case DisplayBox::Kind::Body: break;
    }
    return scope + "place " + scene.display().placeKey(id);
}

} // namespace

ViewPlace placeOf(const GraphScene& scene, const ViewTransform& view, const QSizeF& canvas)
{
    ViewPlace place{view, {}};
    const QRectF area(QPointF(), canvas);
    std::vector<std::pair<double, BoxId>> boxes;
    scene.boxIndex().query(view.sceneArea(area), [&](int32_t box) {
        const QPointF from = view.toView(scene.rect(box)).center() - area.center();
        boxes.emplace_back(std::hypot(from.x(), from.y()), box);
    });
    const size_t count = std::min(mostMarks, boxes.size());
    std::partial_sort(boxes.begin(), boxes.begin() + static_cast<std::ptrdiff_t>(count), boxes.end());
    for (size_t i = 0; i < count; ++i) {
        if (std::string name = nameOf(scene, boxes[i].second); !name.empty())
            place.marks.push_back({std::move(name), view.toView(scene.rect(boxes[i].second)).topLeft()});
    }
    return place;
}

ViewTransform viewAt(const ViewPlace& place, const GraphScene& scene)
{
    size_t best = place.marks.size();
    BoxId found = noBox;
    for (size_t i = 0; i < scene.display().boxes.size() && best > 0; ++i) {
        const std::string name = nameOf(scene, static_cast<BoxId>(i));
        for (size_t mark = 0; mark < best; ++mark) {
            if (place.marks[mark].box == name) {
                best = mark;
                found = static_cast<BoxId>(i);
            }
        }
    }
    ViewTransform view = place.view;
    if (found != noBox) {
        view.left = scene.rect(found).x - place.marks[best].corner.x() / view.scale;
        view.top = scene.rect(found).y - place.marks[best].corner.y() / view.scale;
    }
    return view;
}

} // namespace lapidary
