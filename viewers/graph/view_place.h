// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where a view stands in a graph, in words that hold for another version of the graph.
#pragma once

#include "viewers/graph/graph_scene.h"
#include "viewers/graph/view_transform.h"

#include <QSizeF>

namespace lapidary {

struct ViewPlace {
    // A box near the middle, by a name that the same box has in another scene.
    struct Mark {
        std::string box;
        QPointF corner; // its upper left one, in the view
    };
    ViewTransform view;
    std::vector<Mark> marks; // the nearest first
};

ViewPlace placeOf(const GraphScene& scene, const ViewTransform& view, const QSizeF& canvas);
// The first mark that is in the scene stands where it stood; without one, the view stays as it was.
ViewTransform viewAt(const ViewPlace& place, const GraphScene& scene);

} // namespace lapidary
