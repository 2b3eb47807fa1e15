// SPDX-License-Identifier: GPL-3.0-or-later
// From ranks and coordinates across to rectangles and routes. Boxes stand in bands, one per rank; edges
// run straight through bands, in lanes of their own, and bend only in the gaps between bands, where no
// box is: so no edge runs through a box.
#include "viewers/graph/layout/contour.h"
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>
#include <cmath>

namespace lapidary::layered {

namespace {

constexpr double portMargin = 7;    // of a port from the corner of its box
constexpr double portDistance = 12; // wished between two ports of a box
constexpr double slopeRoom = 0.10;  // extra gap per unit that an edge goes sideways
constexpr double mostExtraGap = 60;

class Router {
public:
    Router(const Component& component, const Layers& layers, const Placement& placement,
           const LayoutOptions& options)
        : m_component(component), m_layers(layers), m_placement(placement), m_options(options)
    {
        m_across = placement.across;
    }

    ComponentLayout route()
    {
        placeRails();
        placePorts();
        placeBands();
        ComponentLayout result;
        result.along = m_bands.empty() ? 0 : m_bands.back().end;
        result.boxAcross.resize(m_component.sizes.size());
        result.boxAlong.resize(m_component.sizes.size());
        result.ranks.resize(m_component.sizes.size());
        for (size_t box = 0; box < m_component.sizes.size(); ++box) {
            result.boxAcross[box] = boxLow(box);
            result.boxAlong[box] = boxStart(box);
            result.ranks[box] = m_layers.cells[box].rank;
        }
        result.routes.resize(m_component.edges.size());
        for (size_t e = 0; e < m_component.edges.size(); ++e)
            result.routes[e] = routeOf(e);
        moveToOrigin(result);
        return result;
    }

private:
    struct Band {
        double start = 0;
        double end = 0;
    };

    const Band& bandOf(int32_t rank) const { return m_bands[static_cast<size_t>(rank)]; }
    int32_t rankOf(int32_t cell) const { return m_layers.cells[static_cast<size_t>(cell)].rank; }
    double boxLow(size_t box) const { return m_across[box] - m_component.sizes[box].anchor; }
    double acrossOf(int32_t cell) const { return m_across[static_cast<size_t>(cell)]; }

    // Shorter rails first, so that they nest; each on the side that is nearer to what it joins.
    void placeRails()
    {
        m_railAcross.assign(m_layers.rails.size(), 0);
        if (m_layers.rails.empty())
            return;
        Contour right(m_layers.ranks.size());
        Contour left(m_layers.ranks.size());
        for (size_t i = 0; i < m_layers.cells.size(); ++i) {
            const auto rank = static_cast<size_t>(m_layers.cells[i].rank);
            right.raise(rank, rank, m_across[i] + m_layers.cells[i].after);
            left.raise(rank, rank, -m_across[i] + m_layers.cells[i].before);
        }
        std::vector<size_t> order(m_layers.rails.size());
        for (size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
            const Rail& first = m_layers.rails[a];
            const Rail& second = m_layers.rails[b];
            return first.lastRank - first.firstRank < second.lastRank - second.firstRank;
        });
        for (const size_t i : order) {
            const Rail& rail = m_layers.rails[i];
            const auto first = static_cast<size_t>(rail.firstRank);
            const auto last = static_cast<size_t>(rail.lastRank);
            const double atRight = right.highest(first, last) + m_options.laneGap;
            const double atLeft = -(left.highest(first, last) + m_options.laneGap);
            const double middle = meanAcross(m_component.wires[static_cast<size_t>(rail.wire)]);
            const bool goRight = atRight - middle <= middle - atLeft;
            m_railAcross[i] = goRight ? atRight : atLeft;
            if (goRight)
                right.raise(first, last, atRight);
            else
                left.raise(first, last, -atLeft);
        }
    }

    double meanAcross(const Wire& wire) const
    {
        double sum = acrossOf(wire.source);
        for (int32_t i = 0; i < wire.edgeCount; ++i)
            sum += acrossOf(m_component.edges[static_cast<size_t>(wire.firstEdge + i)].to);
        return sum / (wire.edgeCount + 1);
    }

    // Where edge e leads to just below the rank of its source.
    double firstAcross(size_t e) const
    {
        const Edge& edge = m_component.edges[e];
        const auto wire = static_cast<size_t>(edge.wire);
        if (rankOf(edge.to) - rankOf(edge.from) == 1)
            return m_inPort[e];
        if (m_layers.railOf[wire] >= 0)
            return m_railAcross[static_cast<size_t>(m_layers.railOf[wire])];
        return acrossOf(m_layers.firstLane[wire]);
    }

    // Where edge e comes from just above the rank of its target.
    double lastAcross(const Edge& edge) const
    {
        const auto wire = static_cast<size_t>(edge.wire);
        const int32_t distance = rankOf(edge.to) - rankOf(edge.from);
        if (distance == 1)
            return m_outPort[wire];
        if (m_layers.railOf[wire] >= 0)
            return m_railAcross[static_cast<size_t>(m_layers.railOf[wire])];
        return acrossOf(m_layers.firstLane[wire] + distance - 2);
    }

