// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/groups/group_tree.h"

#include "engine/base/hash.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace lapidary {

namespace {

constexpr double enoughGrouped = 0.3; // of the drawn nodes; else names do not help

class TreeBuilder {
public:
    TreeBuilder(const Graph& graph, const FoldedValues& folded) : m_graph(graph), m_folded(folded) {}

    GroupTree build(const std::vector<GroupPath>& paths)
    {
        makeTrie(paths);
        m_tree.groupOfNode.assign(m_graph.nodes.size(), noGroup);
        for (const size_t child : m_trie[0].children)
            addGroup(child, noGroup, {}, {});
        m_tree.roots.clear();
        for (size_t i = 0; i < m_tree.groups.size(); ++i) {
            const Group& group = m_tree.groups[i];
            (group.parent == noGroup ? m_tree.roots : m_tree.groups[static_cast<size_t>(group.parent)].groups)
                .push_back(static_cast<GroupId>(i));
            m_tree.depth = std::max(m_tree.depth, group.depth + 1);
            for (const NodeId node : group.nodes)
                m_tree.groupOfNode[static_cast<size_t>(node)] = static_cast<GroupId>(i);
        }
        for (size_t node = 0; node < m_graph.nodes.size(); ++node) {
            const bool drawn = !m_folded.isFoldedNode(static_cast<NodeId>(node));
            m_tree.looseNodes += drawn && m_tree.groupOfNode[node] == noGroup ? 1 : 0;
        }
        markAlike();
        return std::move(m_tree);
    }

private:
    struct Step {
        std::string name;
        std::vector<NodeId> nodes;
        std::vector<size_t> children; // in the order of their first nodes
        int32_t nodeCount = 0;        // drawn ones, of all in it
    };

    void makeTrie(const std::vector<GroupPath>& paths)
    {
        m_trie.emplace_back();
        std::unordered_map<std::string, size_t> known; // by parent and name
        for (size_t node = 0; node < paths.size(); ++node) {
            if (m_folded.isFoldedNode(static_cast<NodeId>(node)))
                continue;
            size_t at = 0;
            ++m_trie[at].nodeCount;
            for (const std::string& name : paths[node]) {
                const auto [entry, fresh] = known.emplace(std::to_string(at) + '/' + name, m_trie.size());
                if (fresh) {
                    m_trie[at].children.push_back(m_trie.size());
                    m_trie.push_back({name, {}, {}, 0});
                }
                at = entry->second;
                ++m_trie[at].nodeCount;
            }
            m_trie[at].nodes.push_back(static_cast<NodeId>(node));
        }
    }

    // A step with one node is no group; steps with nothing but one step in them are one group with it.
    void addGroup(size_t id, GroupId parent, std::string name, std::string key)
    {
        const Step& step = m_trie[id];
        key += '/' + step.name;
        name += (name.empty() ? "" : "/") + step.name;
        if (step.nodeCount < 2) {
            dissolve(id, parent);
            return;
        }
        const bool whole = parent == noGroup && step.nodeCount == m_trie[0].nodeCount;
        if (step.nodes.empty() && step.children.size() == 1 && !whole) {
            addGroup(step.children[0], parent, std::move(name), std::move(key));
            return;
        }
        if (whole) { // a frame around everything shows nothing
            for (const size_t child : step.children)
                addGroup(child, noGroup, {}, key);
            return;
        }
        const auto self = static_cast<GroupId>(m_tree.groups.size());
        Group group;
        group.name = std::move(name);
        group.key = key;
        group.parent = parent;
        group.depth = parent == noGroup ? 0 : m_tree.group(parent).depth + 1;
        group.nodes = step.nodes;
        group.nodeCount = step.nodeCount;
        m_tree.groups.push_back(std::move(group));
        for (const size_t child : step.children)
            addGroup(child, self, {}, key);
        Group& done = m_tree.groups[static_cast<size_t>(self)];
        std::sort(done.nodes.begin(), done.nodes.end());
        done.firstNode = firstNodeOf(id);
    }

    void dissolve(size_t id, GroupId parent)
    {
        if (parent != noGroup) {
            auto& nodes = m_tree.groups[static_cast<size_t>(parent)].nodes;
            nodes.insert(nodes.end(), m_trie[id].nodes.begin(), m_trie[id].nodes.end());
        }
        for (const size_t child : m_trie[id].children)
            dissolve(child, parent);
    }

