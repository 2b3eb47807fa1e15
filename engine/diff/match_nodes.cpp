// SPDX-License-Identifier: GPL-3.0-or-later
// In this order, each step with what is still unmatched:
//   1. nodes that compute the same from the same, by a hash of everything above them;
//   2. nodes whose results are used the same, by a hash of everything below them;
//   3. neighbours of matched nodes: the same operator at the same input or output;
//   4. the same name and operator;
//   5. the same operator in the same order, between two matched nodes (longest common subsequence).
// Source: the hashes are those of Merkle trees; step 3 is the growth of matchings as in graph alignment.
#include "engine/diff/match_nodes.h"

#include "engine/base/hash.h"
#include "engine/diff/content.h"

#include <deque>

namespace lapidary {

namespace {

constexpr size_t longestGap = 2000; // nodes on each side that step 5 compares with each other

uint64_t kindHash(const Node& node)
{
    return mix(std::hash<std::string>()(node.opType), std::hash<std::string>()(node.domain + node.overload));
}

// Operator, attributes, shapes of weights; not what it is joined to.
uint64_t ownHash(const Graph& graph, const Node& node)
{
    uint64_t hash = kindHash(node);
    uint64_t attributes = 0; // in any order
    for (const Attribute& attribute : node.attributes)
        attributes += attributeHash(attribute);
    hash = mix(hash, attributes);
    for (const ValueId input : node.inputs) {
        const TensorRef* weight = input == noValue ? nullptr : graph.initializerOf(input);
        hash = mix(hash, weight == nullptr ? 0 : tensorTypeHash(*weight));
    }
    return hash;
}

std::vector<uint64_t> hashesFromAbove(const Graph& graph)
{
    std::vector<uint64_t> inputHash(graph.values.size(), 7);
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        inputHash[static_cast<size_t>(graph.inputs[i])] = 100 + i;
    std::vector<uint64_t> hashes(graph.nodes.size(), 0);
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        uint64_t hash = ownHash(graph, graph.nodes[i]);
        for (const ValueId input : graph.nodes[i].inputs) {
            if (input == noValue || graph.initializerOf(input) != nullptr)
                continue;
            const NodeId producer = graph.value(input).producer;
            hash = producer == noNode
                       ? mix(hash, inputHash[static_cast<size_t>(input)])
                       : mix(hash, mix(hashes[static_cast<size_t>(producer)], outputIndex(graph, input)));
        }
        hashes[i] = hash;
    }
    return hashes;
}

std::vector<uint64_t> hashesFromBelow(const Graph& graph)
{
    std::vector<uint64_t> outputHash(graph.values.size(), 0);
    for (size_t i = 0; i < graph.outputs.size(); ++i)
        outputHash[static_cast<size_t>(graph.outputs[i])] = 100 + i;
    std::vector<uint64_t> hashes(graph.nodes.size(), 0);
    for (size_t i = graph.nodes.size(); i-- > 0;) {
        uint64_t hash = ownHash(graph, graph.nodes[i]);
        for (const ValueId output : graph.nodes[i].outputs) {
            if (output == noValue)
                continue;
            hash = mix(hash, outputHash[static_cast<size_t>(output)]);
            uint64_t uses = 0; // in any order
            for (const NodeId consumer : graph.value(output).consumers) {
                const auto& inputs = graph.node(consumer).inputs;
                const auto slot = std::find(inputs.begin(), inputs.end(), output) - inputs.begin();
                uses += mix(hashes[static_cast<size_t>(consumer)], static_cast<uint64_t>(slot));
            }
            hash = mix(hash, uses);
        }
        hashes[i] = hash;
    }
    return hashes;
}

class Matcher {
public:
    Matcher(const Graph& before, const Graph& after) : m_before(before), m_after(after)
    {
        m_matching.afterOf.assign(before.nodes.size(), noNode);
        m_matching.beforeOf.assign(after.nodes.size(), noNode);
    }

    Result<NodeMatching> match(JobContext& job)
    {
        const auto step = [&](auto work) {
            if (!job.stopRequested())
                work();
        };
        step([&] { matchHashes(hashesFromAbove(m_before), hashesFromAbove(m_after)); });
        step([&] { matchHashes(hashesFromBelow(m_before), hashesFromBelow(m_after)); });
        step([&] { grow(job); });
        step([&] { matchNames(); });
        step([&] { grow(job); });
        step([&] { matchGaps(job); });
        if (job.stopRequested())
            return cancelled();
        return std::move(m_matching);
    }

private:
    bool isFree(NodeId before, NodeId after) const
    {
        return m_matching.afterOf[static_cast<size_t>(before)] == noNode &&
               m_matching.beforeOf[static_cast<size_t>(after)] == noNode;
    }

    void add(NodeId before, NodeId after)
    {
        if (!isFree(before, after) || kindHash(m_before.node(before)) != kindHash(m_after.node(after)))
            return;
        m_matching.afterOf[static_cast<size_t>(before)] = after;
        m_matching.beforeOf[static_cast<size_t>(after)] = before;
        m_fresh.emplace_back(before, after);
    }

    // Equal hashes in the order of the files, when there are as many on both sides.
    void matchHashes(const std::vector<uint64_t>& before, const std::vector<uint64_t>& after)
    {
        struct Group {
            std::vector<NodeId> before, after;
        };
        std::unordered_map<uint64_t, Group> groups;
        std::vector<uint64_t> order;
        for (size_t i = 0; i < before.size(); ++i) {
            if (m_matching.afterOf[i] != noNode)
                continue;
            Group& group = groups[before[i]];
            if (group.before.empty())
                order.push_back(before[i]);
            group.before.push_back(static_cast<NodeId>(i));
        }
        for (size_t i = 0; i < after.size(); ++i) {
            const auto group = groups.find(after[i]);
            if (m_matching.beforeOf[i] == noNode && group != groups.end())
                group->second.after.push_back(static_cast<NodeId>(i));
        }
        for (const uint64_t hash : order) {
            const Group& group = groups[hash];
            if (group.before.size() != group.after.size())
                continue;
            for (size_t i = 0; i < group.before.size(); ++i)
                add(group.before[i], group.after[i]);
        }
    }

