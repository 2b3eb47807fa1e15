// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/search_index.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace lapidary {

namespace {

// Deeper nesting is a hostile file.
constexpr int deepestBody = 64;
constexpr size_t mostAttributes = 60'000; // that are found by name, of one node

// Gives every shared text one number.
class SharedTexts {
public:
    explicit SharedTexts(TextArena& arena) : m_arena(arena) {}
    TextId id(std::string_view text)
    {
        const auto [entry, isNew] = m_ids.try_emplace(std::string(text), TextId(0));
        if (isNew)
            entry->second = m_arena.add(text);
        return entry->second;
    }

private:
    TextArena& m_arena;
    std::unordered_map<std::string, TextId> m_ids;
};

int64_t saturatedSum(int64_t a, uint64_t b)
{
    constexpr auto most = std::numeric_limits<int64_t>::max();
    return b > static_cast<uint64_t>(most - a) ? most : a + static_cast<int64_t>(b);
}

} // namespace

Result<std::shared_ptr<const SearchIndex>> SearchIndex::build(std::shared_ptr<const Model> model,
                                                              JobContext& job)
{
    std::shared_ptr<SearchIndex> index(new SearchIndex);
    index->m_model = std::move(model);
    if (!index->collectGraphs(job) || !index->addNames(job))
        return cancelled();
    index->addWeights();
    if (!index->addNodes(job))
        return cancelled();
    index->connectNodes();
    return std::shared_ptr<const SearchIndex>(std::move(index));
}

bool SearchIndex::collectGraphs(JobContext& job)
{
    addGraph(m_model->graph, -1, noNode, nullptr);
    for (const Function& function : m_model->functions)
        addGraph(function.body, -1, noNode, &function);
    std::vector<int> depths(m_graphs.size(), 0);
    for (size_t i = 0; i < m_graphs.size(); ++i) {
        if (job.stopRequested())
            return false;
        const Graph& graph = *m_graphs[i].graph;
        if (depths[i] >= deepestBody)
            continue;
        for (size_t n = 0; n < graph.nodes.size(); ++n) {
            for (const auto& body : graph.nodes[n].bodies()) {
                if (!body || m_graphIndex.contains(body.get()))
                    continue;
                addGraph(*body, static_cast<int32_t>(i), static_cast<NodeId>(n), nullptr);
                depths.push_back(depths[i] + 1);
            }
        }
    }
    findCallers();
    return true;
}

void SearchIndex::addGraph(const Graph& graph, int32_t parent, NodeId owner, const Function* function)
{
    SearchGraph entry{&graph, function, parent, owner, 0, 0};
    if (!m_graphs.empty()) {
        const SearchGraph& last = m_graphs.back();
        entry.firstNode = last.firstNode + static_cast<uint32_t>(last.graph->nodes.size());
        entry.firstValue = last.firstValue + static_cast<uint32_t>(last.graph->values.size());
    }
    m_graphIndex.emplace(&graph, static_cast<int32_t>(m_graphs.size()));
    m_graphs.push_back(entry);
}

// The first node that calls a function leads to it.
void SearchIndex::findCallers()
{
    if (m_model->functions.empty())
        return;
    std::unordered_set<std::string_view> names;
    for (const Function& function : m_model->functions)
        names.insert(function.name);
    for (size_t i = 0; i < m_graphs.size(); ++i) {
        const Graph& graph = *m_graphs[i].graph;
        for (size_t n = 0; n < graph.nodes.size(); ++n) {
            const Node& node = graph.nodes[n];
            if (!names.contains(node.opType))
                continue;
            const Function* called = m_model->function(node.domain, node.opType, node.overload);
            if (!called)
                continue;
            SearchGraph& body = m_graphs[static_cast<size_t>(m_graphIndex.at(&called->body))];
            if (body.owner != noNode || m_graphs[i].graph == body.graph)
                continue;
            body.parent = static_cast<int32_t>(i);
            body.owner = static_cast<NodeId>(n);
        }
    }
}

bool SearchIndex::addNames(JobContext& job)
{
    SharedTexts shared(m_texts);
    for (const SearchGraph& place : m_graphs) {
        for (const Node& node : place.graph->nodes) {
            m_operators.push_back(shared.id(node.opType));
            m_domains.push_back(shared.id(domainName(node.domain)));
            // Their place is kept here; outputs and weights join them when their numbers are known.
            m_wordStarts.push_back(static_cast<uint32_t>(m_words.size()));
            for (size_t i = 0; i < std::min(node.attributes.size(), mostAttributes); ++i)
                m_words.push_back(shared.id(node.attributes[i].name));
        }
    }
    m_wordStarts.push_back(static_cast<uint32_t>(m_words.size()));
    m_nodeTexts = static_cast<TextId>(m_texts.count());
    for (const SearchGraph& place : m_graphs) {
        if (job.stopRequested())
            return false;
        for (const Node& node : place.graph->nodes)
            m_texts.add(node.name);
    }
    for (const SearchGraph& place : m_graphs) {
        if (job.stopRequested())
            return false;
        for (const GraphValue& value : place.graph->values)
            m_texts.add(value.name);
    }
    m_texts.close();
    return true;
}

