// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what of a model a query finds: nodes, tensors and weights, in all graphs of the model.
// Pure functions, any thread.
#pragma once

#include "engine/ops/inference.h"
#include "viewers/graph/selection.h"
#include "viewers/search/query.h"
#include "viewers/search/search_index.h"

#include <array>

namespace lapidary {

struct SearchHit {
    enum class Kind : uint8_t { Node, Tensor, Weight };
    const Graph* graph = nullptr;
    int32_t id = -1; // NodeId for Kind::Node, else ValueId
    Kind kind = Kind::Node;
    bool operator==(const SearchHit&) const = default;
};
constexpr size_t searchKindCount = 3;

struct SearchResult {
    std::vector<SearchHit> hits; // nodes, then tensors, then weights; each in the order of the file
    std::array<size_t, searchKindCount> counts{};
    // Of a pattern: hits are the nodes that chains start with, one chain each, as nodes of the hit's graph;
    // the chain of hit i is chainNodes[chainStarts[i]] up to chainNodes[chainStarts[i + 1]].
    std::vector<uint32_t> chainStarts;
    std::vector<NodeId> chainNodes;
    std::vector<SearchHit> marked; // every node that is part of some chain

    std::span<const NodeId> chain(size_t hit) const; // empty unless the query is a pattern
};

// types: of the index's model, may be null; shapes are then those in the file.
// Errors: Cancelled only.
Result<SearchResult> search(const SearchIndex& index, const InferredTypes* types, const Query& query,
                            const JobContext& job);

Selection selectionOf(const SearchIndex& index, const SearchHit& hit);
// With the node of the main graph whose body or function holds it, if there is one: not for functions that
// nobody calls.
HitMark markOf(const SearchIndex& index, const SearchHit& hit);
// The graphs around a hit, outermost first: empty for the main graph.
std::vector<const SearchGraph*> placeOf(const SearchIndex& index, const SearchHit& hit);

// A "**" of a pattern stands for at most so many nodes.
constexpr int longestQueryPath = 16;

} // namespace lapidary
