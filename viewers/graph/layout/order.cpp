// SPDX-License-Identifier: GPL-3.0-or-later
// Order of the cells in each rank with few crossings: a start that follows the edges depth first, then
// sweeps down and up that sort by the mean position of the neighbours, then swaps of neighbours. Where
// crossings are left, a small graph is tried again from other starts, since a chain of cells only changes
// sides as a whole.
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>
#include <random>

namespace lapidary::layered {

namespace {

constexpr int mostSweeps = 24;
constexpr int sweepsWithoutGain = 5;
// Work that all sweeps together may do, in visited segments.
constexpr int64_t sweepBudget = 4'000'000;
constexpr int mostSwapPasses = 8;
// Of all further starts together, in visited segments.
constexpr int64_t restartBudget = 3'000'000;
constexpr int mostRestarts = 48;

// seed 0: neighbours in the order of the edges; else in some other order, the same each time.
void startOrder(Layers& layers, uint32_t seed)
{
    std::minstd_rand random(seed);
    for (auto& rank : layers.ranks)
        rank.clear();
    std::vector<char> seen(layers.cells.size(), 0);
    std::vector<std::vector<int32_t>> roots(layers.ranks.size());
    for (size_t cell = 0; cell < layers.cells.size(); ++cell)
        roots[static_cast<size_t>(layers.cells[cell].rank)].push_back(static_cast<int32_t>(cell));
    std::vector<int32_t> stack;
    for (const auto& rankRoots : roots) {
        for (const int32_t root : rankRoots) {
            if (!seen[static_cast<size_t>(root)])
                stack.push_back(root);
            while (!stack.empty()) {
                const int32_t cell = stack.back();
                stack.pop_back();
                if (seen[static_cast<size_t>(cell)])
                    continue;
                seen[static_cast<size_t>(cell)] = 1;
                layers.ranks[static_cast<size_t>(layers.cells[static_cast<size_t>(cell)].rank)].push_back(
                    cell);
                const auto below = layers.down.of(cell);
                const size_t first = stack.size();
                for (auto it = below.rbegin(); it != below.rend(); ++it)
                    stack.push_back(*it);
                if (seed > 0)
                    std::shuffle(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end(), random);
            }
        }
    }
    for (size_t rank = 0; rank < layers.ranks.size(); ++rank)
        layers.updatePositions(rank);
}

// Of a cell in its rank, and of a port in the cell.
int32_t placeOf(const Layers& layers, int32_t cell, uint8_t port)
{
    return layers.position[static_cast<size_t>(cell)] * portSteps + port;
}

// Crossings between a rank and the one below, by counting inversions in a Fenwick tree.
class CrossingCounter {
public:
    int64_t count(const Layers& layers, size_t upperRank)
    {
        const auto& upper = layers.ranks[upperRank];
        m_tree.assign(layers.ranks[upperRank + 1].size() * portSteps + 1, 0);
        int64_t crossings = 0;
        int64_t seen = 0;
        for (const int32_t cell : upper) {
            m_targets.clear();
            const auto below = layers.down.of(cell);
            const auto ports = layers.down.portsOf(cell);
            for (size_t i = 0; i < below.size(); ++i)
                m_targets.push_back(placeOf(layers, below[i], ports[i]));
            for (const int32_t target : m_targets)
                crossings += seen - sumTo(static_cast<size_t>(target) + 1);
            for (const int32_t target : m_targets)
                add(static_cast<size_t>(target) + 1);
            seen += static_cast<int64_t>(m_targets.size());
        }
        return crossings;
    }

