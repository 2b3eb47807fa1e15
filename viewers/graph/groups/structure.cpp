// SPDX-License-Identifier: GPL-3.0-or-later
// Where names say nothing, the shape of the graph does. A cut is a place in the order of the nodes that
// only one value passes (in a stretch that would be too long without cuts: few); between cuts lie single
// nodes and blocks, whose branches join again before the next cut. What a block holds tells what it is.
// Sequences of blocks that repeat become layers, and runs of blocks of one make become stages.
#include "viewers/graph/groups/group_tree.h"

#include <algorithm>
#include <map>

namespace lapidary {

namespace {

constexpr double farReach = 0.25;   // of the nodes: a value read so far away belongs to no block
constexpr size_t fewReaders = 3;    // read by fewer, it may be a long skip connection
constexpr size_t longestLayer = 12; // blocks that may repeat together
constexpr size_t shortGraph = 12;   // nodes: can be taken in without groups
constexpr size_t longestBlock = 60; // nodes
constexpr int32_t mostPassing = 8;  // values, at a cut

struct Block {
    size_t first = 0; // positions in the order of drawn nodes
    size_t last = 0;
    uint64_t make = 0; // the same for blocks of the same operators
    std::string name;  // empty: single nodes
};

class Structure {
public:
    Structure(const Graph& graph, const FoldedValues& folded) : m_graph(graph)
    {
        m_position.assign(graph.nodes.size(), -1);
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
            if (folded.isFoldedNode(static_cast<NodeId>(i)))
                continue;
            m_position[i] = static_cast<int32_t>(m_nodes.size());
            m_nodes.push_back(static_cast<NodeId>(i));
        }
    }

    std::vector<GroupPath> paths()
    {
        m_paths.resize(m_graph.nodes.size());
        if (m_nodes.size() <= shortGraph)
            return std::move(m_paths);
        findBlocks(passing(), 0, m_nodes.size(), 1);
        nameBlocks();
        for (size_t at = 0; at < m_blocks.size();) {
            if (const size_t count = stageAt(at); count > 0) {
                at = addGroup("Stage", at, count);
            } else if (const Repeat repeat = repeatAt(at); repeat.count > 0) {
                for (size_t i = 0; i < repeat.count; ++i)
                    at = addGroup("Layer", at, repeat.period);
            } else {
                putBlock(m_blocks[at], {});
                ++at;
            }
        }
        return std::move(m_paths);
    }

private:
    struct Repeat {
        size_t period = 0;
        size_t count = 0; // 0: nothing repeats
    };

    const Node& nodeAt(size_t position) const { return m_graph.node(m_nodes[position]); }

    // passing[i]: values that are made at or before position i and read after it.
    std::vector<int32_t> passing() const
    {
        const auto count = m_nodes.size();
        std::vector<int32_t> change(count + 1, 0);
        for (size_t i = 0; i < count; ++i) {
            for (const ValueId output : nodeAt(i).outputs) {
                if (output == noValue)
                    continue;
                const GraphValue& value = m_graph.value(output);
                int32_t last = -1;
                for (const NodeId consumer : value.consumers)
                    last = std::max(last, m_position[static_cast<size_t>(consumer)]);
                const auto reach = static_cast<double>(last) - static_cast<double>(i);
                const bool everywhere =
                    value.consumers.size() >= fewReaders && reach > farReach * static_cast<double>(count);
                if (last <= static_cast<int32_t>(i) || everywhere)
                    continue;
                ++change[i];
                --change[static_cast<size_t>(last)];
            }
        }
        for (size_t i = 1; i < change.size(); ++i)
            change[i] += change[i - 1];
        return change;
    }

    void findBlocks(const std::vector<int32_t>& values, size_t first, size_t end, int32_t atCut)
    {
        for (size_t i = first; i < end; ++i) {
            if (values[i] > atCut && i + 1 < end)
                continue;
            if (i - first >= longestBlock && atCut < mostPassing)
                findBlocks(values, first, i + 1, atCut + 1);
            else
                addBlock(first, i);
            first = i + 1;
        }
    }

    // What follows the joining of branches, an activation or a normalisation, belongs to the block.
    void addBlock(size_t first, size_t last)
    {
        const bool single = first == last;
        if (single && !m_blocks.empty() && m_blocks.back().last > m_blocks.back().first &&
            finishes(nodeAt(last)) && joins(nodeAt(m_blocks.back().last)))
            m_blocks.back().last = last;
        else
            m_blocks.push_back({first, last, 0, {}});
    }

    static bool finishes(const Node& node)
    {
        static constexpr std::string_view types[] = {"Relu", "LeakyRelu",          "PRelu",
                                                     "Clip", "HardSwish",          "Sigmoid",
                                                     "Gelu", "LayerNormalization", "BatchNormalization"};
        return std::find(std::begin(types), std::end(types), node.opType) != std::end(types);
    }
    static bool joins(const Node& node)
    {
        return node.opType == "Add" || node.opType == "Sum" || node.opType == "Concat" ||
               node.opType == "BatchNormalization";
    }

