// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/random_trees.h"

#include "tests/support/tensor_check.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

const char* const modeNames[] = {"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE",
                                 "BRANCH_GT",  "BRANCH_EQ", "BRANCH_NEQ"};
constexpr int memberMode = 6;

bool decide(const TreeNode& node, double value)
{
    if (std::isnan(value) && node.missingIsTrue)
        return true;
    switch (node.mode) {
    case 0: return value <= node.split;
    case 1: return value < node.split;
    case 2: return value >= node.split;
    case 3: return value > node.split;
    case 4: return value == node.split;
    case 5: return value != node.split;
    default: return std::count(node.members.begin(), node.members.end(), value) > 0;
    }
}

} // namespace

std::vector<double> scoresOf(const std::vector<Tree>& trees, const double* row, int64_t targets,
                             const std::string& aggregate)
{
    std::vector<std::vector<double>> votes(static_cast<size_t>(targets));
    for (const Tree& tree : trees) {
        const TreeNode* node = &tree[0];
        while (!node->isLeaf)
            node = &tree[decide(*node, row[node->feature]) ? node->yes : node->no];
        for (const auto& [target, weight] : node->votes)
            votes[static_cast<size_t>(target)].push_back(weight);
    }
    std::vector<double> scores;
    for (const auto& list : votes) {
        double score = 0;
        for (const double weight : list)
            score += weight;
        if (aggregate == "AVERAGE")
            score /= static_cast<double>(trees.size());
        if (aggregate == "MIN" && !list.empty())
            score = *std::min_element(list.begin(), list.end());
        if (aggregate == "MAX" && !list.empty())
            score = *std::max_element(list.begin(), list.end());
        scores.push_back(score);
    }
    return scores;
}

std::vector<Attribute> nodeLists(const std::vector<Tree>& trees, const std::string& prefix)
{
    std::vector<int64_t> treeIds, nodeIds, featureIds, yes, no, missing, voteTrees, voteNodes, voteTargets;
    std::vector<float> splits, weights;
    std::vector<std::string> modes;
    for (size_t t = 0; t < trees.size(); ++t) {
        const auto treeId = static_cast<int64_t>(t) * 7 + 3;
        const auto idOf = [](size_t i) { return static_cast<int64_t>(i) * 3 + 11; };
        std::vector<size_t> order{0};
        for (size_t i = trees[t].size() - 1; i > 0; --i)
            order.push_back(i);
        for (const size_t i : order) {
            const TreeNode& node = trees[t][i];
            treeIds.push_back(treeId);
            nodeIds.push_back(idOf(i));
            featureIds.push_back(node.feature);
            splits.push_back(static_cast<float>(node.split));
            modes.push_back(node.isLeaf ? "LEAF" : modeNames[node.mode]);
            missing.push_back(node.missingIsTrue);
            yes.push_back(node.isLeaf ? 0 : idOf(node.yes));
            no.push_back(node.isLeaf ? 0 : idOf(node.no));
            for (const auto& [target, weight] : node.votes) {
                voteTrees.push_back(treeId);
                voteNodes.push_back(idOf(i));
                voteTargets.push_back(target);
                weights.push_back(static_cast<float>(weight));
            }
        }
    }
    return {intsAttribute("nodes_treeids", treeIds),
            intsAttribute("nodes_nodeids", nodeIds),
            intsAttribute("nodes_featureids", featureIds),
            floatsAttribute("nodes_values", splits),
            stringsAttribute("nodes_modes", modes),
            intsAttribute("nodes_missing_value_tracks_true", missing),
            intsAttribute("nodes_truenodeids", yes),
            intsAttribute("nodes_falsenodeids", no),
            intsAttribute(prefix + "_treeids", voteTrees),
            intsAttribute(prefix + "_nodeids", voteNodes),
            intsAttribute(prefix + "_ids", voteTargets),
            floatsAttribute(prefix + "_weights", weights)};
}

std::vector<Attribute> branchLists(const std::vector<Tree>& trees, int64_t targets, DataType type)
{
    std::vector<int64_t> featureIds, yes, no, yesLeaf, noLeaf, missing, leafTargets, roots;
    std::vector<double> splits, modes, weights, members;
    for (const Tree& tree : trees) {
        std::vector<int64_t> places(tree.size());
        const auto firstBranch = static_cast<int64_t>(splits.size());
        int64_t branches = firstBranch;
        for (size_t i = 0; i < tree.size(); ++i) {
            if (!tree[i].isLeaf) {
                places[i] = branches++;
                continue;
            }
            places[i] = static_cast<int64_t>(weights.size());
            leafTargets.push_back(tree[i].votes[0].first);
            weights.push_back(tree[i].votes[0].second);
        }
        roots.push_back(firstBranch);
        for (const TreeNode& node : tree) {
            if (node.isLeaf && tree.size() > 1)
                continue;
            featureIds.push_back(node.feature);
            splits.push_back(node.split);
            modes.push_back(node.mode);
            missing.push_back(node.missingIsTrue);
            yes.push_back(places[node.yes]);
            no.push_back(places[node.no]);
            yesLeaf.push_back(tree[node.yes].isLeaf);
            noLeaf.push_back(tree[node.no].isLeaf);
            if (node.mode == memberMode) {
                members.insert(members.end(), node.members.begin(), node.members.end());
                members.push_back(std::numeric_limits<double>::quiet_NaN());
            }
        }
    }
    const auto list = [](const std::vector<double>& values, DataType as) {
        return tensorOf({static_cast<int64_t>(values.size())}, values, as);
    };
    return {intsAttribute("nodes_featureids", featureIds),
            intsAttribute("nodes_truenodeids", yes),
            intsAttribute("nodes_falsenodeids", no),
            intsAttribute("nodes_trueleafs", yesLeaf),
            intsAttribute("nodes_falseleafs", noLeaf),
            intsAttribute("nodes_missing_value_tracks_true", missing),
            intsAttribute("tree_roots", roots),
            intsAttribute("leaf_targetids", leafTargets),
            intAttribute("n_targets", targets),
            tensorAttribute("nodes_splits", list(splits, type)),
            tensorAttribute("nodes_modes", list(modes, DataType::UInt8)),
            tensorAttribute("leaf_weights", list(weights, type)),
            tensorAttribute("membership_values", list(members, type))};
}

} // namespace lapidary