void SearchIndex::addWeights()
{
    for (const SearchGraph& place : m_graphs) {
        const bool inside = place.graph != &m_model->graph;
        for (const GraphValue& value : place.graph->values) {
            const auto id = static_cast<ValueId>(&value - place.graph->values.data());
            const TensorRef* weight = weightOf(place, id);
            m_weights.push_back(weight);
            if (value.name.empty() || (inside && value.isOuter))
                m_valueKinds.push_back(ValueKind::None); // it belongs to the graph around this one
            else
                m_valueKinds.push_back(weight ? ValueKind::Weight : ValueKind::Tensor);
        }
        for (const SparseInitializer& sparse : place.graph->sparseInitializers) {
            m_weights[place.firstValue + static_cast<uint32_t>(sparse.value)] = &sparse.tensor.values;
            m_valueKinds[place.firstValue + static_cast<uint32_t>(sparse.value)] = ValueKind::Weight;
        }
    }
}

const TensorRef* SearchIndex::weightOf(const SearchGraph& place, ValueId id) const
{
    const GraphValue& value = place.graph->value(id);
    if (const TensorRef* constant = place.graph->constantOf(id))
        return constant;
    // A body sees the weights around it; those graphs come first in the list.
    if (!value.isOuter || value.name.empty() || place.function || place.parent < 0)
        return nullptr;
    const SearchGraph& parent = m_graphs[static_cast<size_t>(place.parent)];
    const ValueId outer = parent.graph->findValue(value.name);
    return outer == noValue ? nullptr : m_weights[parent.firstValue + static_cast<uint32_t>(outer)];
}

bool SearchIndex::addNodes(JobContext& job)
{
    const std::vector<TextId> attributes = std::exchange(m_words, {});
    const std::vector<uint32_t> starts = std::exchange(m_wordStarts, {});
    m_words.reserve(attributes.size() + 4 * nodeCount());
    for (const SearchGraph& place : m_graphs) {
        if (job.stopRequested())
            return false;
        for (const Node& node : place.graph->nodes) {
            const auto number = static_cast<uint32_t>(m_attributeCounts.size());
            m_wordStarts.push_back(static_cast<uint32_t>(m_words.size()));
            m_words.push_back(m_operators[number]);
            m_words.insert(m_words.end(), attributes.begin() + starts[number],
                           attributes.begin() + starts[number + 1]);
            m_attributeCounts.push_back(static_cast<uint16_t>(starts[number + 1] - starts[number]));
            for (const ValueId output : node.outputs) {
                if (output != noValue)
                    m_words.push_back(valueText(place.firstValue + static_cast<uint32_t>(output)));
            }
            int64_t parameters = 0, bytes = 0;
            for (const ValueId input : node.inputs) {
                const uint32_t value = place.firstValue + static_cast<uint32_t>(input);
                if (input == noValue || !m_weights[value])
                    continue;
                m_words.push_back(valueText(value));
                const auto count = elementCount(m_weights[value]->dims);
                parameters =
                    saturatedSum(parameters, static_cast<uint64_t>(std::max<int64_t>(0, count.value_or(0))));
                bytes = saturatedSum(bytes, count ? m_weights[value]->sizeBytes() : 0);
            }
            m_parameters.push_back(parameters);
            m_bytes.push_back(bytes);
        }
    }
    m_wordStarts.push_back(static_cast<uint32_t>(m_words.size()));
    return true;
}

void SearchIndex::connectNodes()
{
    for (const SearchGraph& place : m_graphs) {
        for (const Node& node : place.graph->nodes) {
            m_consumerStarts.push_back(static_cast<uint32_t>(m_consumers.size()));
            for (const ValueId output : node.outputs) {
                if (output == noValue)
                    continue;
                for (const NodeId consumer : place.graph->value(output).consumers)
                    m_consumers.push_back(place.firstNode + static_cast<uint32_t>(consumer));
            }
            m_producerStarts.push_back(static_cast<uint32_t>(m_producers.size()));
            for (const auto* values : {&node.inputs, &node.captures}) {
                for (const ValueId value : *values) {
                    const NodeId producer = value == noValue ? noNode : place.graph->value(value).producer;
                    if (producer != noNode)
                        m_producers.push_back(place.firstNode + static_cast<uint32_t>(producer));
                }
            }
        }
    }
    m_consumerStarts.push_back(static_cast<uint32_t>(m_consumers.size()));
    m_producerStarts.push_back(static_cast<uint32_t>(m_producers.size()));
}

int32_t SearchIndex::graphIndex(const Graph* graph) const
{
    const auto found = m_graphIndex.find(graph);
    return found == m_graphIndex.end() ? -1 : found->second;
}

size_t SearchIndex::countOf(ValueKind kind) const
{
    return static_cast<size_t>(std::count(m_valueKinds.begin(), m_valueKinds.end(), kind));
}

} // namespace lapidary
