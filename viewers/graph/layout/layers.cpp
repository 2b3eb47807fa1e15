// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>
#include <numeric>

namespace lapidary::layered {

namespace {

// A wire that passes more ranks than this runs on a rail.
constexpr int32_t longestLane = 256;
// All lanes together may be so many times the boxes, plus a little; the longest wires give way.
constexpr int64_t lanesPerBox = 3;
constexpr int64_t lanesAlways = 512;

// Ranks that each wire passes between its source and its last consumer.
std::vector<int32_t> passedRanks(const Component& component, const std::vector<int32_t>& ranks)
{
    std::vector<int32_t> passed;
    passed.reserve(component.wires.size());
    for (const Wire& wire : component.wires) {
        int32_t last = 0;
        for (int32_t i = 0; i < wire.edgeCount; ++i) {
            const Edge& edge = component.edges[static_cast<size_t>(wire.firstEdge + i)];
            last = std::max(last, ranks[static_cast<size_t>(edge.to)]);
        }
        passed.push_back(last - ranks[static_cast<size_t>(wire.source)] - 1);
    }
    return passed;
}

int32_t laneLimit(const std::vector<int32_t>& passed, int64_t boxes)
{
    std::vector<int64_t> wiresOfLength(longestLane + 1, 0);
    for (const int32_t length : passed) {
        if (length <= longestLane)
            ++wiresOfLength[static_cast<size_t>(length)];
    }
    int64_t budget = lanesPerBox * boxes + lanesAlways;
    for (int32_t length = 1; length <= longestLane; ++length) {
        budget -= wiresOfLength[static_cast<size_t>(length)] * length;
        if (budget < 0)
            return length - 1;
    }
    return longestLane;
}

Neighbours neighboursOf(size_t cells, const std::vector<Segment>& segments, int32_t Segment::*key,
                        int32_t Segment::*other, uint8_t Segment::*otherPort)
{
    Neighbours result;
    result.start.assign(cells + 1, 0);
    for (const Segment& segment : segments)
        ++result.start[static_cast<size_t>(segment.*key) + 1];
    std::partial_sum(result.start.begin(), result.start.end(), result.start.begin());
    result.cells.resize(segments.size());
    result.ports.resize(segments.size());
    std::vector<int32_t> fill(result.start.begin(), result.start.end() - 1);
    for (const Segment& segment : segments) {
        const auto place = static_cast<size_t>(fill[static_cast<size_t>(segment.*key)]++);
        result.cells[place] = segment.*other;
        result.ports[place] = segment.*otherPort;
    }
    return result;
}

uint8_t portOf(double port, double width)
{
    if (port == freePort || width <= 0)
        return middlePort;
    return static_cast<uint8_t>(std::clamp(port / width * portSteps, 0.0, portSteps - 1.0));
}

void addLanes(Layers& layers, int32_t wire, int32_t source, int32_t sourceRank, int32_t count,
              uint8_t sourcePort)
{
    layers.firstLane[static_cast<size_t>(wire)] = static_cast<int32_t>(layers.cells.size());
    int32_t upper = source;
    for (int32_t i = 0; i < count; ++i) {
        const auto lane = static_cast<int32_t>(layers.cells.size());
        layers.cells.push_back({sourceRank + 1 + i, wire});
        layers.segments.push_back({upper, lane, i == 0 ? sourcePort : middlePort, middlePort});
        upper = lane;
    }
}

} // namespace

Layers buildLayers(const Component& component, const std::vector<int32_t>& ranks)
{
    Layers layers;
    for (size_t box = 0; box < component.sizes.size(); ++box)
        layers.cells.push_back({ranks[box], -1, component.sizes[box].anchor,
                                component.sizes[box].across - component.sizes[box].anchor});
    layers.firstLane.assign(component.wires.size(), -1);
    layers.railOf.assign(component.wires.size(), -1);
    const std::vector<int32_t> passed = passedRanks(component, ranks);
    const int32_t limit = laneLimit(passed, component.boxCount());
    for (size_t w = 0; w < component.wires.size(); ++w) {
        const Wire& wire = component.wires[w];
        const int32_t sourceRank = ranks[static_cast<size_t>(wire.source)];
        const uint8_t fromPort =
            portOf(wire.fromPort, component.sizes[static_cast<size_t>(wire.source)].across);
        if (passed[w] > limit) {
            layers.railOf[w] = static_cast<int32_t>(layers.rails.size());
            layers.rails.push_back({static_cast<int32_t>(w), sourceRank + 1, sourceRank + passed[w]});
        } else if (passed[w] > 0) {
            addLanes(layers, static_cast<int32_t>(w), wire.source, sourceRank, passed[w], fromPort);
        }
        for (int32_t i = 0; i < wire.edgeCount; ++i) {
            const Edge& edge = component.edges[static_cast<size_t>(wire.firstEdge + i)];
            const int32_t to = edge.to;
            const uint8_t toPort = portOf(edge.toPort, component.sizes[static_cast<size_t>(to)].across);
            const int32_t distance = ranks[static_cast<size_t>(to)] - sourceRank;
            if (distance == 1)
                layers.segments.push_back({wire.source, to, fromPort, toPort});
            else if (layers.firstLane[w] >= 0)
                layers.segments.push_back({layers.firstLane[w] + distance - 2, to, middlePort, toPort});
            else
                layers.railSegments.push_back({wire.source, to});
        }
    }
    layers.up = neighboursOf(layers.cells.size(), layers.segments, &Segment::lower, &Segment::upper,
                             &Segment::upperPort);
    layers.down = neighboursOf(layers.cells.size(), layers.segments, &Segment::upper, &Segment::lower,
                               &Segment::lowerPort);
    const int32_t lastRank = ranks.empty() ? -1 : *std::max_element(ranks.begin(), ranks.end());
    layers.ranks.resize(static_cast<size_t>(lastRank + 1));
    layers.position.assign(layers.cells.size(), 0);
    return layers;
}

double gapBetween(const Cell& left, const Cell& right, const LayoutOptions& options)
{
    if (left.isBox() && right.isBox())
        return options.boxGap;
    return options.laneGap;
}

} // namespace lapidary::layered
