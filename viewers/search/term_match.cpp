// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/term_match.h"

#include "viewers/graph/graph_types.h"
#include "viewers/search/term_values.h"

#include <algorithm>

namespace lapidary {

namespace {

using Found = std::vector<uint8_t>;

// Texts [first, last) of the index that a term's values accept.
Found foundTexts(const SearchIndex& index, const QueryTerm& term, TextId first, TextId last)
{
    Found found(last - first, 0);
    if (term.values.empty())
        found.assign(found.size(), 1);
    for (const QueryValue& value : term.values) {
        if (!value.negated) {
            index.texts().find(value.text, first, last, found);
            continue;
        }
        Found refused(found.size(), 0);
        index.texts().find(value.text, first, last, refused);
        for (size_t i = 0; i < found.size(); ++i)
            found[i] |= static_cast<uint8_t>(!refused[i]);
    }
    return found;
}
Found foundNodeNames(const SearchIndex& index, const QueryTerm& term)
{
    return foundTexts(index, term, index.nodeText(0), index.valueText(0));
}
Found foundValueNames(const SearchIndex& index, const QueryTerm& term)
{
    return foundTexts(index, term, index.valueText(0), static_cast<TextId>(index.texts().count()));
}
Found foundShared(const SearchIndex& index, const QueryTerm& term)
{
    return foundTexts(index, term, 0, index.sharedTexts());
}

// "op:Conv" is Conv alone; "op:Con", which is no operator, is every operator with "con" in it.
Found foundOperators(const SearchIndex& index, QueryTerm term)
{
    for (QueryValue& value : term.values) {
        if (value.text.kind != TextTest::Kind::Contains)
            continue;
        TextTest whole = value.text;
        whole.kind = TextTest::Kind::Equals;
        Found same(index.sharedTexts(), 0);
        index.texts().find(whole, 0, index.sharedTexts(), same);
        for (uint32_t node = 0; node < index.nodeCount(); ++node) {
            if (same[index.operatorText(node)]) {
                value.text = whole;
                break;
            }
        }
    }
    return foundShared(index, term);
}

// Asks for each number that is still in the set of nodes or values.
template <typename Accepts>
void filter(bool excluded, std::vector<uint8_t>& set, Accepts&& accepts)
{
    for (uint32_t number = 0; number < set.size(); ++number) {
        if (set[number])
            set[number] = static_cast<uint8_t>(accepts(number) != excluded);
    }
}

// Where the question needs the graph: items and first of it are its nodes or values.
template <typename Item, typename Accepts>
void filterItems(const SearchContext& context, bool excluded, std::vector<uint8_t>& set,
                 std::vector<Item> Graph::*items, uint32_t SearchGraph::*first, Accepts&& accepts)
{
    for (size_t g = 0; g < context.index.graphs().size() && !context.job.stopRequested(); ++g) {
        const SearchGraph& place = context.index.graphs()[g];
        for (size_t i = 0; i < (place.graph->*items).size(); ++i) {
            const auto number = place.*first + static_cast<uint32_t>(i);
            if (set[number])
                set[number] = static_cast<uint8_t>(accepts(g, (place.graph->*items)[i], number) != excluded);
        }
    }
}

template <typename Accepts>
void filterNodes(const SearchContext& context, bool excluded, NodeSet& nodes, Accepts&& accepts)
{
    filterItems(context, excluded, nodes, &Graph::nodes, &SearchGraph::firstNode, accepts);
}

template <typename Accepts>
void filterValues(const SearchContext& context, bool excluded, ValueSet& values, Accepts&& accepts)
{
    filterItems(context, excluded, values, &Graph::values, &SearchGraph::firstValue, accepts);
}

bool anyOf(std::span<const ValueId> values, uint32_t first, const Found& found)
{
    return std::any_of(values.begin(), values.end(), [&](ValueId value) {
        return value != noValue && found[first + static_cast<uint32_t>(value)];
    });
}

size_t connected(std::span<const ValueId> values)
{
    return values.size() - static_cast<size_t>(std::count(values.begin(), values.end(), noValue));
}

void keepWords(const SearchIndex& index, const QueryTerm& term, const Found& all, NodeSet& nodes)
{
    filter(term.excluded, nodes, [&](uint32_t node) {
        const auto words = index.wordTexts(node);
        return all[index.nodeText(node)] ||
               std::any_of(words.begin(), words.end(), [&](TextId text) { return all[text]; });
    });
}

void keepTensorUsers(const SearchContext& context, const QueryTerm& term, NodeSet& nodes)
{
    const Found found = foundValueNames(context.index, term);
    filterNodes(context, term.excluded, nodes, [&](size_t g, const Node& node, uint32_t) {
        const uint32_t first = context.index.graphs()[g].firstValue;
        const auto weight = [&](ValueId value) {
            return value != noValue && found[first + static_cast<uint32_t>(value)] &&
                   context.index.weight(first + static_cast<uint32_t>(value));
        };
        switch (term.key) {
        case QueryKey::Input: return anyOf(node.inputs, first, found);
        case QueryKey::Output: return anyOf(node.outputs, first, found);
        case QueryKey::Weight: return std::any_of(node.inputs.begin(), node.inputs.end(), weight);
        default: return anyOf(node.inputs, first, found) || anyOf(node.outputs, first, found);
        }
    });
}

void keepAttributes(const SearchContext& context, const QueryTerm& term, NodeSet& nodes)
{
    QueryTerm name;
    if (term.key == QueryKey::HasAttribute) {
        name.values = term.values;
    } else {
        name.values.emplace_back();
        name.values.back().text = {TextTest::Kind::Equals, term.attribute, {}};
    }
    const Found names = foundShared(context.index, name);
    filterNodes(context, term.excluded, nodes, [&](size_t, const Node& node, uint32_t number) {
        const auto attributes = context.index.attributeTexts(number);
        for (size_t i = 0; i < attributes.size(); ++i) {
            if (!names[attributes[i]])
                continue;
            if (term.key == QueryKey::HasAttribute || term.values.empty())
                return true;
            for (const QueryValue& value : term.values) {
                if (acceptsAttribute(value, node.attributes[i]) != value.negated)
                    return true;
            }
        }
        return false;
    });
}

bool hasOperator(const SearchIndex& index, const QueryTerm& term)
{
    const Found found = foundOperators(index, term);
    for (uint32_t node = 0; node < index.nodeCount(); ++node) {
        if (found[index.operatorText(node)])
            return true;
    }
    return false;
}

} // namespace

SearchContext searchContext(const SearchIndex& index, const InferredTypes* types, const JobContext& job)
{
    SearchContext context{index, std::vector<const InferredTypes*>(index.graphs().size(), nullptr), job};
    context.types[0] = types;
    for (size_t g = 1; g < index.graphs().size(); ++g) {
        const SearchGraph& place = index.graphs()[g];
        const InferredTypes* around =
            place.parent < 0 || place.function ? nullptr : context.types[static_cast<size_t>(place.parent)];
        if (!around)
            continue;
        const auto found = around->bodies.find(place.graph);
        context.types[g] = found == around->bodies.end() ? nullptr : found->second.get();
    }
    return context;
}

const TypeInfo& SearchContext::type(size_t graph, ValueId value) const
{
    return typeOf(*index.graphs()[graph].graph, types[graph], value);
}

QueryTerm resolvedTerm(const SearchIndex& index, QueryTerm term)
{
    if (term.key != QueryKey::Attribute)
        return term;
    const TextTest name{TextTest::Kind::Equals, term.attribute, {}};
    Found found(index.sharedTexts(), 0);
    index.texts().find(name, 0, index.sharedTexts(), found);
    for (uint32_t node = 0; node < index.nodeCount(); ++node) {
        for (const TextId text : index.attributeTexts(node)) {
            if (found[text])
                return term;
        }
    }
    term.key = QueryKey::Word;
    term.values.assign(1, QueryValue{term.whole, {}, {}, false});
    return term;
}

bool isAboutNodes(const QueryTerm& term)
{
    switch (term.key) {
    case QueryKey::Op:
    case QueryKey::Input:
    case QueryKey::Output:
    case QueryKey::HasAttribute:
    case QueryKey::Attribute:
    case QueryKey::Domain:
    case QueryKey::InputCount:
    case QueryKey::OutputCount: return true;
    default: return false;
    }
}

std::vector<uint8_t> acceptedTexts(const SearchIndex& index, const QueryTerm& term)
{
    if (term.key != QueryKey::Word)
        return {};
    return foundTexts(index, term, 0, static_cast<TextId>(index.texts().count()));
}

void keepStepNodes(const SearchContext& context, const QueryTerm& term, NodeSet& nodes)
{
    QueryTerm known = term;
    if (term.key == QueryKey::Word && hasOperator(context.index, term))
        known.key = QueryKey::Op;
    keepNodes(context, known, acceptedTexts(context.index, known), nodes);
}

void keepNodes(const SearchContext& context, const QueryTerm& term, const Found& texts, NodeSet& nodes)
{
    const SearchIndex& index = context.index;
    const auto byText = [&](const Found& found, TextId (SearchIndex::*text)(uint32_t) const) {
        filter(term.excluded, nodes, [&](uint32_t node) { return found[(index.*text)(node)] != 0; });
    };
    switch (term.key) {
    case QueryKey::Word: return keepWords(index, term, texts, nodes);
    case QueryKey::Op: return byText(foundOperators(index, term), &SearchIndex::operatorText);
    case QueryKey::Domain: return byText(foundShared(index, term), &SearchIndex::domainText);
    case QueryKey::Name: {
        const Found found = foundNodeNames(index, term);
        return filter(term.excluded, nodes, [&](uint32_t node) { return found[node] != 0; });
    }
    case QueryKey::Input:
    case QueryKey::Output:
    case QueryKey::Tensor:
    case QueryKey::Weight: return keepTensorUsers(context, term, nodes);
    case QueryKey::HasAttribute:
    case QueryKey::Attribute: return keepAttributes(context, term, nodes);
    case QueryKey::Type:
    case QueryKey::Dimensions:
    case QueryKey::Rank: {
        const TypeTest test(term);
        return filterNodes(context, term.excluded, nodes, [&](size_t g, const Node& node, uint32_t) {
            return std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId value) {
                return value != noValue && test.accepts(context.type(g, value));
            });
        });
    }
    case QueryKey::Parameters:
    case QueryKey::Bytes:
        return filter(term.excluded, nodes, [&](uint32_t node) {
            const int64_t size =
                term.key == QueryKey::Bytes ? index.weightBytes(node) : index.parameters(node);
            return acceptsNumber(term, static_cast<double>(size));
        });
    case QueryKey::InputCount:
    case QueryKey::OutputCount:
        return filterNodes(context, term.excluded, nodes, [&](size_t, const Node& node, uint32_t) {
            return acceptsNumber(term, static_cast<double>(connected(
                                           term.key == QueryKey::InputCount ? node.inputs : node.outputs)));
        });
    case QueryKey::Kind:
        if (!term.values.empty() && isKind(term, "node") == term.excluded)
            std::fill(nodes.begin(), nodes.end(), uint8_t(0));
        return;
    }
}

