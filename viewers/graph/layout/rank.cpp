// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks by longest path, then shortened. The length of a wire is the distance from its source to its
// last consumer: consumers on the way are free, since they share the lane. Two moves alternate: one box
// at a time towards the side that it has more wires to, and whole groups that hang together by
// shortest-possible edges (a mask's preparation far above its use).
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace lapidary::layered {

namespace {

constexpr int rounds = 6;

class Ranking {
public:
    explicit Ranking(const Component& component) : m_component(component), m_rank(component.sizes.size(), 0)
    {
        longestPath();
        sortByTarget();
        m_wireLast.resize(component.wires.size());
        m_firstWire.assign(component.sizes.size() + 1, 0);
        for (const Wire& wire : component.wires)
            ++m_firstWire[static_cast<size_t>(wire.source) + 1];
        std::partial_sum(m_firstWire.begin(), m_firstWire.end(), m_firstWire.begin());
    }

    void shorten(JobContext& job)
    {
        for (int i = 0; i < rounds && !job.stopRequested(); ++i) {
            bool moved = sinkBoxes();
            moved = moveGroups() || moved;
            if (!moved)
                break;
        }
    }

    // Pinned boxes stand before, or behind, all others.
    void pin()
    {
        if (m_component.pins.empty())
            return;
        int32_t first = std::numeric_limits<int32_t>::max();
        int32_t last = std::numeric_limits<int32_t>::min();
        for (int32_t box = 0; box < m_component.boxCount(); ++box) {
            if (m_component.pinOf(box) != Pin::None)
                continue;
            first = std::min(first, rankOf(box));
            last = std::max(last, rankOf(box));
        }
        for (int32_t box = 0; box < m_component.boxCount(); ++box) {
            if (m_component.pinOf(box) != Pin::None)
                rankOf(box) = m_component.pinOf(box) == Pin::First ? first - 1 : last + 1;
        }
    }

    std::vector<int32_t> take()
    {
        const auto lowest = m_rank.empty() ? 0 : *std::min_element(m_rank.begin(), m_rank.end());
        for (int32_t& rank : m_rank)
            rank -= lowest;
        return std::move(m_rank);
    }

private:
    int32_t& rankOf(int32_t box) { return m_rank[static_cast<size_t>(box)]; }

    void longestPath()
    {
        // Edges are sorted by source, so all edges of a box are one range.
        std::vector<int32_t> start(m_component.sizes.size() + 1, 0);
        for (const Edge& edge : m_component.edges)
            ++start[static_cast<size_t>(edge.from) + 1];
        std::partial_sum(start.begin(), start.end(), start.begin());
        for (const int32_t box : m_component.order) {
            for (int32_t i = start[static_cast<size_t>(box)]; i < start[static_cast<size_t>(box) + 1]; ++i) {
                int32_t& target = rankOf(m_component.edges[static_cast<size_t>(i)].to);
                target = std::max(target, rankOf(box) + 1);
            }
        }
    }

    void sortByTarget()
    {
        m_inStart.assign(m_component.sizes.size() + 1, 0);
        for (const Edge& edge : m_component.edges)
            ++m_inStart[static_cast<size_t>(edge.to) + 1];
        std::partial_sum(m_inStart.begin(), m_inStart.end(), m_inStart.begin());
        m_inWires.resize(m_component.edges.size());
        std::vector<int32_t> fill(m_inStart.begin(), m_inStart.end() - 1);
        for (const Edge& edge : m_component.edges)
            m_inWires[static_cast<size_t>(fill[static_cast<size_t>(edge.to)]++)] = edge.wire;
    }

    void measureWires()
    {
        for (size_t w = 0; w < m_component.wires.size(); ++w) {
            const Wire& wire = m_component.wires[w];
            m_wireLast[w] = std::numeric_limits<int32_t>::min();
            for (int32_t i = 0; i < wire.edgeCount; ++i) {
                const Edge& edge = m_component.edges[static_cast<size_t>(wire.firstEdge + i)];
                m_wireLast[w] = std::max(m_wireLast[w], rankOf(edge.to));
            }
        }
    }

    // The lowest rank that shortens wires or costs nothing but makes way, never above where it is.
    int32_t bestRank(int32_t box, int32_t lowest, int32_t outWires)
    {
        const auto first = m_inWires.begin() + m_inStart[static_cast<size_t>(box)];
        const auto last = m_inWires.begin() + m_inStart[static_cast<size_t>(box) + 1];
        m_ends.clear();
        for (auto wire = first; wire != last; ++wire)
            m_ends.push_back(m_wireLast[static_cast<size_t>(*wire)]);
        std::sort(m_ends.begin(), m_ends.end());
        // Below the end of an incoming wire each step lengthens that wire by one.
        if (static_cast<int32_t>(m_ends.size()) < outWires)
            return lowest;
        const size_t free = static_cast<size_t>(outWires) - 1; // this many may be lengthened and still gain
        return std::min(lowest, std::max(rankOf(box), m_ends[free]));
    }

    bool sinkBoxes()
    {
        measureWires();
        bool moved = false;
        for (auto it = m_component.order.rbegin(); it != m_component.order.rend(); ++it) {
            const int32_t box = *it;
            const auto firstWire = m_firstWire[static_cast<size_t>(box)];
            const auto endWire = m_firstWire[static_cast<size_t>(box) + 1];
            if (firstWire == endWire)
                continue;
            const int32_t lowest = roomBelow(firstWire, endWire);
            if (lowest <= rankOf(box))
                continue;
            const int32_t best = bestRank(box, lowest, endWire - firstWire);
            if (best <= rankOf(box))
                continue;
            rankOf(box) = best;
            for (int32_t i = m_inStart[static_cast<size_t>(box)]; i < m_inStart[static_cast<size_t>(box) + 1];
                 ++i) {
                auto& end = m_wireLast[static_cast<size_t>(m_inWires[static_cast<size_t>(i)])];
                end = std::max(end, best);
            }
            moved = true;
        }
        return moved;
    }

    int32_t roomBelow(int32_t firstWire, int32_t endWire)
    {
        int32_t lowest = std::numeric_limits<int32_t>::max();
        for (int32_t w = firstWire; w < endWire; ++w) {
            const Wire& wire = m_component.wires[static_cast<size_t>(w)];
            for (int32_t i = 0; i < wire.edgeCount; ++i)
                lowest = std::min(lowest,
                                  rankOf(m_component.edges[static_cast<size_t>(wire.firstEdge + i)].to) - 1);
        }
        return lowest;
    }

    int32_t slack(const Edge& edge) { return rankOf(edge.to) - rankOf(edge.from) - 1; }

    int32_t groupOf(int32_t box)
    {
        while (m_group[static_cast<size_t>(box)] != box) {
            auto& parent = m_group[static_cast<size_t>(box)];
            parent = m_group[static_cast<size_t>(parent)];
            box = parent;
        }
        return box;
    }

    struct Pull {
        int32_t in = 0;
        int32_t out = 0;
        int32_t inSlack = std::numeric_limits<int32_t>::max();
        int32_t outSlack = std::numeric_limits<int32_t>::max();
        int32_t size = 0;
        bool blocked = false; // a neighbour moved in this round
        int32_t shift = 0;
    };

    // Groups of boxes joined by edges without slack move as one.
    bool moveGroups()
    {
        m_group.resize(m_rank.size());
        std::iota(m_group.begin(), m_group.end(), 0);
        for (const Edge& edge : m_component.edges) {
            if (slack(edge) == 0)
                m_group[static_cast<size_t>(groupOf(edge.from))] = groupOf(edge.to);
        }
        std::vector<Pull> pulls(m_rank.size());
        std::vector<const Edge*> loose;
        for (const Edge& edge : m_component.edges) {
            const int32_t from = groupOf(edge.from);
            const int32_t to = groupOf(edge.to);
            if (from == to)
                continue;
            loose.push_back(&edge);
            Pull& upper = pulls[static_cast<size_t>(from)];
            Pull& lower = pulls[static_cast<size_t>(to)];
            ++upper.out;
            ++lower.in;
            upper.outSlack = std::min(upper.outSlack, slack(edge));
            lower.inSlack = std::min(lower.inSlack, slack(edge));
        }
        if (loose.empty())
            return false;
        for (size_t box = 0; box < m_rank.size(); ++box)
            ++pulls[static_cast<size_t>(groupOf(static_cast<int32_t>(box)))].size;
        return applyPulls(pulls, loose);
    }

    bool applyPulls(std::vector<Pull>& pulls, const std::vector<const Edge*>& loose)
    {
        const auto largest = std::max_element(pulls.begin(), pulls.end(),
                                              [](const Pull& a, const Pull& b) { return a.size < b.size; });
        for (Pull& pull : pulls) {
            if (&pull == &*largest)
                continue;
            if (pull.out > pull.in)
                pull.shift = pull.outSlack;
            else if (pull.in > pull.out)
                pull.shift = -pull.inSlack;
        }
        // Of two neighbours that both want to move, the smaller moves now.
        for (const Edge* edge : loose) {
            Pull& upper = pulls[static_cast<size_t>(groupOf(edge->from))];
            Pull& lower = pulls[static_cast<size_t>(groupOf(edge->to))];
            if (upper.shift != 0 && lower.shift != 0)
                (upper.size > lower.size ? upper : lower).shift = 0;
        }
        bool moved = false;
        for (size_t box = 0; box < m_rank.size(); ++box) {
            const int32_t shift = pulls[static_cast<size_t>(groupOf(static_cast<int32_t>(box)))].shift;
            m_rank[box] += shift;
            moved = moved || shift != 0;
        }
        return moved;
    }

    const Component& m_component;
    std::vector<int32_t> m_rank;
    std::vector<int32_t> m_firstWire; // by box
    std::vector<int32_t> m_inStart;   // by box, into m_inWires
    std::vector<int32_t> m_inWires;
    std::vector<int32_t> m_wireLast; // rank of the last consumer
    std::vector<int32_t> m_ends;
    std::vector<int32_t> m_group;
};

} // namespace

std::vector<int32_t> rankBoxes(const Component& component, JobContext& job)
{
    Ranking ranking(component);
    ranking.shorten(job);
    ranking.pin();
    return ranking.take();
}

} // namespace lapidary::layered
