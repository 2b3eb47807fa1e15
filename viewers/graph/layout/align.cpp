// SPDX-License-Identifier: GPL-3.0-or-later
// Between each two ranks, a set of segments that do not cross is chosen to be straight: the heaviest one,
// where main lines and lanes weigh most. Segments that do not cross never force a block to stand both left
// and right of another. Source: the idea of Brandes and Koepf, "Fast and Simple Horizontal Coordinate
// Assignment", 2001, with weights in place of medians.
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>

namespace lapidary::layered {

namespace {

constexpr double laneWeight = 16;     // lane to lane
constexpr double mainLineWeight = 24; // box to box on the longest path of both
constexpr double boxWeight = 4;       // box to box
constexpr double lastLaneWeight = 1;  // between a lane and a box

// The main line through each cell: of several ways up or down the one that the longest path takes. Among
// equals the lowest cell, so that the choice above a group of parallel branches fits the choice below.
class MainLines {
public:
    explicit MainLines(const Layers& layers)
    {
        follow(layers, layers.up, false, m_above, m_mainAbove);
        follow(layers, layers.down, true, m_below, m_mainBelow);
    }

    // Whether the longest paths through both ends share the segment.
    bool has(int32_t upper, int32_t lower) const
    {
        return m_mainBelow[static_cast<size_t>(upper)] == lower &&
               m_mainAbove[static_cast<size_t>(lower)] == upper;
    }

private:
    // length: boxes on the longest path that ends (starts) at each cell.
    static void follow(const Layers& layers, const Neighbours& neighbours, bool upwards,
                       std::vector<int32_t>& length, std::vector<int32_t>& next)
    {
        length.assign(layers.cells.size(), 0);
        next.assign(layers.cells.size(), -1);
        for (size_t i = 0; i < layers.ranks.size(); ++i) {
            for (const int32_t cell : layers.ranks[upwards ? layers.ranks.size() - 1 - i : i]) {
                int32_t longest = -1;
                for (const int32_t other : neighbours.of(cell)) {
                    const int32_t candidate = length[static_cast<size_t>(other)];
                    auto& chosen = next[static_cast<size_t>(cell)];
                    if (candidate > longest || (candidate == longest && other < chosen)) {
                        longest = candidate;
                        chosen = other;
                    }
                }
                length[static_cast<size_t>(cell)] =
                    std::max(longest, 0) + (layers.cells[static_cast<size_t>(cell)].isBox() ? 1 : 0);
            }
        }
    }

    std::vector<int32_t> m_above, m_mainAbove, m_below, m_mainBelow;
};

// Chooses the straight segments between two ranks: a heaviest sequence that rises strictly in the
// positions of both ends.
class Alignment {
public:
    explicit Alignment(const Layers& layers) : m_layers(layers), m_lines(layers) {}

    // Sets next[upper] = lower for the chosen segments.
    void align(size_t upperRank, std::vector<int32_t>& next)
    {
        m_tree.assign(m_layers.ranks[upperRank + 1].size() + 1, -1);
        m_steps.clear();
        for (const int32_t upper : m_layers.ranks[upperRank]) {
            m_fresh.clear();
            for (const int32_t lower : m_layers.down.of(upper))
                addStep(upper, lower);
            for (const int32_t step : m_fresh)
                enter(step);
        }
        for (int32_t step = best(m_tree.size() - 1); step >= 0; step = at(step).before)
            next[static_cast<size_t>(at(step).upper)] = at(step).lower;
    }

private:
    struct Step {
        int32_t upper;
        int32_t lower;
        int32_t before; // step before it in the sequence, or -1
        double total;
    };

    const Step& at(int32_t step) const { return m_steps[static_cast<size_t>(step)]; }
    size_t column(int32_t lower) const
    {
        return static_cast<size_t>(m_layers.position[static_cast<size_t>(lower)]);
    }

    double weight(int32_t upper, int32_t lower) const
    {
        const bool upperBox = m_layers.cells[static_cast<size_t>(upper)].isBox();
        const bool lowerBox = m_layers.cells[static_cast<size_t>(lower)].isBox();
        if (!upperBox && !lowerBox)
            return laneWeight;
        if (upperBox != lowerBox)
            return lastLaneWeight;
        return m_lines.has(upper, lower) ? mainLineWeight : boxWeight;
    }

    void addStep(int32_t upper, int32_t lower)
    {
        const int32_t before = best(column(lower));
        const double total = weight(upper, lower) + (before >= 0 ? at(before).total : 0);
        m_fresh.push_back(static_cast<int32_t>(m_steps.size()));
        m_steps.push_back({upper, lower, before, total});
    }

    // Best step that ends left of the column.
    int32_t best(size_t endColumn) const
    {
        int32_t found = -1;
        for (size_t i = endColumn; i > 0; i -= i & (~i + 1)) {
            if (m_tree[i] >= 0 && (found < 0 || at(m_tree[i]).total > at(found).total))
                found = m_tree[i];
        }
        return found;
    }

    void enter(int32_t step)
    {
        for (size_t i = column(at(step).lower) + 1; i < m_tree.size(); i += i & (~i + 1)) {
            if (m_tree[i] < 0 || at(step).total > at(m_tree[i]).total)
                m_tree[i] = step;
        }
    }

    const Layers& m_layers;
    MainLines m_lines;
    std::vector<int32_t> m_tree; // Fenwick tree of maxima over columns
    std::vector<Step> m_steps;
    std::vector<int32_t> m_fresh;
};

} // namespace

std::vector<int32_t> straightSegments(const Layers& layers)
{
    std::vector<int32_t> next(layers.cells.size(), -1);
    Alignment alignment(layers);
    for (size_t rank = 0; rank + 1 < layers.ranks.size(); ++rank)
        alignment.align(rank, next);
    return next;
}

} // namespace lapidary::layered