void keepValues(const SearchContext& context, const QueryTerm& term, const Found& texts, ValueSet& values)
{
    const SearchIndex& index = context.index;
    const auto isWeight = [&](uint32_t number) {
        return index.valueKind(number) == SearchIndex::ValueKind::Weight;
    };
    switch (term.key) {
    case QueryKey::Word:
        return filter(term.excluded, values,
                      [&](uint32_t value) { return texts[index.valueText(value)] != 0; });
    case QueryKey::Name:
    case QueryKey::Tensor:
    case QueryKey::Weight: {
        const Found found = foundValueNames(index, term);
        return filter(term.excluded, values, [&](uint32_t value) {
            return found[value] && (term.key != QueryKey::Weight || isWeight(value));
        });
    }
    case QueryKey::Type:
    case QueryKey::Dimensions:
    case QueryKey::Rank: {
        const TypeTest test(term);
        return filterValues(
            context, term.excluded, values, [&](size_t g, const GraphValue& value, uint32_t number) {
                if (const TensorRef* weight = index.weight(number))
                    return test.accepts(*weight);
                const auto id = static_cast<ValueId>(&value - index.graphs()[g].graph->values.data());
                return test.accepts(context.type(g, id));
            });
    }
    case QueryKey::Parameters:
    case QueryKey::Bytes:
        return filterValues(context, term.excluded, values, [&](size_t, const GraphValue&, uint32_t number) {
            const TensorRef* weight = index.weight(number);
            if (!weight)
                return false;
            const double size = term.key == QueryKey::Bytes
                                    ? static_cast<double>(weight->sizeBytes())
                                    : static_cast<double>(elementCount(weight->dims).value_or(0));
            return acceptsNumber(term, size);
        });
    case QueryKey::Kind:
        return filterValues(
            context, term.excluded, values, [&](size_t, const GraphValue& value, uint32_t number) {
                return term.values.empty() || isKind(term, isWeight(number) ? "weight" : "tensor") ||
                       (value.isInput && isKind(term, "input")) || (value.isOutput && isKind(term, "output"));
            });
    case QueryKey::Op:
    case QueryKey::Input:
    case QueryKey::Output:
    case QueryKey::HasAttribute:
    case QueryKey::Attribute:
    case QueryKey::Domain:
    case QueryKey::InputCount:
    case QueryKey::OutputCount: std::fill(values.begin(), values.end(), uint8_t(0)); return;
    }
}

} // namespace lapidary
