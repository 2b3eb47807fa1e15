// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: walks down the trees of an ensemble, several at once, so that the loads of one hide behind those
// of the others. For ensembles of the usual kind, which only ask whether a float is at
// most a number, or less.
#pragma once

#include "engine/cpu/tree_ensemble.h"

#include <optional>

namespace lapidary {

class TreeWalk {
public:
    // nullopt for ensembles that ask other questions, or whose numbers are no floats.
    static std::optional<TreeWalk> of(const TreeEnsemble& trees);

    // leaves[i]: the leaf of one tree that row i reaches. x: rows of `features` elements.
    void leavesOfRows(size_t tree, const float* x, int64_t features, int64_t rows, int32_t* leaves) const;
    // leaves[tree]: the leaf of each tree that the row reaches.
    void leavesOfTrees(const float* row, int32_t* leaves) const;

private:
    struct Step {
        float split;
        int32_t feature; // and whether NaN counts as small
        int32_t next[2]; // where the number is at most split, and where not; of a leaf both are itself
    };
    template <int count>
    void walk(const float* const* rows, int32_t* at) const;

    std::vector<Step> m_steps;     // tree by tree, each from the top
    std::vector<int32_t> m_leaves; // by step: the leaf of the ensemble
    std::vector<int32_t> m_roots;
};

} // namespace lapidary
