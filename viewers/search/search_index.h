// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: everything of a model that a search looks at, laid out so that a query is one pass: the names of
// all nodes and values of the main graph, of the graphs inside nodes and of functions, and what weights
// a node has. Built once for a model, off the GUI thread; immutable afterwards, used on any thread.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "viewers/search/text_arena.h"

namespace lapidary {

// A graph of the model and where it is. Its nodes and values have numbers across all graphs, from
// firstNode and firstValue on.
struct SearchGraph {
    const Graph* graph = nullptr;
    const Function* function = nullptr; // whose body it is
    int32_t parent = -1;                // place in SearchIndex::graphs() of the graph around it
    NodeId owner = noNode; // node of the parent that holds it, or the first that calls the function
    uint32_t firstNode = 0;
    uint32_t firstValue = 0;
};

class SearchIndex {
public:
    enum class ValueKind : uint8_t { None, Tensor, Weight };

    // Errors: Cancelled only.
    static Result<std::shared_ptr<const SearchIndex>> build(std::shared_ptr<const Model> model,
                                                            JobContext& job);

    const Model& model() const { return *m_model; }
    // The main graph is the first.
    const std::vector<SearchGraph>& graphs() const { return m_graphs; }
    int32_t graphIndex(const Graph* graph) const; // -1: not of this model
    size_t nodeCount() const { return m_operators.size(); }
    size_t valueCount() const { return m_valueKinds.size(); }
    size_t countOf(ValueKind kind) const;

    // By numbers across all graphs.
    ValueKind valueKind(uint32_t value) const { return m_valueKinds[value]; }
    // The weights behind a value: an initializer, or what a Constant node holds; null when there is none.
    const TensorRef* weight(uint32_t value) const { return m_weights[value]; }
    int64_t parameters(uint32_t node) const { return m_parameters[node]; } // of all weights a node reads
    int64_t weightBytes(uint32_t node) const { return m_bytes[node]; }

    // Nodes that read an output of a node; nodes whose outputs it (or a body inside it) reads.
    std::span<const uint32_t> consumers(uint32_t node) const
    {
        return row(m_consumers, m_consumerStarts, node);
    }
    std::span<const uint32_t> producers(uint32_t node) const
    {
        return row(m_producers, m_producerStarts, node);
    }

    const TextArena& texts() const { return m_texts; }
    // Texts that many nodes share (operators, domains, names of attributes) come first, then the names
    // of nodes, then those of values.
    TextId sharedTexts() const { return m_nodeTexts; }
    TextId nodeText(uint32_t node) const { return m_nodeTexts + node; }
    TextId valueText(uint32_t value) const { return m_nodeTexts + static_cast<TextId>(nodeCount()) + value; }
    TextId operatorText(uint32_t node) const { return m_operators[node]; }
    TextId domainText(uint32_t node) const { return m_domains[node]; }
    // What a word finds a node by, beside its own name: operator, attributes, outputs, weights.
    std::span<const TextId> wordTexts(uint32_t node) const { return row(m_words, m_wordStarts, node); }
    // Of these the names of attributes.
    std::span<const TextId> attributeTexts(uint32_t node) const
    {
        return wordTexts(node).subspan(1, m_attributeCounts[node]);
    }

private:
    SearchIndex() = default;
    bool collectGraphs(JobContext& job);
    void addGraph(const Graph& graph, int32_t parent, NodeId owner, const Function* function);
    void findCallers();
    bool addNames(JobContext& job);
    void addWeights();
    const TensorRef* weightOf(const SearchGraph& place, ValueId value) const;
    bool addNodes(JobContext& job);
    void connectNodes();
    static std::span<const uint32_t> row(const std::vector<uint32_t>& items,
                                         const std::vector<uint32_t>& starts, uint32_t node)
    {
        return {items.data() + starts[node], starts[node + 1] - starts[node]};
    }

    std::shared_ptr<const Model> m_model;
    std::vector<SearchGraph> m_graphs;
    std::unordered_map<const Graph*, int32_t> m_graphIndex;
    TextArena m_texts;
    TextId m_nodeTexts = 0;
    std::vector<TextId> m_operators, m_domains, m_words;
    std::vector<uint32_t> m_wordStarts;
    std::vector<uint32_t> m_consumers, m_consumerStarts, m_producers, m_producerStarts;
    std::vector<uint16_t> m_attributeCounts;
    std::vector<ValueKind> m_valueKinds;
    std::vector<const TensorRef*> m_weights;
    std::vector<int64_t> m_parameters, m_bytes;
};

} // namespace lapidary