    int32_t lastCell(const Edge& edge) const
    {
        const auto wire = static_cast<size_t>(edge.wire);
        const int32_t distance = rankOf(edge.to) - rankOf(edge.from);
        if (distance == 1)
            return edge.from;
        return m_layers.railOf[wire] >= 0 ? -1 : m_layers.firstLane[wire] + distance - 2;
    }

    bool straight(int32_t cell, int32_t box) const
    {
        return cell >= 0 &&
               m_placement.block[static_cast<size_t>(cell)] == m_placement.block[static_cast<size_t>(box)];
    }

    struct Port {
        double wished;
        int32_t index; // of the wire or edge
        bool fixed;
    };

    void placePorts()
    {
        m_outPort.assign(m_component.wires.size(), 0);
        m_inPort.assign(m_component.edges.size(), 0);
        std::vector<std::vector<Port>> ports(m_component.sizes.size());
        for (size_t w = 0; w < m_component.wires.size(); ++w) {
            const Wire& wire = m_component.wires[w];
            const auto source = static_cast<size_t>(wire.source);
            if (wire.fromPort != freePort)
                m_outPort[w] = boxLow(source) + wire.fromPort;
            else
                ports[source].push_back({meanAcross(wire), static_cast<int32_t>(w), leavesStraight(wire)});
        }
        for (size_t box = 0; box < ports.size(); ++box) {
            if (ports[box].size() == 1)
                ports[box][0].fixed = true; // one value leaves at the middle, and may fork there
            spread(box, ports[box], m_outPort);
            ports[box].clear();
        }
        for (size_t e = 0; e < m_component.edges.size(); ++e) {
            const Edge& edge = m_component.edges[e];
            const auto target = static_cast<size_t>(edge.to);
            if (edge.toPort != freePort)
                m_inPort[e] = boxLow(target) + edge.toPort;
            else
                ports[target].push_back(
                    {lastAcross(edge), static_cast<int32_t>(e), straight(lastCell(edge), edge.to)});
        }
        for (size_t box = 0; box < ports.size(); ++box)
            spread(box, ports[box], m_inPort);
    }

    bool leavesStraight(const Wire& wire) const
    {
        for (int32_t i = 0; i < wire.edgeCount; ++i) {
            const Edge& edge = m_component.edges[static_cast<size_t>(wire.firstEdge + i)];
            const int32_t distance = rankOf(edge.to) - rankOf(edge.from);
            const int32_t lane = m_layers.firstLane[static_cast<size_t>(edge.wire)];
            const int32_t next = distance == 1 ? edge.to : lane;
            if (straight(next, edge.from) && next >= 0)
                return true;
        }
        return false;
    }

    // Ports of one side of a box, in the order of where they lead to. A fixed one is in the middle.
    void spread(size_t box, std::vector<Port>& ports, std::vector<double>& result) const
    {
        if (ports.empty())
            return;
        const double middle = m_across[box];
        const Size& size = m_component.sizes[box];
        const double reach = std::max(0.0, std::min(size.anchor, size.across - size.anchor) - portMargin);
        std::stable_sort(ports.begin(), ports.end(),
                         [](const Port& a, const Port& b) { return a.wished < b.wished; });
        const size_t fixed = fixedPort(ports, middle);
        const double distance =
            std::min(portDistance, ports.size() < 2 ? 0 : 2 * reach / static_cast<double>(ports.size() - 1));
        for (size_t i = 0; i < ports.size(); ++i) {
            double offset = 0;
            if (fixed < ports.size())
                offset = (static_cast<double>(i) - static_cast<double>(fixed)) *
                         sideStep(fixed, i, ports.size(), reach, distance);
            else
                offset = (static_cast<double>(i) - static_cast<double>(ports.size() - 1) / 2) * distance;
            result[static_cast<size_t>(ports[i].index)] = middle + offset;
        }
    }

    // The port that the straight edge takes; none when the middle port has no edge of its own.
    static size_t fixedPort(const std::vector<Port>& ports, double middle)
    {
        size_t found = ports.size();
        for (size_t i = 0; i < ports.size(); ++i) {
            if (ports[i].fixed && (found == ports.size() || std::abs(ports[i].wished - middle) <
                                                                std::abs(ports[found].wished - middle)))
                found = i;
        }
        return found;
    }

    static double sideStep(size_t fixed, size_t i, size_t count, double reach, double distance)
    {
        const auto side = static_cast<double>(i < fixed ? fixed : count - 1 - fixed);
        return side > 0 ? std::min(distance, reach / side) : distance;
    }

