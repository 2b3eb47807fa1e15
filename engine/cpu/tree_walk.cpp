// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/tree_walk.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr int together = 8; // walks at once

constexpr int32_t missingBit = int32_t{1} << 30;

// The number that a value is at most where it takes the true branch; nullopt where no float is that.
std::optional<float> largestTrue(TreeMode mode, double split)
{
    const auto number = static_cast<float>(split);
    if (static_cast<double>(number) != split || (mode != TreeMode::Leq && mode != TreeMode::Lt))
        return std::nullopt;
    if (mode == TreeMode::Leq)
        return number;
    constexpr float lowest = -std::numeric_limits<float>::infinity();
    return number == lowest ? std::nullopt : std::optional(std::nextafter(number, lowest));
}

} // namespace

std::optional<TreeWalk> TreeWalk::of(const TreeEnsemble& trees)
{
    constexpr size_t mostSteps = std::numeric_limits<int32_t>::max() / 2;
    if (trees.featureCount == 0 || trees.featureCount > missingBit ||
        trees.modes.size() + trees.voteBegin.size() > mostSteps)
        return std::nullopt;
    std::vector<float> splits;
    for (size_t branch = 0; branch < trees.splits.size(); ++branch) {
        const auto split = largestTrue(trees.modes[branch], trees.splits[branch]);
        if (!split)
            return std::nullopt;
        splits.push_back(*split);
    }
    TreeWalk walk;
    for (const TreeEnsemble::Place root : trees.roots) {
        walk.m_roots.push_back(static_cast<int32_t>(walk.m_steps.size()));
        std::vector<TreeEnsemble::Place> level = {root};
        while (!level.empty()) {
            std::vector<TreeEnsemble::Place> next;
            const size_t nextLevel = walk.m_steps.size() + level.size();
            if (nextLevel > mostSteps) // leaves that many branches share
                return std::nullopt;
            for (const TreeEnsemble::Place place : level) {
                const auto self = static_cast<int32_t>(walk.m_steps.size());
                if (place < 0) {
                    walk.m_steps.push_back({0, 0, {self, self}});
                    walk.m_leaves.push_back(~place);
                    continue;
                }
                const auto branch = static_cast<size_t>(place);
                const auto child = static_cast<int32_t>(nextLevel + next.size());
                walk.m_steps.push_back(
                    {splits[branch],
                     trees.features[branch] | (trees.missingIsTrue[branch] ? missingBit : 0),
                     {child, child + 1}});
                walk.m_leaves.push_back(0);
                next.insert(next.end(), {trees.onTrue[branch], trees.onFalse[branch]});
            }
            level = std::move(next);
        }
    }
    return walk;
}

template <int count>
void TreeWalk::walk(const float* const* rows, int32_t* at) const
{
    const Step* steps = m_steps.data();
    int32_t places[count];
    std::copy_n(at, count, places);
    int32_t moved = 0;
    do {
        moved = 0;
        for (int i = 0; i < count; ++i) {
            const Step& step = steps[places[i]];
            // No branch: the processor cannot guess it.
            const float value = rows[i][step.feature & ~missingBit];
            const int isMissing = (value != value) & ((step.feature & missingBit) != 0);
            const int32_t next = step.next[!(value <= step.split) & !isMissing];
            moved |= next ^ places[i];
            places[i] = next;
        }
    } while (moved != 0);
    for (int i = 0; i < count; ++i)
        at[i] = m_leaves[static_cast<size_t>(places[i])];
}

void TreeWalk::leavesOfRows(size_t tree, const float* x, int64_t features, int64_t rows,
                            int32_t* leaves) const
{
    std::fill_n(leaves, rows, m_roots[tree]);
    const float* pointers[together];
    int64_t row = 0;
    for (; row + together <= rows; row += together) {
        for (int64_t i = 0; i < together; ++i)
            pointers[i] = x + (row + i) * features;
        walk<together>(pointers, leaves + row);
    }
    for (; row < rows; ++row) {
        pointers[0] = x + row * features;
        walk<1>(pointers, leaves + row);
    }
}

void TreeWalk::leavesOfTrees(const float* row, int32_t* leaves) const
{
    std::copy(m_roots.begin(), m_roots.end(), leaves);
    const float* pointers[together];
    std::fill_n(pointers, together, row);
    size_t tree = 0;
    for (; tree + together <= m_roots.size(); tree += together)
        walk<together>(pointers, leaves + tree);
    for (; tree < m_roots.size(); ++tree)
        walk<1>(pointers, leaves + tree);
}

} // namespace lapidary
