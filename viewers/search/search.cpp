// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/search.h"

#include "viewers/search/pattern_match.h"
#include "viewers/search/term_match.h"

#include <algorithm>

namespace lapidary {

namespace {

void addNodeHits(const SearchIndex& index, const NodeSet& nodes, std::vector<SearchHit>& hits)
{
    for (const SearchGraph& place : index.graphs()) {
        for (size_t n = 0; n < place.graph->nodes.size(); ++n) {
            if (nodes[place.firstNode + n])
                hits.push_back({place.graph, static_cast<int32_t>(n), SearchHit::Kind::Node});
        }
    }
}

void addValueHits(const SearchIndex& index, const ValueSet& values, SearchIndex::ValueKind kind,
                  std::vector<SearchHit>& hits)
{
    const auto hitKind =
        kind == SearchIndex::ValueKind::Weight ? SearchHit::Kind::Weight : SearchHit::Kind::Tensor;
    for (const SearchGraph& place : index.graphs()) {
        for (size_t v = 0; v < place.graph->values.size(); ++v) {
            const auto number = place.firstValue + static_cast<uint32_t>(v);
            if (values[number] && index.valueKind(number) == kind)
                hits.push_back({place.graph, static_cast<int32_t>(v), hitKind});
        }
    }
}

SearchResult searchTerms(const SearchContext& context, const std::vector<QueryTerm>& terms)
{
    const SearchIndex& index = context.index;
    const bool nodesOnly = std::any_of(terms.begin(), terms.end(), isAboutNodes);
    // "weight:bias" asks for weights; "op:Conv weight:bias" for nodes that have such a weight.
    const bool valuesOnly = !nodesOnly && std::any_of(terms.begin(), terms.end(), [](const QueryTerm& term) {
        return (term.key == QueryKey::Tensor || term.key == QueryKey::Weight) && !term.excluded;
    });
    NodeSet nodes(index.nodeCount(), !valuesOnly);
    ValueSet values(index.valueCount());
    for (uint32_t value = 0; value < values.size(); ++value)
        values[value] = !nodesOnly && index.valueKind(value) != SearchIndex::ValueKind::None;
    for (const QueryTerm& term : terms) {
        const std::vector<uint8_t> texts = acceptedTexts(index, term);
        if (!valuesOnly)
            keepNodes(context, term, texts, nodes);
        if (!nodesOnly)
            keepValues(context, term, texts, values);
    }
    SearchResult result;
    addNodeHits(index, nodes, result.hits);
    result.counts[0] = result.hits.size();
    addValueHits(index, values, SearchIndex::ValueKind::Tensor, result.hits);
    result.counts[1] = result.hits.size() - result.counts[0];
    addValueHits(index, values, SearchIndex::ValueKind::Weight, result.hits);
    result.counts[2] = result.hits.size() - result.counts[0] - result.counts[1];
    return result;
}

std::vector<QueryTerm> resolved(const SearchIndex& index, const std::vector<QueryTerm>& terms)
{
    std::vector<QueryTerm> all;
    for (const QueryTerm& term : terms)
        all.push_back(resolvedTerm(index, term));
    return all;
}

} // namespace

Result<SearchResult> search(const SearchIndex& index, const InferredTypes* types, const Query& query,
                            const JobContext& job)
{
    SearchResult result;
    if (query.isEmpty())
        return result;
    const SearchContext context = searchContext(index, types, job);
    Query known = query;
    for (QueryStep& step : known.steps)
        step.terms = resolved(index, step.terms);
    result = known.isPattern() ? searchPattern(context, known) : searchTerms(context, known.steps[0].terms);
    if (job.stopRequested())
        return cancelled();
    return result;
}

std::span<const NodeId> SearchResult::chain(size_t hit) const
{
    if (hit + 1 >= chainStarts.size())
        return {};
    return {chainNodes.data() + chainStarts[hit], chainStarts[hit + 1] - chainStarts[hit]};
}

std::vector<const SearchGraph*> placeOf(const SearchIndex& index, const SearchHit& hit)
{
    std::vector<const SearchGraph*> around;
    // Functions that call each other in a circle have no outermost graph.
    for (int32_t g = index.graphIndex(hit.graph); g > 0 && around.size() < index.graphs().size();) {
        around.push_back(&index.graphs()[static_cast<size_t>(g)]);
        g = around.back()->parent;
    }
    std::reverse(around.begin(), around.end());
    return around;
}

namespace {

const Graph* graphOrNull(const SearchIndex& index, const SearchHit& hit)
{
    return hit.graph == &index.model().graph ? nullptr : hit.graph;
}

} // namespace

Selection selectionOf(const SearchIndex& index, const SearchHit& hit)
{
    const Graph* graph = graphOrNull(index, hit);
    return hit.kind == SearchHit::Kind::Node ? Selection::ofNode(hit.id, graph)
                                             : Selection::ofValue(hit.id, graph);
}

HitMark markOf(const SearchIndex& index, const SearchHit& hit)
{
    const bool isNode = hit.kind == SearchHit::Kind::Node;
    HitMark mark{graphOrNull(index, hit), isNode ? hit.id : noNode, isNode ? noValue : hit.id, noNode};
    if (mark.graph != nullptr) {
        const std::vector<const SearchGraph*> around = placeOf(index, hit);
        if (!around.empty() && around.front()->parent == 0)
            mark.around = around.front()->owner;
    }
    return mark;
}

} // namespace lapidary
