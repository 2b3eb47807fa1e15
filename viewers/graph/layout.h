// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where boxes and edges of a graph go: a layered layout as a pure function of sizes and
// edges. Steps, each in its own file under layout/: orient (cycles), rank, layers, order, place,
// route, pack. An edge that spans many ranks shares one lane with all edges of the same wire, and very
// long ones run on rails beside the boxes, so that they cost nothing per rank they pass.
// Boxes may stand inside frames: each frame is laid out by itself and is one box of what is around it;
// edges cross its border straight, at its first or its last side.
#pragma once

#include "engine/base/job_context.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary {

struct BoxSize {
    double width = 0;
    double height = 0;
};

// from, to: indices of boxes. Edges with the same source and wire carry the same value and are bundled.
struct LayoutEdge {
    int32_t from = 0;
    int32_t to = 0;
    int32_t wire = 0;
};

struct LayoutInput {
    std::vector<BoxSize> boxes; // of a frame: the least size
    std::vector<LayoutEdge> edges;
    // The frame around each box, or -1; a frame comes before what is in it. Empty: no frames. A box is a
    // frame when it is the parent of another one.
    std::vector<int32_t> parents;
};

enum class LayoutDirection { Vertical, Horizontal };

// All lengths in units of the scene (pixels at 100 %).
struct LayoutOptions {
    LayoutDirection direction = LayoutDirection::Vertical;
    double boxGap = 22;  // between boxes of one rank
    double laneGap = 12; // between a lane and its neighbours
    double rankGap = 30; // between ranks; grows where edges go far sideways
    double componentGap = 48;
    double frameHeader = 24; // room at the top of a frame
    double framePadding = 14;

    static LayoutOptions along(LayoutDirection direction);
};

struct BoxRect {
    double x = 0; // left
    double y = 0; // top
    double width = 0;
    double height = 0;
    double right() const { return x + width; }
    double bottom() const { return y + height; }
    double centerX() const { return x + width / 2; }
    double centerY() const { return y + height / 2; }
};

// A straight piece of an edge along the flow: at `across` from `start` to `end` (x and y range in a
// vertical layout, y and x range in a horizontal one). Consecutive runs are joined by curves whose
// tangents at both ends point along the flow.
struct RouteRun {
    double across = 0;
    double start = 0;
    double end = 0;
};

struct GraphLayout {
    LayoutDirection direction = LayoutDirection::Vertical;
    double width = 0;
    double height = 0;
    std::vector<BoxRect> boxes; // as LayoutInput::boxes
    std::vector<int32_t> ranks; // of each box, from 0 within its component
    std::vector<RouteRun> runs;
    std::vector<uint32_t> routeStart; // edge e: runs [routeStart[e], routeStart[e + 1]); size edges + 1
    int64_t crossings = 0;            // of edge pieces between neighbouring ranks

    // From the border of the source box to the border of the target box; empty for a self-loop and
    // between a frame and what is in it.
    std::span<const RouteRun> route(size_t edge) const
    {
        return {runs.data() + routeStart[edge], routeStart[edge + 1] - routeStart[edge]};
    }
};

// Any graph: cycles, self-loops, parts without connection, no boxes at all. The same input gives the
// same layout. Thread safe. Errors: InvalidArgument (an edge or a parent names a box that is not there,
// or a frame comes after what is in it), Cancelled.
Result<GraphLayout> layoutGraph(const LayoutInput& input, const LayoutOptions& options, JobContext& job);

} // namespace lapidary
