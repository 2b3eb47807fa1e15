// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/pattern_match.h"

#include <algorithm>

namespace lapidary {

namespace {

constexpr uint32_t nobody = std::numeric_limits<uint32_t>::max();

// A step of the pattern that names a node, and how far it is from the step before.
struct Stage {
    NodeSet nodes;
    int mostEdges = 1; // between the step before and this one; more than 1 after a "**"
};

// How a walk over edges from some nodes came to each node.
struct Walk {
    std::vector<uint32_t> from; // the node before it
    std::vector<int32_t> edges; // how many it took, at least 1; 0: not reached
};

class PatternSearch {
public:
    PatternSearch(const SearchContext& context, const Query& query)
        : m_context(context), m_index(context.index)
    {
        for (uint32_t g = 0; g < m_index.graphs().size(); ++g)
            m_graphOf.insert(m_graphOf.end(), m_index.graphs()[g].graph->nodes.size(), g);
        makeStages(query);
    }

    SearchResult run()
    {
        // Forward: nodes that the pattern reaches; backward: those of them from which its end is reached.
        for (size_t i = 1; i < m_stages.size(); ++i)
            keepReached(m_stages[i].nodes, walk(m_stages[i - 1].nodes, m_stages[i].mostEdges, true));
        m_walks.resize(m_stages.size());
        for (size_t i = m_stages.size() - 1; i > 0; --i) {
            m_walks[i] = walk(m_stages[i].nodes, m_stages[i].mostEdges, false);
            keepReached(m_stages[i - 1].nodes, m_walks[i]);
        }
        return collect();
    }

private:
    const SearchGraph& place(uint32_t node) const { return m_index.graphs()[m_graphOf[node]]; }

    std::span<const uint32_t> neighbours(uint32_t node, bool forward) const
    {
        return forward ? m_index.consumers(node) : m_index.producers(node);
    }

    void makeStages(const Query& query)
    {
        int mostEdges = 1;
        for (const QueryStep& step : query.steps) {
            if (step.kind == QueryStep::Kind::AnyPath) {
                mostEdges += longestQueryPath;
                continue;
            }
            Stage stage{NodeSet(m_index.nodeCount(), 1), m_stages.empty() ? 0 : mostEdges};
            for (const QueryTerm& term : step.terms)
                keepStepNodes(m_context, term, stage.nodes);
            m_stages.push_back(std::move(stage));
            mostEdges = 1;
        }
    }

    static void keepReached(NodeSet& nodes, const Walk& walk)
    {
        for (size_t i = 0; i < nodes.size(); ++i)
            nodes[i] &= static_cast<uint8_t>(walk.edges[i] > 0);
    }

    // To nodes that lie up to so many edges after (or before) one of these; by the shortest way.
    Walk walk(const NodeSet& from, int mostEdges, bool forward) const
    {
        Walk walk{std::vector<uint32_t>(from.size(), nobody), std::vector<int32_t>(from.size(), 0)};
        std::vector<uint32_t> layer;
        for (uint32_t node = 0; node < from.size(); ++node) {
            if (from[node])
                layer.push_back(node);
        }
        for (int edges = 1; edges <= mostEdges && !layer.empty() && !m_context.job.stopRequested(); ++edges) {
            std::vector<uint32_t> following;
            for (const uint32_t node : layer) {
                for (const uint32_t other : neighbours(node, forward)) {
                    if (walk.edges[other] > 0)
                        continue;
                    walk.from[other] = node;
                    walk.edges[other] = edges;
                    following.push_back(other);
                }
            }
            layer = std::move(following);
        }
        return walk;
    }

    // From a node of the stage before to the nearest one of the stage, which is returned; adds it and
    // what is between.
    uint32_t addWay(uint32_t node, size_t stage, std::vector<uint32_t>& chain) const
    {
        const Walk& back = m_walks[stage];
        for (int32_t edges = back.edges[node]; edges > 0; --edges) {
            node = back.from[node];
            chain.push_back(node);
        }
        return node;
    }

    // Marks what lies between two stages: on a way from one to the other that is short enough.
    void markBetween(size_t stage, NodeSet& marked) const
    {
        const Stage& wide = m_stages[stage];
        if (wide.mostEdges == 1)
            return;
        const std::vector<int32_t> after = walk(m_stages[stage - 1].nodes, wide.mostEdges - 1, true).edges;
        const std::vector<int32_t> before = walk(wide.nodes, wide.mostEdges - 1, false).edges;
        for (size_t node = 0; node < marked.size(); ++node) {
            if (after[node] > 0 && before[node] > 0 && after[node] + before[node] <= wide.mostEdges)
                marked[node] = 1;
        }
    }

    SearchResult collect() const
    {
        SearchResult result;
        NodeSet marked(m_index.nodeCount(), 0);
        for (size_t i = 0; i < m_stages.size(); ++i) {
            for (size_t node = 0; node < marked.size(); ++node)
                marked[node] |= m_stages[i].nodes[node];
            if (i > 0)
                markBetween(i, marked);
        }
        std::vector<uint32_t> chain;
        for (uint32_t node = 0; node < marked.size() && !m_context.job.stopRequested(); ++node) {
            const SearchGraph& where = place(node);
            const SearchHit hit{where.graph, static_cast<int32_t>(node - where.firstNode),
                                SearchHit::Kind::Node};
            if (marked[node])
                result.marked.push_back(hit);
            if (!m_stages[0].nodes[node])
                continue;
            chain.assign(1, node);
            uint32_t at = node;
            for (size_t i = 1; i < m_stages.size(); ++i)
                at = addWay(at, i, chain);
            result.hits.push_back(hit);
            result.chainStarts.push_back(static_cast<uint32_t>(result.chainNodes.size()));
            for (const uint32_t member : chain)
                result.chainNodes.push_back(static_cast<NodeId>(member - where.firstNode));
        }
        result.chainStarts.push_back(static_cast<uint32_t>(result.chainNodes.size()));
        result.counts[0] = result.hits.size();
        return result;
    }

    const SearchContext& m_context;
    const SearchIndex& m_index;
    std::vector<uint32_t> m_graphOf;
    std::vector<Stage> m_stages;
    std::vector<Walk> m_walks; // from each stage back to the one before
};

} // namespace

SearchResult searchPattern(const SearchContext& context, const Query& query)
{
    return PatternSearch(context, query).run();
}

} // namespace lapidary
