// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/tree_ensemble.h"

#include "engine/ops/ml_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_set>

namespace lapidary {

namespace {

using Place = TreeEnsemble::Place;
constexpr size_t maxNodes = std::numeric_limits<Place>::max();
constexpr int64_t maxTargets = 1 << 24; // far above any model, so that scores of a row fit into memory

Error badTrees(std::string message) { return makeError(ErrorCode::InvalidModel, std::move(message)); }

Status requireLength(std::string_view name, size_t found, size_t expected)
{
    if (found == expected)
        return {};
    return badTrees("the attribute " + std::string(name) + " has " + std::to_string(found) +
                    " elements, expected " + std::to_string(expected));
}

// An INTS attribute with this many elements.
Result<std::vector<int64_t>> intsOf(const Node& node, std::string_view name, size_t count)
{
    const auto& list = listAttribute<int64_t>(node, name);
    TRY(requireLength(name, list.size(), count));
    return list;
}

Result<std::vector<double>> numbersOf(const Node& node, std::string_view name, size_t count)
{
    TRY_ASSIGN(std::vector<double> list, numbersAttribute(node, name));
    TRY(requireLength(name, list.size(), count));
    return list;
}

// nodes_missing_value_tracks_true may be left out.
Result<std::vector<uint8_t>> missingFlags(const Node& node, size_t count)
{
    const auto& list = listAttribute<int64_t>(node, "nodes_missing_value_tracks_true");
    if (list.empty())
        return std::vector<uint8_t>(count);
    TRY(requireLength("nodes_missing_value_tracks_true", list.size(), count));
    std::vector<uint8_t> flags(count);
    std::transform(list.begin(), list.end(), flags.begin(), [](int64_t flag) { return flag != 0; });
    return flags;
}

// Nodes of all trees by (tree, node), the ids that the file gives them.
class NodeIndex {
public:
    NodeIndex(const std::vector<int64_t>& trees, const std::vector<int64_t>& nodes)
        : m_trees(trees), m_nodes(nodes), m_order(trees.size())
    {
        std::iota(m_order.begin(), m_order.end(), size_t{0});
        std::sort(m_order.begin(), m_order.end(), [this](size_t a, size_t b) { return key(a) < key(b); });
    }

    Status requireUnique() const
    {
        const auto twin = std::adjacent_find(m_order.begin(), m_order.end(),
                                             [this](size_t a, size_t b) { return key(a) == key(b); });
        return twin == m_order.end() ? Status() : badTrees(nameOf(key(*twin)) + " is there twice");
    }

