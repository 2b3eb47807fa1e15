// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the working data of the layout steps, for one connected part of the graph. "along" is the
// direction of the flow, "across" the other one.
#pragma once

#include "viewers/graph/layout.h"

namespace lapidary::layered {

struct Size {
    double across = 0;
    double along = 0;
    double anchor = 0; // from the low side: the line across that straight wires keep to

    static Size centred(double across, double along) { return {across, along, across / 2}; }
};

// Where a box must stand: the ends of wires that lead out of a frame stand at its borders.
enum class Pin : uint8_t { None, First, Last };

// The place where an edge meets a box, from the low side of the box; freePort: wherever it suits.
constexpr double freePort = -1;

struct Edge {
    int32_t from = 0;
    int32_t to = 0;
    int32_t wire = 0;      // index into Component::wires
    int32_t original = 0;  // index into Level::edges
    bool reversed = false; // turned round to break a cycle, or by a pin
    double toPort = freePort;
};

// All edges that leave one box with one value.
struct Wire {
    int32_t source = 0;
    int32_t firstEdge = 0; // edges are sorted by wire
    int32_t edgeCount = 0;
    double fromPort = freePort;
};

struct Component {
    std::vector<Size> sizes;
    std::vector<Pin> pins;   // by box; empty: none
    std::vector<Edge> edges; // acyclic after orient()
    std::vector<Wire> wires;
    std::vector<int32_t> order; // topological order of the boxes

    int32_t boxCount() const { return static_cast<int32_t>(sizes.size()); }
    Pin pinOf(int32_t box) const { return pins.empty() ? Pin::None : pins[static_cast<size_t>(box)]; }
};

// Neighbours of each cell in one direction, in compressed rows.
struct Neighbours {
    std::vector<int32_t> start;
    std::vector<int32_t> cells;
    std::vector<uint8_t> ports; // as cells: where the neighbour is met, see Segment
    std::span<const int32_t> of(int32_t cell) const { return row(cells, cell); }
    std::span<const uint8_t> portsOf(int32_t cell) const { return row(ports, cell); }

private:
    template <typename T>
    std::span<const T> row(const std::vector<T>& items, int32_t cell) const
    {
        const auto i = static_cast<size_t>(cell);
        return {items.data() + start[i], static_cast<size_t>(start[i + 1] - start[i])};
    }
};

// A box, or the place where a wire passes a rank. Cell i is box i for the first boxCount() cells.
struct Cell {
    int32_t rank = 0;
    int32_t wire = -1; // -1: a box
    double before = 0; // across, on both sides of its line
    double after = 0;
    bool isBox() const { return wire < 0; }
};

// Where a segment meets a cell, from 0 at its low side to portSteps - 1: frames have fixed ports.
constexpr int32_t portSteps = 16;
constexpr uint8_t middlePort = portSteps / 2;

struct Segment {
    int32_t upper = 0;
    int32_t lower = 0; // one rank below upper
    uint8_t upperPort = middlePort;
    uint8_t lowerPort = middlePort;
};

// A wire too long for lanes: it runs beside the boxes from rank to rank.
struct Rail {
    int32_t wire = 0;
    int32_t firstRank = 0; // first and last rank that it passes
    int32_t lastRank = 0;
};

struct Layers {
    std::vector<Cell> cells;
    std::vector<Segment> segments;
    Neighbours up;
    Neighbours down;
    std::vector<std::vector<int32_t>> ranks; // cells of each rank, left to right
    std::vector<int32_t> position;           // of each cell in its rank
    std::vector<int32_t> firstLane;          // by wire: cell of the lane at the rank below the source, or -1
    std::vector<int32_t> railOf;             // by wire: index into rails, or -1
    std::vector<Rail> rails;
    std::vector<Segment> railSegments; // boxes that a rail joins, from its source to each consumer

    void updatePositions(size_t rank)
    {
        for (size_t i = 0; i < ranks[rank].size(); ++i)
            position[static_cast<size_t>(ranks[rank][i])] = static_cast<int32_t>(i);
    }
};

struct Placement {
    std::vector<double> across; // centre of each cell
    std::vector<int32_t> block; // cells of one block stand in one straight line
};

// What one component became; coordinates start at (0, 0).
struct ComponentLayout {
    double across = 0;
    double along = 0;
    std::vector<double> boxAcross; // upper left corner of each box
    std::vector<double> boxAlong;
    std::vector<int32_t> ranks;
    std::vector<std::vector<RouteRun>> routes; // by component edge
    int64_t crossings = 0;
    int32_t mainPort = -1; // of the boxes pinned first, the one with the longest straight line
    bool pinned = false;   // some box is
};

// Turns edges round that pins or cycles ask for, sorts edges into wires, fills the topological order.
void orient(Component& component);
// Rank of each box: every edge goes to a higher rank, edges are short, pins hold.
std::vector<int32_t> rankBoxes(const Component& component, JobContext& job);
Layers buildLayers(const Component& component, const std::vector<int32_t>& ranks);
// Orders the cells of each rank; returns the number of crossings left.
int64_t orderRanks(Layers& layers, JobContext& job);
// For each cell the cell of the next rank that stands straight below it, or -1.
std::vector<int32_t> straightSegments(const Layers& layers);
Placement placeCells(const Layers& layers, const LayoutOptions& options, JobContext& job);
ComponentLayout routeEdges(const Component& component, const Layers& layers, const Placement& placement,
                           const LayoutOptions& options);

double gapBetween(const Cell& left, const Cell& right, const LayoutOptions& options);

} // namespace lapidary::layered