    void placeBands()
    {
        const size_t count = m_layers.ranks.size();
        m_bands.resize(count);
        std::vector<double> extra(count, 0); // of the gap below each rank
        for (size_t e = 0; e < m_component.edges.size(); ++e)
            widenGaps(m_component.edges[e], m_inPort[e], extra);
        for (const Segment& segment : m_layers.segments)
            widen(extra, rankOf(segment.upper), acrossOf(segment.lower) - acrossOf(segment.upper));
        for (size_t e = 0; e < m_component.edges.size(); ++e) {
            const Edge& edge = m_component.edges[e];
            const Wire& wire = m_component.wires[static_cast<size_t>(edge.wire)];
            if (wire.fromPort != freePort)
                widen(extra, rankOf(edge.from), m_outPort[static_cast<size_t>(edge.wire)] - firstAcross(e));
            if (edge.toPort != freePort)
                widen(extra, rankOf(edge.to) - 1, m_inPort[e] - lastAcross(edge));
        }
        double at = 0;
        for (size_t rank = 0; rank < count; ++rank) {
            double tallest = 0;
            for (const int32_t cell : m_layers.ranks[rank]) {
                if (m_layers.cells[static_cast<size_t>(cell)].isBox())
                    tallest = std::max(tallest, m_component.sizes[static_cast<size_t>(cell)].along);
            }
            m_bands[rank] = {at, at + tallest};
            at += tallest + m_options.rankGap + extra[rank];
        }
    }

    void widenGaps(const Edge& edge, double inPort, std::vector<double>& extra) const
    {
        const int32_t rail = m_layers.railOf[static_cast<size_t>(edge.wire)];
        if (rail < 0 || rankOf(edge.to) - rankOf(edge.from) == 1)
            return;
        const double across = m_railAcross[static_cast<size_t>(rail)];
        widen(extra, rankOf(edge.from), across - m_outPort[static_cast<size_t>(edge.wire)]);
        widen(extra, rankOf(edge.to) - 1, across - inPort);
    }

    static void widen(std::vector<double>& extra, int32_t rank, double sideways)
    {
        double& gap = extra[static_cast<size_t>(rank)];
        gap = std::max(gap, std::min(mostExtraGap, slopeRoom * std::abs(sideways)));
    }

    double boxStart(size_t box) const
    {
        const Band& band = bandOf(m_layers.cells[box].rank);
        return (band.start + band.end - m_component.sizes[box].along) / 2;
    }

    std::vector<RouteRun> routeOf(size_t e) const
    {
        const Edge& edge = m_component.edges[e];
        const auto wire = static_cast<size_t>(edge.wire);
        const auto from = static_cast<size_t>(edge.from);
        const int32_t firstRank = rankOf(edge.from);
        const int32_t lastRank = rankOf(edge.to);
        std::vector<RouteRun> runs;
        append(runs, m_outPort[wire], boxStart(from) + m_component.sizes[from].along, bandOf(firstRank).end);
        if (m_layers.railOf[wire] >= 0 && lastRank - firstRank > 1) {
            append(runs, m_railAcross[static_cast<size_t>(m_layers.railOf[wire])],
                   bandOf(firstRank + 1).start, bandOf(lastRank - 1).end);
        } else {
            for (int32_t rank = firstRank + 1; rank < lastRank; ++rank)
                append(runs, acrossOf(m_layers.firstLane[wire] + rank - firstRank - 1), bandOf(rank).start,
                       bandOf(rank).end);
        }
        append(runs, m_inPort[e], bandOf(lastRank).start, boxStart(static_cast<size_t>(edge.to)));
        if (edge.reversed) {
            std::reverse(runs.begin(), runs.end());
            for (RouteRun& run : runs)
                std::swap(run.start, run.end);
        }
        return runs;
    }

    static void append(std::vector<RouteRun>& runs, double across, double start, double end)
    {
        if (!runs.empty() && std::abs(runs.back().across - across) < 0.01)
            runs.back().end = end;
        else
            runs.push_back({across, start, end});
    }

    static void moveToOrigin(ComponentLayout& result, double lowest)
    {
        for (double& across : result.boxAcross)
            across -= lowest;
        for (auto& runs : result.routes) {
            for (RouteRun& run : runs)
                run.across -= lowest;
        }
    }

    void moveToOrigin(ComponentLayout& result) const
    {
        double lowest = 0;
        double highest = 0;
        bool first = true;
        const auto include = [&](double low, double high) {
            lowest = first ? low : std::min(lowest, low);
            highest = first ? high : std::max(highest, high);
            first = false;
        };
        for (size_t box = 0; box < result.boxAcross.size(); ++box)
            include(result.boxAcross[box], result.boxAcross[box] + m_component.sizes[box].across);
        for (const auto& runs : result.routes) {
            for (const RouteRun& run : runs)
                include(run.across, run.across);
        }
        moveToOrigin(result, lowest);
        result.across = highest - lowest;
    }

    const Component& m_component;
    const Layers& m_layers;
    const Placement& m_placement;
    const LayoutOptions& m_options;
    std::vector<double> m_across; // of each cell
    std::vector<double> m_railAcross;
    std::vector<double> m_outPort; // of each wire
    std::vector<double> m_inPort;  // of each edge
    std::vector<Band> m_bands;     // of each rank
};

} // namespace

ComponentLayout routeEdges(const Component& component, const Layers& layers, const Placement& placement,
                           const LayoutOptions& options)
{
    return Router(component, layers, placement, options).route();
}

} // namespace lapidary::layered
