// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the layout of one level: boxes and edges without frames. First orient(), then, when the
// sizes of all boxes are known, layout().
#pragma once

#include "viewers/graph/layout/layered_graph.h"

namespace lapidary::layered {

struct LevelEdge {
    int32_t from = 0;
    int32_t to = 0;
    int32_t wire = 0; // edges with the same source and wire are bundled
    double fromPort = freePort;
    double toPort = freePort;
    bool reversed = false; // set by orient(): runs against the flow
};

// Coordinates start at (0, 0).
struct LevelLayout {
    double across = 0;
    double along = 0;
    std::vector<double> boxAcross; // low corner of each box
    std::vector<double> boxAlong;
    std::vector<int32_t> ranks;
    std::vector<std::vector<RouteRun>> routes; // by edge; empty for a self-loop
    int64_t crossings = 0;
    int32_t mainPort = -1; // of the boxes pinned first, the one with the longest straight line; -1: none
};

class Level {
public:
    // pins: by box; empty: none.
    Level(size_t boxes, std::vector<Pin> pins, std::vector<LevelEdge> edges);

    std::vector<LevelEdge>& edges() { return m_edges; }
    const std::vector<LevelEdge>& edges() const { return m_edges; }

    void orient();
    // After orient(). sizes: by box. Unfinished when the job is asked to stop.
    LevelLayout layout(const std::vector<Size>& sizes, const LayoutOptions& options, JobContext& job);

private:
    std::vector<int32_t> connectedRoots() const;
    void split();
    void fill(Component& component, const std::vector<int32_t>& boxes, const std::vector<Size>& sizes) const;
    LevelLayout assemble(std::vector<ComponentLayout>& parts, const LayoutOptions& options) const;

    size_t m_boxCount;
    std::vector<Pin> m_pins;
    std::vector<LevelEdge> m_edges;
    std::vector<Component> m_components;
    std::vector<std::vector<int32_t>> m_boxes; // by component
};

} // namespace lapidary::layered