    int64_t countAll(const Layers& layers)
    {
        int64_t crossings = 0;
        for (size_t rank = 0; rank + 1 < layers.ranks.size(); ++rank)
            crossings += count(layers, rank);
        return crossings;
    }

private:
    void add(size_t index)
    {
        for (; index < m_tree.size(); index += index & (~index + 1))
            ++m_tree[index];
    }
    int64_t sumTo(size_t index) const
    {
        int64_t sum = 0;
        for (; index > 0; index -= index & (~index + 1))
            sum += m_tree[index];
        return sum;
    }
    std::vector<int32_t> m_tree;
    std::vector<int32_t> m_targets;
};

// Sorts one rank by the mean position of its neighbours in the fixed rank. Cells without such
// neighbours stay at their place. On equal means the old order stays, or turns round when flipTies.
class RankSorter {
public:
    void sort(Layers& layers, size_t rank, const Neighbours& neighbours, bool flipTies)
    {
        auto& cells = layers.ranks[rank];
        m_keys.clear();
        m_places.clear();
        for (size_t i = 0; i < cells.size(); ++i) {
            const auto fixed = neighbours.of(cells[i]);
            if (fixed.empty())
                continue;
            double sum = 0;
            const auto ports = neighbours.portsOf(cells[i]);
            for (size_t k = 0; k < fixed.size(); ++k)
                sum += placeOf(layers, fixed[k], ports[k]);
            const auto place = static_cast<int32_t>(m_places.size());
            m_keys.push_back({sum / static_cast<double>(fixed.size()), flipTies ? -place : place, cells[i]});
            m_places.push_back(i);
        }
        std::sort(m_keys.begin(), m_keys.end(), [](const Key& a, const Key& b) {
            return a.mean != b.mean ? a.mean < b.mean : a.tie < b.tie;
        });
        for (size_t i = 0; i < m_keys.size(); ++i)
            cells[m_places[i]] = m_keys[i].cell;
        layers.updatePositions(rank);
    }

private:
    struct Key {
        double mean;
        int32_t tie;
        int32_t cell;
    };
    std::vector<Key> m_keys;
    std::vector<size_t> m_places;
};

void sweep(Layers& layers, RankSorter& sorter, bool downwards, bool flipTies)
{
    const size_t count = layers.ranks.size();
    for (size_t i = 1; i < count; ++i) {
        if (downwards)
            sorter.sort(layers, i, layers.up, flipTies);
        else
            sorter.sort(layers, count - 1 - i, layers.down, flipTies);
    }
}

// Crossings between the edges of two cells of one rank, minus those if they changed places.
int64_t gainOfSwap(const Layers& layers, const Neighbours& neighbours, int32_t left, int32_t right)
{
    int64_t gain = 0;
    const auto ofLeft = neighbours.of(left);
    const auto ofRight = neighbours.of(right);
    const auto leftPorts = neighbours.portsOf(left);
    const auto rightPorts = neighbours.portsOf(right);
    for (size_t a = 0; a < ofLeft.size(); ++a) {
        for (size_t b = 0; b < ofRight.size(); ++b) {
            const int32_t difference =
                placeOf(layers, ofLeft[a], leftPorts[a]) - placeOf(layers, ofRight[b], rightPorts[b]);
            gain += (difference > 0) - (difference < 0);
        }
    }
    return gain;
}

int64_t swapNeighbours(Layers& layers)
{
    constexpr size_t mostPairs = 256; // of edges; a bigger pair is left to the sweeps
    int64_t gained = 0;
    for (auto& rank : layers.ranks) {
        for (size_t i = 0; i + 1 < rank.size(); ++i) {
            const int32_t left = rank[i];
            const int32_t right = rank[i + 1];
            if (layers.up.of(left).size() * layers.up.of(right).size() > mostPairs ||
                layers.down.of(left).size() * layers.down.of(right).size() > mostPairs)
                continue;
            const int64_t gain =
                gainOfSwap(layers, layers.up, left, right) + gainOfSwap(layers, layers.down, left, right);
            if (gain <= 0)
                continue;
            std::swap(rank[i], rank[i + 1]);
            std::swap(layers.position[static_cast<size_t>(left)],
                      layers.position[static_cast<size_t>(right)]);
            gained += gain;
        }
    }
    return gained;
}

int64_t swapUntilStable(Layers& layers, int64_t crossings, JobContext& job)
{
    for (int pass = 0; pass < mostSwapPasses && crossings > 0 && !job.stopRequested(); ++pass) {
        const int64_t gained = swapNeighbours(layers);
        if (gained == 0)
            break;
        crossings -= gained;
    }
    return crossings;
}

} // namespace

namespace {

// Sweeps from the order at hand; leaves the best one in layers. Takes what it does from the budget.
int64_t improve(Layers& layers, int64_t& budget, JobContext& job)
{
    CrossingCounter counter;
    RankSorter sorter;
    int64_t bestCrossings = swapUntilStable(layers, counter.countAll(layers), job);
    auto best = layers.ranks;
    int withoutGain = 0;
    for (int i = 0; i < mostSweeps && bestCrossings > 0 && withoutGain < sweepsWithoutGain; ++i) {
        if (job.stopRequested() || (budget -= static_cast<int64_t>(layers.segments.size())) < 0)
            break;
        sweep(layers, sorter, i % 2 == 0, i % 4 >= 2);
        const int64_t crossings = swapUntilStable(layers, counter.countAll(layers), job);
        ++withoutGain;
        if (crossings < bestCrossings) {
            bestCrossings = crossings;
            best = layers.ranks;
            withoutGain = 0;
        }
    }
    layers.ranks = std::move(best);
    for (size_t rank = 0; rank < layers.ranks.size(); ++rank)
        layers.updatePositions(rank);
    return bestCrossings;
}

} // namespace

int64_t orderRanks(Layers& layers, JobContext& job)
{
    startOrder(layers, 0);
    int64_t budget = sweepBudget;
    int64_t bestCrossings = improve(layers, budget, job);
    if (bestCrossings == 0)
        return 0;
    auto best = layers.ranks;
    budget = restartBudget;
    for (uint32_t seed = 1; seed <= mostRestarts && bestCrossings > 0 && !job.stopRequested(); ++seed) {
        if ((budget -= static_cast<int64_t>(layers.segments.size())) < 0)
            break;
        startOrder(layers, seed);
        const int64_t crossings = improve(layers, budget, job);
        if (crossings < bestCrossings) {
            bestCrossings = crossings;
            best = layers.ranks;
        }
    }
    layers.ranks = std::move(best);
    for (size_t rank = 0; rank < layers.ranks.size(); ++rank)
        layers.updatePositions(rank);
    return bestCrossings;
}

} // namespace lapidary::layered
