// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: decision trees as arrays. Made once from the attributes of a node, which are checked: after
// that no walk can leave the arrays or go round in circles. Source: ai.onnx.ml TreeEnsemble-5,
// TreeEnsembleClassifier-1..5, TreeEnsembleRegressor-1..5.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// Numbers of TreeEnsemble-5.
enum class TreeMode : uint8_t { Leq, Lt, Gte, Gt, Eq, Neq, Member };
enum class TreeAggregate { Average, Sum, Min, Max };

class TreeEnsemble {
public:
    // A child or root: the index of a branch, or ~index of a leaf.
    using Place = int32_t;

    // Branches. Thresholds are double: every float is exact in it, so comparisons are those of floats.
    std::vector<int32_t> features;
    std::vector<double> splits;
    std::vector<TreeMode> modes;
    std::vector<uint8_t> missingIsTrue; // NaN takes the true branch
    std::vector<Place> onTrue;
    std::vector<Place> onFalse;
    std::vector<std::vector<double>> members; // sorted; empty, or one for each branch

    // Leaves: votes voteBegin[leaf]..voteBegin[leaf + 1].
    std::vector<int32_t> voteBegin;
    std::vector<int32_t> voteTargets;
    std::vector<double> voteWeights;

    std::vector<Place> roots;
    int64_t targetCount = 0;
    int64_t featureCount = 0; // that X must have at least

    // The leaf that one row reaches. at: a root.
    template <typename T>
    size_t leafOf(Place at, const T* row) const
    {
        while (at >= 0) {
            const auto branch = static_cast<size_t>(at);
            const auto value = static_cast<double>(row[features[branch]]);
            at = isTrue(branch, value) ? onTrue[branch] : onFalse[branch];
        }
        return static_cast<size_t>(~at);
    }

private:
    bool isTrue(size_t branch, double value) const
    {
        const double split = splits[branch];
        if (value != value && missingIsTrue[branch])
            return true;
        switch (modes[branch]) {
        case TreeMode::Leq: return value <= split;
        case TreeMode::Lt: return value < split;
        case TreeMode::Gte: return value >= split;
        case TreeMode::Gt: return value > split;
        case TreeMode::Eq: return value == split;
        case TreeMode::Neq: return value != split;
        case TreeMode::Member: return isMember(branch, value);
        }
        return false;
    }
    bool isMember(size_t branch, double value) const;
};

// From the attributes of TreeEnsembleClassifier and TreeEnsembleRegressor. The root of a tree is the first
// of its nodes that is nobody's child. targetCount < 0: as many as the votes name. Errors: InvalidModel
// (lists of different lengths, unknown nodes, a node with two parents, circles, a vote for a
// target that is not there). votePrefix: "class" or "target".
Result<TreeEnsemble> treesFromNodes(const Node& node, std::string_view votePrefix, int64_t targetCount);

// From the attributes of TreeEnsemble-5. Errors: as above.
Result<TreeEnsemble> treesFromBranches(const Node& node);

} // namespace lapidary
