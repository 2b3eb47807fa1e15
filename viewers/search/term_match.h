// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: takes from a set of nodes or values those that a term of a query does not hold for.
#pragma once

#include "viewers/search/search.h"

namespace lapidary {

// What search() knows while it works.
struct SearchContext {
    const SearchIndex& index;
    std::vector<const InferredTypes*> types; // of each graph of the index; null: as the file says
    const JobContext& job;

    const TypeInfo& type(size_t graph, ValueId value) const;
};
SearchContext searchContext(const SearchIndex& index, const InferredTypes* types, const JobContext& job);

using NodeSet = std::vector<uint8_t>;  // 1 or 0 for each node of the index
using ValueSet = std::vector<uint8_t>; // for each value

// A key that is the name of no attribute makes the whole term a word: "images:0" is a name.
QueryTerm resolvedTerm(const SearchIndex& index, QueryTerm term);
// The term is about something that only nodes have.
bool isAboutNodes(const QueryTerm& term);

// Which texts of the index a word accepts, for keepNodes and keepValues; empty for other terms.
std::vector<uint8_t> acceptedTexts(const SearchIndex& index, const QueryTerm& term);
void keepNodes(const SearchContext& context, const QueryTerm& term, const std::vector<uint8_t>& texts,
               NodeSet& nodes);
void keepValues(const SearchContext& context, const QueryTerm& term, const std::vector<uint8_t>& texts,
                ValueSet& values);
// In a pattern a word is meant for the operator if there is one of that name.
void keepStepNodes(const SearchContext& context, const QueryTerm& term, NodeSet& nodes);

} // namespace lapidary
