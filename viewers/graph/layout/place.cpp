// SPDX-License-Identifier: GPL-3.0-or-later
// Coordinates across the flow. Cells joined by straight segments form blocks, which stand in one straight
// line. The blocks are pushed apart from both sides and let go: each moves towards the mean of its
// neighbours, and blocks that press against each other move as one.
// Source: relaxation after Sander's pendulum method, 1996.
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lapidary::layered {

namespace {

constexpr double railWeight = 0.1;
constexpr int relaxations = 40;
constexpr double settled = 0.25;

// "right" must stand at least distance right of "left". Both are blocks.
struct Separation {
    int32_t left;
    int32_t right;
    double distance;
};

struct Pull {
    int32_t a;
    int32_t b;
    double weight;
};

// What a block is tied to: value is the weight of a pull or the distance of a separation.
struct Link {
    int32_t block;
    double value;
};

class Links {
public:
    // keyed: (block, link) pairs.
    void build(size_t blocks, const std::vector<std::pair<int32_t, Link>>& keyed)
    {
        m_start.assign(blocks + 1, 0);
        for (const auto& [block, link] : keyed)
            ++m_start[static_cast<size_t>(block) + 1];
        std::partial_sum(m_start.begin(), m_start.end(), m_start.begin());
        m_links.resize(keyed.size());
        std::vector<size_t> fill(m_start.begin(), m_start.end() - 1);
        for (const auto& [block, link] : keyed)
            m_links[fill[static_cast<size_t>(block)]++] = link;
    }
    std::span<const Link> of(int32_t block) const
    {
        const auto i = static_cast<size_t>(block);
        return {m_links.data() + m_start[i], m_start[i + 1] - m_start[i]};
    }

private:
    std::vector<size_t> m_start;
    std::vector<Link> m_links;
};

class Blocks {
public:
    Blocks(const Layers& layers, const LayoutOptions& options) : m_layers(layers)
    {
        makeBlocks();
        makeSeparations(options);
        makePulls();
        sortBlocks();
        linkBlocks();
    }

    void place(JobContext& job)
    {
        compact();
        for (int i = 0; i < relaxations && !job.stopRequested(); ++i) {
            const double longest = std::max(settle(i % 2 == 0), relaxRegions());
            if (longest < settled)
                break;
        }
        settle(true);
    }

    Placement take()
    {
        Placement placement;
        placement.across.resize(m_layers.cells.size());
        for (size_t cell = 0; cell < m_layers.cells.size(); ++cell)
            placement.across[cell] = m_x[static_cast<size_t>(m_block[cell])];
        placement.block = std::move(m_block);
        return placement;
    }

private:
    void makeBlocks()
    {
        const std::vector<int32_t> next = straightSegments(m_layers);
        m_block.assign(m_layers.cells.size(), -1);
        for (const auto& rank : m_layers.ranks) {
            for (const int32_t first : rank) {
                if (m_block[static_cast<size_t>(first)] >= 0)
                    continue;
                for (int32_t cell = first; cell >= 0; cell = next[static_cast<size_t>(cell)])
                    m_block[static_cast<size_t>(cell)] = m_count;
                ++m_count;
            }
        }
    }

    int32_t blockOf(int32_t cell) const { return m_block[static_cast<size_t>(cell)]; }
    const Cell& cellAt(int32_t cell) const { return m_layers.cells[static_cast<size_t>(cell)]; }

    void makeSeparations(const LayoutOptions& options)
    {
        for (const auto& rank : m_layers.ranks) {
            for (size_t i = 0; i + 1 < rank.size(); ++i) {
                const Cell& left = cellAt(rank[i]);
                const Cell& right = cellAt(rank[i + 1]);
                const double distance = left.after + gapBetween(left, right, options) + right.before;
                m_separations.push_back({blockOf(rank[i]), blockOf(rank[i + 1]), distance});
            }
        }
        const auto byPair = [](const Separation& a, const Separation& b) {
            if (a.left != b.left)
                return a.left < b.left;
            return a.right != b.right ? a.right < b.right : a.distance > b.distance;
        };
        std::sort(m_separations.begin(), m_separations.end(), byPair);
        const auto samePair = [](const Separation& a, const Separation& b) {
            return a.left == b.left && a.right == b.right;
        };
        m_separations.erase(std::unique(m_separations.begin(), m_separations.end(), samePair),
                            m_separations.end());
    }

    void makePulls()
    {
        for (const Segment& segment : m_layers.segments) {
            const int32_t a = blockOf(segment.upper);
            const int32_t b = blockOf(segment.lower);
            if (a == b)
                continue;
            const int lanes = !cellAt(segment.upper).isBox() + !cellAt(segment.lower).isBox();
            m_pulls.push_back({a, b, lanes == 2 ? 3.0 : lanes == 1 ? 1.0 : 2.0});
        }
        // Weakly, so that parts joined only by rails do not lie far apart.
        for (const Segment& joined : m_layers.railSegments) {
            if (blockOf(joined.upper) != blockOf(joined.lower))
                m_pulls.push_back({blockOf(joined.upper), blockOf(joined.lower), railWeight});
        }
    }

    // Topological order of the blocks under "left of"; separations sorted by it.
    void sortBlocks()
    {
        const auto count = static_cast<size_t>(m_count);
        std::vector<int32_t> waiting(count, 0);
        std::vector<size_t> start(count + 1, 0);
        for (const Separation& separation : m_separations) {
            ++waiting[static_cast<size_t>(separation.right)];
            ++start[static_cast<size_t>(separation.left) + 1];
        }
        std::partial_sum(start.begin(), start.end(), start.begin());
        m_order.reserve(count);
        for (size_t block = 0; block < count; ++block) {
            if (waiting[block] == 0)
                m_order.push_back(static_cast<int32_t>(block));
        }
        std::vector<Separation> sorted;
        sorted.reserve(m_separations.size());
        for (size_t next = 0; next < m_order.size(); ++next) {
            const auto block = static_cast<size_t>(m_order[next]);
            for (size_t i = start[block]; i < start[block + 1]; ++i) {
                sorted.push_back(m_separations[i]);
                if (--waiting[static_cast<size_t>(m_separations[i].right)] == 0)
                    m_order.push_back(m_separations[i].right);
            }
        }
        m_separations = std::move(sorted);
    }

    void linkBlocks()
    {
        const auto count = static_cast<size_t>(m_count);
        std::vector<std::pair<int32_t, Link>> keyed;
        for (const Pull& pull : m_pulls) {
            keyed.push_back({pull.a, {pull.b, pull.weight}});
            keyed.push_back({pull.b, {pull.a, pull.weight}});
        }
        m_pullsOf.build(count, keyed);
        keyed.clear();
        for (const Separation& s : m_separations)
            keyed.push_back({s.left, {s.right, s.distance}});
        m_rightOf.build(count, keyed);
        keyed.clear();
        for (const Separation& s : m_separations)
            keyed.push_back({s.right, {s.left, s.distance}});
        m_leftOf.build(count, keyed);
    }

    double& x(int32_t block) { return m_x[static_cast<size_t>(block)]; }

    // Halfway between everything pushed left and everything pushed right.
    void compact()
    {
        m_x.assign(static_cast<size_t>(m_count), 0);
        for (const Separation& s : m_separations)
            x(s.right) = std::max(x(s.right), x(s.left) + s.distance);
        const double width = m_x.empty() ? 0 : *std::max_element(m_x.begin(), m_x.end());
        std::vector<double> right(m_x.size(), width);
        for (auto s = m_separations.rbegin(); s != m_separations.rend(); ++s) {
            auto& left = right[static_cast<size_t>(s->left)];
            left = std::min(left, right[static_cast<size_t>(s->right)] - s->distance);
        }
        for (size_t i = 0; i < m_x.size(); ++i)
            m_x[i] = (m_x[i] + right[i]) / 2;
    }

    int32_t regionOf(int32_t block)
    {
        while (m_region[static_cast<size_t>(block)] != block) {
            auto& parent = m_region[static_cast<size_t>(block)];
            parent = m_region[static_cast<size_t>(parent)];
            block = parent;
        }
        return block;
    }

    double force(int32_t region) const
    {
        const auto i = static_cast<size_t>(region);
        return m_weight[i] > 0 ? m_force[i] / m_weight[i] : 0;
    }

    void measureForces()
    {
        const auto count = static_cast<size_t>(m_count);
        m_force.assign(count, 0);
        m_weight.assign(count, 1e-6);
        for (const Pull& pull : m_pulls) {
            const double distance = x(pull.b) - x(pull.a);
            m_force[static_cast<size_t>(pull.a)] += pull.weight * distance;
            m_force[static_cast<size_t>(pull.b)] -= pull.weight * distance;
            m_weight[static_cast<size_t>(pull.a)] += pull.weight;
            m_weight[static_cast<size_t>(pull.b)] += pull.weight;
        }
    }

    // Blocks that touch and press against each other become one region.
    void makeRegions()
    {
        m_region.resize(static_cast<size_t>(m_count));
        std::iota(m_region.begin(), m_region.end(), 0);
        for (int pass = 0; pass < 4; ++pass) {
            bool merged = false;
            for (const Separation& s : m_separations) {
                if (x(s.right) - x(s.left) > s.distance + 0.01)
                    continue;
                const int32_t left = regionOf(s.left);
                const int32_t right = regionOf(s.right);
                if (left == right || force(left) <= force(right))
                    continue;
                m_region[static_cast<size_t>(right)] = left;
                m_force[static_cast<size_t>(left)] += m_force[static_cast<size_t>(right)];
                m_weight[static_cast<size_t>(left)] += m_weight[static_cast<size_t>(right)];
                merged = true;
            }
            if (!merged)
                break;
        }
    }

    // Each block in turn, downwards or upwards, moves to the mean of its neighbours as far as there is
    // room. Returns the longest move.
    double settle(bool downwards)
    {
        double longest = 0;
        for (int32_t i = 0; i < m_count; ++i) {
            const int32_t block = downwards ? i : m_count - 1 - i; // blocks are numbered by rank
            double sum = 0;
            double weight = 0;
            for (const Link& link : m_pullsOf.of(block)) {
                sum += link.value * x(link.block);
                weight += link.value;
            }
            if (weight <= 0)
                continue;
            double target = sum / weight;
            for (const Link& link : m_rightOf.of(block))
                target = std::min(target, x(link.block) - link.value);
            for (const Link& link : m_leftOf.of(block))
                target = std::max(target, x(link.block) + link.value);
            longest = std::max(longest, std::abs(target - x(block)));
            x(block) = target;
        }
        return longest;
    }

    // Groups that press against each other move together, half their way, since the groups that they
    // move to move as well.
    double relaxRegions()
    {
        measureForces();
        makeRegions();
        const auto count = static_cast<size_t>(m_count);
        m_move.assign(count, 0);
        for (size_t block = 0; block < count; ++block)
            m_move[block] = force(static_cast<int32_t>(block)) / 2;
        limitMoves();
        double longest = 0;
        for (int32_t block = 0; block < m_count; ++block) {
            const double move = m_move[static_cast<size_t>(regionOf(block))];
            x(block) += move;
            longest = std::max(longest, std::abs(move));
        }
        return longest;
    }

    // A region may use up the room to its neighbour after the neighbour's own move.
    void limitMoves()
    {
        for (int pass = 0; pass < 6; ++pass) {
            bool changed = false;
            for (const Separation& s : m_separations) {
                const int32_t left = regionOf(s.left);
                const int32_t right = regionOf(s.right);
                if (left == right)
                    continue;
                const double room = x(s.right) - x(s.left) - s.distance;
                double& a = m_move[static_cast<size_t>(left)];
                double& b = m_move[static_cast<size_t>(right)];
                const double excess = a - b - room;
                if (excess <= 1e-9)
                    continue;
                changed = true;
                share(a, b, excess);
            }
            if (!changed)
                return;
        }
        stopConflicts();
    }

    // Takes the excess from the moves that cause it: a goes right, or b goes left, or both.
    static void share(double& a, double& b, double excess)
    {
        const double right = std::max(a, 0.0);
        const double left = std::max(-b, 0.0);
        const double total = right + left;
        if (total <= 0)
            return;
        const double cut = std::min(1.0, excess / total);
        a -= right * cut;
        b += left * cut;
    }

    // What is left after the passes: those regions stay where they are, and so do all that then
    // would run into them.
    void stopConflicts()
    {
        for (bool changed = true; changed;) {
            changed = false;
            for (const Separation& s : m_separations) {
                const int32_t left = regionOf(s.left);
                const int32_t right = regionOf(s.right);
                double& a = m_move[static_cast<size_t>(left)];
                double& b = m_move[static_cast<size_t>(right)];
                const double room = x(s.right) - x(s.left) - s.distance;
                if (left == right || a - b <= room + 1e-6)
                    continue;
                changed = changed || a > 0 || b < 0;
                a = std::min(a, 0.0);
                b = std::max(b, 0.0);
            }
        }
    }

    const Layers& m_layers;
    int32_t m_count = 0;
    std::vector<int32_t> m_block; // of each cell
    std::vector<Separation> m_separations;
    std::vector<Pull> m_pulls;
    std::vector<int32_t> m_order;
    Links m_pullsOf;
    Links m_leftOf; // neighbours on the left
    Links m_rightOf;
    std::vector<double> m_x;
    std::vector<int32_t> m_region;
    std::vector<double> m_force;
    std::vector<double> m_weight;
    std::vector<double> m_move;
};

} // namespace

Placement placeCells(const Layers& layers, const LayoutOptions& options, JobContext& job)
{
    Blocks blocks(layers, options);
    blocks.place(job);
    return blocks.take();
}

} // namespace lapidary::layered