    Result<size_t> find(int64_t tree, int64_t node) const
    {
        const std::pair wanted(tree, node);
        const auto found = std::lower_bound(m_order.begin(), m_order.end(), wanted,
                                            [this](size_t a, const auto& b) { return key(a) < b; });
        if (found == m_order.end() || key(*found) != wanted)
            return badTrees(nameOf(wanted) + " is named but not there");
        return *found;
    }

private:
    std::pair<int64_t, int64_t> key(size_t i) const { return {m_trees[i], m_nodes[i]}; }
    static std::string nameOf(const std::pair<int64_t, int64_t>& key)
    {
        return "node " + std::to_string(key.second) + " of tree " + std::to_string(key.first);
    }
    const std::vector<int64_t>& m_trees;
    const std::vector<int64_t>& m_nodes;
    std::vector<size_t> m_order;
};

Result<TreeMode> modeFromText(const std::string& text)
{
    static constexpr std::string_view names[] = {"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE",
                                                 "BRANCH_GT",  "BRANCH_EQ", "BRANCH_NEQ"};
    const auto found = std::find(std::begin(names), std::end(names), text);
    if (found == std::end(names))
        return badTrees("'" + text.substr(0, 40) + "' is no kind of tree node");
    return static_cast<TreeMode>(found - std::begin(names));
}

// Adds one branch without children; the split is left to the caller where it is a set.
Status addBranch(TreeEnsemble& trees, TreeMode mode, int64_t feature, double split, bool missingIsTrue)
{
    if (feature < 0 || feature >= std::numeric_limits<int32_t>::max())
        return badTrees("a tree asks for feature " + std::to_string(feature));
    trees.featureCount = std::max(trees.featureCount, feature + 1);
    trees.features.push_back(static_cast<int32_t>(feature));
    trees.splits.push_back(split);
    trees.modes.push_back(mode);
    trees.missingIsTrue.push_back(missingIsTrue);
    return {};
}

constexpr Place noParent = -1;

// Going up from any branch must come to an end.
Status requireNoCircles(const std::vector<Place>& parents)
{
    std::vector<size_t> seenFrom(parents.size()); // number of the first walk that came by
    for (size_t start = 0; start < parents.size(); ++start) {
        Place at = static_cast<Place>(start);
        while (at != noParent && seenFrom[static_cast<size_t>(at)] == 0) {
            seenFrom[static_cast<size_t>(at)] = start + 1;
            at = parents[static_cast<size_t>(at)];
        }
        if (at != noParent && seenFrom[static_cast<size_t>(at)] == start + 1)
            return badTrees("the nodes of a tree form a circle");
    }
    return {};
}

// For each branch the branch above it, or noParent. Errors: a branch below two; circles.
Result<std::vector<Place>> parentsOf(const TreeEnsemble& trees)
{
    std::vector<Place> parents(trees.features.size(), noParent);
    for (size_t i = 0; i < parents.size(); ++i) {
        for (const Place child : {trees.onTrue[i], trees.onFalse[i]}) {
            if (child < 0)
                continue;
            Place& parent = parents[static_cast<size_t>(child)];
            if (parent != noParent && parent != static_cast<Place>(i))
                return badTrees("two nodes of a tree lead to the same branch");
            parent = static_cast<Place>(i);
        }
    }
    TRY(requireNoCircles(parents));
    return parents;
}

// Fills voteBegin, voteTargets, voteWeights from one (leaf, target, weight) for each vote.
Status setVotes(TreeEnsemble& trees, size_t leafCount, const std::vector<Place>& leaves,
                const std::vector<int64_t>& targets, const std::vector<double>& weights)
{
    if (trees.targetCount < 0 && !targets.empty())
        trees.targetCount = std::min(*std::max_element(targets.begin(), targets.end()), maxTargets) + 1;
    if (trees.targetCount < 1 || trees.targetCount > maxTargets || leaves.size() >= maxNodes)
        return badTrees("trees need at least one target, found " + std::to_string(trees.targetCount) +
                        " with " + std::to_string(leaves.size()) + " votes");
    trees.voteBegin.assign(leafCount + 1, 0);
    for (size_t i = 0; i < leaves.size(); ++i) {
        if (targets[i] < 0 || targets[i] >= trees.targetCount)
            return badTrees("a leaf votes for target " + std::to_string(targets[i]) + " of " +
                            std::to_string(trees.targetCount));
        if (leaves[i] != noParent)
            ++trees.voteBegin[static_cast<size_t>(leaves[i]) + 1];
    }
    std::partial_sum(trees.voteBegin.begin(), trees.voteBegin.end(), trees.voteBegin.begin());
    std::vector<int32_t> next(trees.voteBegin);
    trees.voteTargets.resize(static_cast<size_t>(trees.voteBegin.back()));
    trees.voteWeights.resize(trees.voteTargets.size());
    for (size_t i = 0; i < leaves.size(); ++i) {
        if (leaves[i] == noParent)
            continue;
        const auto at = static_cast<size_t>(next[static_cast<size_t>(leaves[i])]++);
        trees.voteTargets[at] = static_cast<int32_t>(targets[i]);
        trees.voteWeights[at] = weights[i];
    }
    return {};
}

// What the lists nodes_* say, and where each node went: a branch, or ~leaf.
struct NodeLists {
    std::vector<int64_t> trees;
    std::vector<int64_t> nodes;
    std::vector<Place> places;
    size_t leafCount = 0;
};

Result<NodeLists> addNodes(const Node& node, TreeEnsemble& trees)
{
    NodeLists lists;
    const auto& modes = listAttribute<std::string>(node, "nodes_modes");
    const size_t count = modes.size();
    if (count >= maxNodes)
        return badTrees("there are too many tree nodes");
    TRY_ASSIGN(lists.trees, intsOf(node, "nodes_treeids", count));
    TRY_ASSIGN(lists.nodes, intsOf(node, "nodes_nodeids", count));
    TRY_ASSIGN(const auto features, intsOf(node, "nodes_featureids", count));
    TRY_ASSIGN(const auto splits, numbersOf(node, "nodes_values", count));
    TRY_ASSIGN(const auto missing, missingFlags(node, count));
    for (size_t i = 0; i < count; ++i) {
        if (modes[i] == "LEAF") {
            lists.places.push_back(~static_cast<Place>(lists.leafCount++));
            continue;
        }
        TRY_ASSIGN(const TreeMode mode, modeFromText(modes[i]));
        lists.places.push_back(static_cast<Place>(trees.features.size()));
        TRY(addBranch(trees, mode, features[i], splits[i], missing[i] != 0));
    }
    return lists;
}

Status linkNodes(const Node& node, TreeEnsemble& trees, const NodeLists& lists, const NodeIndex& index)
{
    TRY_ASSIGN(const auto onTrue, intsOf(node, "nodes_truenodeids", lists.places.size()));
    TRY_ASSIGN(const auto onFalse, intsOf(node, "nodes_falsenodeids", lists.places.size()));
    for (size_t i = 0; i < lists.places.size(); ++i) {
        if (lists.places[i] < 0)
            continue;
        TRY_ASSIGN(const size_t yes, index.find(lists.trees[i], onTrue[i]));
        TRY_ASSIGN(const size_t no, index.find(lists.trees[i], onFalse[i]));
        trees.onTrue.push_back(lists.places[yes]);
        trees.onFalse.push_back(lists.places[no]);
    }
    return {};
}

// The first node of each tree that is no child.
Status findRoots(TreeEnsemble& trees, const NodeLists& lists)
{
    TRY_ASSIGN(const std::vector<Place> parents, parentsOf(trees));
    std::vector<bool> leafIsChild(lists.leafCount);
    for (const auto* children : {&trees.onTrue, &trees.onFalse}) {
        for (const Place child : *children) {
            if (child < 0)
                leafIsChild[static_cast<size_t>(~child)] = true;
        }
    }
    std::unordered_set<int64_t> withRoot;
    for (size_t i = 0; i < lists.places.size(); ++i) {
        const Place place = lists.places[i];
        const bool isChild = place < 0 ? leafIsChild[static_cast<size_t>(~place)]
                                       : parents[static_cast<size_t>(place)] != noParent;
        if (!isChild && withRoot.insert(lists.trees[i]).second)
            trees.roots.push_back(place);
    }
    return {};
}

Status addVotes(const Node& node, const std::string& prefix, TreeEnsemble& trees, const NodeLists& lists,
                const NodeIndex& index)
{
    const auto& targets = listAttribute<int64_t>(node, prefix + "_ids");
    TRY_ASSIGN(const auto treeIds, intsOf(node, prefix + "_treeids", targets.size()));
    TRY_ASSIGN(const auto nodeIds, intsOf(node, prefix + "_nodeids", targets.size()));
    TRY_ASSIGN(const auto weights, numbersOf(node, prefix + "_weights", targets.size()));
    std::vector<Place> leaves(targets.size(), noParent); // votes of branches never count
    for (size_t i = 0; i < targets.size(); ++i) {
        TRY_ASSIGN(const size_t at, index.find(treeIds[i], nodeIds[i]));
        if (lists.places[at] < 0)
            leaves[i] = ~lists.places[at];
    }
    return setVotes(trees, lists.leafCount, leaves, targets, weights);
}

// membership_values: one set for each branch of mode Member, in their order, each ended by NaN.
Status addMembers(const Node& node, TreeEnsemble& trees)
{
    if (std::find(trees.modes.begin(), trees.modes.end(), TreeMode::Member) == trees.modes.end())
        return {};
    TRY_ASSIGN(const std::vector<double> values, numbersAttribute(node, "membership_values"));
    trees.members.resize(trees.modes.size());
    auto next = values.begin();
    for (size_t i = 0; i < trees.modes.size(); ++i) {
        if (trees.modes[i] != TreeMode::Member)
            continue;
        if (next == values.end())
            return badTrees("membership_values has fewer sets than there are nodes of mode BRANCH_MEMBER");
        const auto end = std::find_if(next, values.end(), [](double value) { return std::isnan(value); });
        trees.members[i].assign(next, end);
        std::sort(trees.members[i].begin(), trees.members[i].end());
        next = end == values.end() ? end : end + 1;
    }
    return {};
}

Status addBranches(const Node& node, TreeEnsemble& trees)
{
    const auto& features = listAttribute<int64_t>(node, "nodes_featureids");
    const size_t count = features.size();
    if (count >= maxNodes)
        return badTrees("there are too many tree nodes");
    TRY_ASSIGN(const auto modes, numbersOf(node, "nodes_modes", count));
    TRY_ASSIGN(const auto splits, numbersOf(node, "nodes_splits", count));
    TRY_ASSIGN(const auto missing, missingFlags(node, count));
    for (size_t i = 0; i < count; ++i) {
        if (!(modes[i] >= 0 && modes[i] <= static_cast<double>(TreeMode::Member)))
            return badTrees("nodes_modes holds " + std::to_string(modes[i]) + ", expected 0 to 6");
        TRY(addBranch(trees, static_cast<TreeMode>(modes[i]), features[i], splits[i], missing[i] != 0));
    }
    return addMembers(node, trees);
}

// One side of all branches. leafFlags: where an index is that of a leaf.
Result<std::vector<Place>> childPlaces(const Node& node, const std::string& side, size_t branchCount,
                                       size_t leafCount)
{
    TRY_ASSIGN(const auto indices, intsOf(node, "nodes_" + side + "nodeids", branchCount));
    TRY_ASSIGN(const auto leafFlags, intsOf(node, "nodes_" + side + "leafs", branchCount));
    std::vector<Place> places(branchCount);
    for (size_t i = 0; i < branchCount; ++i) {
        const bool isLeaf = leafFlags[i] != 0;
        const size_t limit = isLeaf ? leafCount : branchCount;
        if (indices[i] < 0 || static_cast<size_t>(indices[i]) >= limit)
            return badTrees("nodes_" + side + "nodeids names " + (isLeaf ? "leaf " : "node ") +
                            std::to_string(indices[i]) + " of " + std::to_string(limit));
        places[i] = isLeaf ? ~static_cast<Place>(indices[i]) : static_cast<Place>(indices[i]);
    }
    return places;
}

// A root whose two children are one leaf stands for that leaf.
Status addRoots(const Node& node, TreeEnsemble& trees)
{
    TRY_ASSIGN(const std::vector<Place> parents, parentsOf(trees));
    for (const int64_t root : listAttribute<int64_t>(node, "tree_roots")) {
        if (root < 0 || static_cast<size_t>(root) >= parents.size())
            return badTrees("tree_roots names node " + std::to_string(root) + " of " +
                            std::to_string(parents.size()));
        const auto branch = static_cast<size_t>(root);
        const bool isLeaf = trees.onTrue[branch] < 0 && trees.onTrue[branch] == trees.onFalse[branch];
        trees.roots.push_back(isLeaf ? trees.onTrue[branch] : static_cast<Place>(root));
    }
    return {};
}

} // namespace

bool TreeEnsemble::isMember(size_t branch, double value) const
{
    return value == value && std::binary_search(members[branch].begin(), members[branch].end(), value);
}

Result<TreeEnsemble> treesFromNodes(const Node& node, std::string_view votePrefix, int64_t targetCount)
{
    TreeEnsemble trees;
    trees.targetCount = targetCount;
    TRY_ASSIGN(const NodeLists lists, addNodes(node, trees));
    const NodeIndex index(lists.trees, lists.nodes);
    TRY(index.requireUnique());
    TRY(linkNodes(node, trees, lists, index));
    TRY(findRoots(trees, lists));
    TRY(addVotes(node, std::string(votePrefix), trees, lists, index));
    return trees;
}

Result<TreeEnsemble> treesFromBranches(const Node& node)
{
    TreeEnsemble trees;
    trees.targetCount = node.intAttribute("n_targets", -1);
    TRY(addBranches(node, trees));
    const auto& targets = listAttribute<int64_t>(node, "leaf_targetids");
    if (targets.size() >= maxNodes)
        return badTrees("there are too many leaves");
    TRY_ASSIGN(const auto weights, numbersOf(node, "leaf_weights", targets.size()));
    TRY_ASSIGN(trees.onTrue, childPlaces(node, "true", trees.features.size(), targets.size()));
    TRY_ASSIGN(trees.onFalse, childPlaces(node, "false", trees.features.size(), targets.size()));
    TRY(addRoots(node, trees));
    std::vector<Place> leaves(targets.size());
    std::iota(leaves.begin(), leaves.end(), Place{0});
    TRY(setVotes(trees, leaves.size(), leaves, targets, weights));
    return trees;
}

} // namespace lapidary