    NodeId firstNodeOf(size_t id) const
    {
        const Step& step = m_trie[id];
        NodeId first = step.nodes.empty() ? noNode : step.nodes.front();
        for (const size_t child : step.children) {
            const NodeId other = firstNodeOf(child);
            if (first == noNode || (other != noNode && other < first))
                first = other;
        }
        return first;
    }

    // Operators, shapes of weights, and which node of the group reads which.
    uint64_t fingerprint(const std::vector<NodeId>& nodes)
    {
        for (size_t i = 0; i < nodes.size(); ++i)
            m_place[static_cast<size_t>(nodes[i])] = static_cast<int32_t>(i);
        uint64_t hash = nodes.size();
        for (const NodeId id : nodes) {
            const Node& node = m_graph.node(id);
            hash = mix(hash, std::hash<std::string>()(node.opType));
            hash = mix(hash, std::hash<std::string>()(node.domain));
            for (const ValueId input : node.inputs) {
                if (input == noValue)
                    continue;
                const NodeId producer = m_graph.value(input).producer;
                const int32_t place = producer == noNode ? -1 : m_place[static_cast<size_t>(producer)];
                hash = mix(hash, static_cast<uint64_t>(place + 1));
                if (const TensorRef* weight = m_graph.initializerOf(input)) {
                    for (const int64_t size : weight->dims)
                        hash = mix(hash, static_cast<uint64_t>(size));
                }
            }
        }
        for (const NodeId id : nodes)
            m_place[static_cast<size_t>(id)] = -1;
        return hash;
    }

    void markAlike()
    {
        m_place.assign(m_graph.nodes.size(), -1);
        std::unordered_map<uint64_t, int32_t> known;
        std::vector<int32_t> count;
        for (size_t i = 0; i < m_tree.groups.size(); ++i) {
            Group& group = m_tree.groups[i];
            const uint64_t hash = fingerprint(nodesIn(m_tree, static_cast<GroupId>(i)));
            const auto [entry, fresh] = known.emplace(hash, static_cast<int32_t>(count.size()));
            if (fresh)
                count.push_back(0);
            group.likeness = entry->second;
            ++count[static_cast<size_t>(group.likeness)];
        }
        for (Group& group : m_tree.groups)
            group.alike = count[static_cast<size_t>(group.likeness)];
    }

    const Graph& m_graph;
    const FoldedValues& m_folded;
    std::vector<Step> m_trie; // 0: the graph
    std::vector<int32_t> m_place;
    GroupTree m_tree;
};

} // namespace

std::vector<NodeId> nodesIn(const GroupTree& tree, GroupId id)
{
    std::vector<NodeId> nodes;
    std::vector<GroupId> open{id};
    while (!open.empty()) {
        const Group& group = tree.group(open.back());
        open.pop_back();
        nodes.insert(nodes.end(), group.nodes.begin(), group.nodes.end());
        open.insert(open.end(), group.groups.begin(), group.groups.end());
    }
    std::sort(nodes.begin(), nodes.end());
    return nodes;
}

int32_t boxesAtLevel(const GroupTree& tree, int32_t level)
{
    int32_t boxes = tree.looseNodes;
    for (const Group& group : tree.groups) {
        if (group.depth == level)
            ++boxes;
        else if (group.depth < level)
            boxes += static_cast<int32_t>(group.nodes.size());
    }
    return boxes;
}

GroupTree buildGroupTree(const Graph& graph, const FoldedValues& folded)
{
    std::vector<GroupPath> paths = pathsFromNames(graph, folded);
    size_t drawn = 0;
    size_t grouped = 0;
    for (size_t i = 0; i < paths.size(); ++i) {
        if (folded.isFoldedNode(static_cast<NodeId>(i)))
            continue;
        ++drawn;
        grouped += paths[i].empty() ? 0 : 1;
    }
    if (static_cast<double>(grouped) < enoughGrouped * static_cast<double>(drawn))
        paths = pathsFromStructure(graph, folded);
    return TreeBuilder(graph, folded).build(paths);
}

} // namespace lapidary
