// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: random decision trees as linked nodes, a walk over them written from the specification, and the
// attributes that describe them to TreeEnsembleRegressor, TreeEnsembleClassifier and TreeEnsemble.
#pragma once

#include "tests/support/node_runner.h"

#include <limits>
#include <random>
#include <string>

namespace lapidary {

struct TreeNode {
    bool isLeaf = false;
    int mode = 0;
    int64_t feature = 0;
    double split = 0;
    bool missingIsTrue = false;
    std::vector<double> members;
    size_t yes = 0, no = 0;                        // places in Tree
    std::vector<std::pair<int64_t, double>> votes; // of a leaf: target, weight
};
using Tree = std::vector<TreeNode>; // the root is first

// Random trees, and rows for them, the same for the same seed. Numbers are exact in float16 and often equal
// to a split. modes: 6, or 7 with set membership.
class TreeMaker {
public:
    static constexpr int64_t features = 5;

    TreeMaker(uint32_t seed, int64_t targets, int modes, int64_t votesPerLeaf)
        : m_random(seed), m_targets(targets), m_modes(modes), m_votes(votesPerLeaf)
    {
    }

    Tree make(int depth)
    {
        Tree tree;
        grow(tree, depth);
        return tree;
    }

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(m_random); }
    double number() { return below(9) * 0.5 - 2; } // exact in float, often equal to a split

    std::vector<double> rows(int64_t count, bool isFloat)
    {
        std::vector<double> values(static_cast<size_t>(count * features));
        for (double& value : values)
            value = isFloat && below(6) == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : isFloat                ? number()
                                             : below(5) - 2;
        return values;
    }

private:
    size_t grow(Tree& tree, int depth)
    {
        const size_t at = tree.size();
        tree.emplace_back();
        if (depth == 0 || (at > 0 && below(5) == 0)) {
            tree[at].isLeaf = true;
            for (int64_t i = 0; i < m_votes; ++i)
                tree[at].votes.emplace_back(below(static_cast<int>(m_targets)), number() + 0.25);
            return at;
        }
        TreeNode node;
        node.mode = below(m_modes);
        node.feature = below(features);
        node.split = number();
        node.missingIsTrue = below(2) == 0;
        for (int i = below(4); i > 0; --i)
            node.members.push_back(number());
        tree[at] = node;
        const size_t yes = grow(tree, depth - 1);
        const size_t no = grow(tree, depth - 1);
        tree[at].yes = yes;
        tree[at].no = no;
        return at;
    }

    std::mt19937 m_random;
    int64_t m_targets;
    int m_modes;
    int64_t m_votes;
};

// What one row gives: sums, averages, minima or maxima by target; 0 where nobody votes.
std::vector<double> scoresOf(const std::vector<Tree>& trees, const double* row, int64_t targets,
                             const std::string& aggregate);

// The lists of TreeEnsembleRegressor ("target") or TreeEnsembleClassifier ("class"). Ids have gaps, and
// nodes are listed in any order but for the root, which is first.
std::vector<Attribute> nodeLists(const std::vector<Tree>& trees, const std::string& prefix);

// The lists of TreeEnsemble-5; leaves have one vote each. Positions are handed out branch by branch.
std::vector<Attribute> branchLists(const std::vector<Tree>& trees, int64_t targets, DataType type);

} // namespace lapidary