    size_t countOf(const Block& block, std::initializer_list<std::string_view> types) const
    {
        size_t count = 0;
        for (size_t i = block.first; i <= block.last; ++i)
            count += std::find(types.begin(), types.end(), nodeAt(i).opType) != types.end() ? 1 : 0;
        return count;
    }

    void nameBlocks()
    {
        for (Block& block : m_blocks) {
            for (size_t i = block.first; i <= block.last; ++i)
                block.make = block.make * 1099511628211ULL + std::hash<std::string>()(nodeAt(i).opType);
            if (block.last == block.first)
                continue;
            const size_t products = countOf(block, {"MatMul", "Gemm", "MatMulInteger", "QLinearMatMul"});
            const size_t convolutions = countOf(block, {"Conv", "QLinearConv", "ConvInteger", "FusedConv"});
            if (countOf(block, {"Attention", "MultiHeadAttention", "GroupQueryAttention"}) > 0 ||
                (countOf(block, {"Softmax"}) > 0 && products >= 2))
                block.name = "Attention";
            else if (products >= 2 && block.last - block.first < longestBlock)
                block.name = "Feed-forward";
            else if (nodeAt(block.last).opType == "Concat" && convolutions > 0)
                block.name = "Concat block";
            else if (countOf(block, {"Add", "Sum", "QLinearAdd"}) > 0 && convolutions > 0)
                block.name = "Residual block";
            else
                block.name = "Block";
        }
    }

    bool repeats(size_t at, size_t period) const
    {
        for (size_t i = 0; i < period; ++i) {
            if (at + period + i >= m_blocks.size() || m_blocks[at + i].make != m_blocks[at + period + i].make)
                return false;
        }
        return true;
    }

    // Convolutional blocks of one make, with the block before them, which often has another shortcut.
    size_t stageAt(size_t at) const
    {
        const auto isOf = [this](size_t i, const std::string& name) {
            return i < m_blocks.size() && m_blocks[i].name == name;
        };
        const std::string& name = m_blocks[at].name;
        if (name != "Residual block" && name != "Concat block")
            return 0;
        const auto runFrom = [&](size_t first) {
            size_t end = first;
            while (isOf(end, name) && m_blocks[end].make == m_blocks[first].make)
                ++end;
            return end - first;
        };
        const size_t run = runFrom(at);
        if (run > 1)
            return run;
        const size_t led = runFrom(at + 1);
        const bool pairs = led == 1 && (repeats(at, 2) || (at >= 2 && repeats(at - 2, 2)));
        return led > 1 || pairs ? led + 1 : 0;
    }

    // The repetition from here that covers the most blocks; the shortest period of those.
    Repeat repeatAt(size_t at) const
    {
        Repeat best;
        for (size_t period = 1; period <= longestLayer; ++period) {
            size_t count = 1;
            while (repeats(at + (count - 1) * period, period))
                ++count;
            const auto isBlock = [](const Block& block) { return !block.name.empty(); };
            const auto begin = m_blocks.begin() + static_cast<std::ptrdiff_t>(at);
            const bool blocks =
                count > 1 && std::any_of(begin, begin + static_cast<std::ptrdiff_t>(period), isBlock);
            // A chain of single nodes that repeats is a layer when it is long enough to be one.
            if (count < 2 || (!blocks && (period < 3 || count < 3)))
                continue;
            if (count * period > best.count * best.period)
                best = {period, count};
        }
        return best;
    }

    void putBlock(const Block& block, const GroupPath& around)
    {
        GroupPath path = around;
        if (!block.name.empty())
            path.push_back(numbered(block.name));
        for (size_t i = block.first; i <= block.last; ++i)
            m_paths[static_cast<size_t>(m_nodes[i])] = path;
    }

    size_t addGroup(const char* name, size_t at, size_t count)
    {
        const GroupPath around{numbered(name)};
        for (size_t i = at; i < at + count; ++i)
            putBlock(m_blocks[i], around);
        return at + count;
    }

    std::string numbered(const std::string& name) { return name + ' ' + std::to_string(++m_numbers[name]); }

    const Graph& m_graph;
    std::vector<NodeId> m_nodes;     // drawn ones, in order
    std::vector<int32_t> m_position; // by node, in m_nodes; -1: not drawn
    std::vector<Block> m_blocks;
    std::map<std::string, int> m_numbers;
    std::vector<GroupPath> m_paths;
};

} // namespace

std::vector<GroupPath> pathsFromStructure(const Graph& graph, const FoldedValues& folded)
{
    return Structure(graph, folded).paths();
}

} // namespace lapidary