    void grow(JobContext& job)
    {
        if (m_fresh.empty()) {
            for (size_t i = 0; i < m_matching.afterOf.size(); ++i) {
                if (m_matching.afterOf[i] != noNode)
                    m_fresh.emplace_back(static_cast<NodeId>(i), m_matching.afterOf[i]);
            }
        }
        while (!m_fresh.empty() && !job.stopRequested()) {
            const auto [before, after] = m_fresh.front();
            m_fresh.pop_front();
            growUp(m_before.node(before), m_after.node(after));
            growDown(m_before.node(before), m_after.node(after));
        }
    }

    void growUp(const Node& before, const Node& after)
    {
        for (size_t i = 0; i < std::min(before.inputs.size(), after.inputs.size()); ++i) {
            if (before.inputs[i] == noValue || after.inputs[i] == noValue)
                continue;
            const NodeId a = m_before.value(before.inputs[i]).producer;
            const NodeId b = m_after.value(after.inputs[i]).producer;
            if (a != noNode && b != noNode)
                add(a, b);
        }
    }

    // Consumers of the same operator at the same input, when there is one on each side.
    void growDown(const Node& before, const Node& after)
    {
        for (size_t i = 0; i < std::min(before.outputs.size(), after.outputs.size()); ++i) {
            if (before.outputs[i] == noValue || after.outputs[i] == noValue)
                continue;
            for (const NodeId a : m_before.value(before.outputs[i]).consumers) {
                if (m_matching.afterOf[static_cast<size_t>(a)] != noNode)
                    continue;
                NodeId only = noNode;
                int candidates = 0;
                for (const NodeId b : m_after.value(after.outputs[i]).consumers) {
                    if (m_matching.beforeOf[static_cast<size_t>(b)] == noNode &&
                        kindHash(m_before.node(a)) == kindHash(m_after.node(b))) {
                        only = b;
                        ++candidates;
                    }
                }
                if (candidates == 1)
                    add(a, only);
            }
        }
    }

    void matchNames()
    {
        std::unordered_map<std::string, NodeId> names;
        for (size_t i = 0; i < m_after.nodes.size(); ++i) {
            if (!m_after.nodes[i].name.empty())
                names.emplace(m_after.nodes[i].name, static_cast<NodeId>(i));
        }
        for (size_t i = 0; i < m_before.nodes.size(); ++i) {
            if (const auto found = names.find(m_before.nodes[i].name); found != names.end())
                add(static_cast<NodeId>(i), found->second);
        }
    }

    // Matched nodes that come in the same order in both files cut them into stretches.
    void matchGaps(JobContext& job)
    {
        size_t beforeFrom = 0;
        size_t afterFrom = 0;
        for (size_t i = 0; i <= m_before.nodes.size() && !job.stopRequested(); ++i) {
            const bool end = i == m_before.nodes.size();
            if (!end && m_matching.afterOf[i] == noNode)
                continue;
            const size_t after = end ? m_after.nodes.size() : static_cast<size_t>(m_matching.afterOf[i]);
            if (after < afterFrom)
                continue; // moved
            matchStretch(beforeFrom, i, afterFrom, after);
            beforeFrom = i + 1;
            afterFrom = after + 1;
        }
    }

    void matchStretch(size_t beforeFrom, size_t beforeEnd, size_t afterFrom, size_t afterEnd)
    {
        std::vector<NodeId> a, b;
        for (size_t i = beforeFrom; i < beforeEnd; ++i) {
            if (m_matching.afterOf[i] == noNode)
                a.push_back(static_cast<NodeId>(i));
        }
        for (size_t i = afterFrom; i < afterEnd; ++i) {
            if (m_matching.beforeOf[i] == noNode)
                b.push_back(static_cast<NodeId>(i));
        }
        if (a.empty() || b.empty() || a.size() > longestGap || b.size() > longestGap)
            return;
        // longest[i][j]: of a from i on and b from j on.
        const size_t width = b.size() + 1;
        std::vector<uint16_t> longest((a.size() + 1) * width, 0);
        const auto equal = [&](size_t i, size_t j) {
            return kindHash(m_before.node(a[i])) == kindHash(m_after.node(b[j]));
        };
        for (size_t i = a.size(); i-- > 0;) {
            for (size_t j = b.size(); j-- > 0;)
                longest[i * width + j] =
                    equal(i, j) ? static_cast<uint16_t>(longest[(i + 1) * width + j + 1] + 1)
                                : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
        }
        for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
            if (equal(i, j)) {
                add(a[i++], b[j++]);
            } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
                ++i;
            } else {
                ++j;
            }
        }
    }

    const Graph& m_before;
    const Graph& m_after;
    NodeMatching m_matching;
    std::deque<std::pair<NodeId, NodeId>> m_fresh;
};

} // namespace

size_t outputIndex(const Graph& graph, ValueId value)
{
    const auto& outputs = graph.node(graph.value(value).producer).outputs;
    return static_cast<size_t>(std::find(outputs.begin(), outputs.end(), value) - outputs.begin());
}

Result<NodeMatching> matchNodes(const Graph& before, const Graph& after, JobContext& job)
{
    return Matcher(before, after).match(job);
}

} // namespace lapidary
