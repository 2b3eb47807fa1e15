// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a graph while passes change it. Values keep their ids and new ones come after them, so that
// whoever knows the graph of the file can still name its values; nodes know which node of the file they came
// from.
#pragma once

#include "engine/ops/inference.h"
#include "engine/ops/rewritten.h"

namespace lapidary {

class Rewriter {
public:
    // types: of the graph. opsets: its imports.
    Rewriter(Graph graph, std::vector<TypeInfo> types, std::span<const OpSetImport> opsets);

    const Graph& graph() const { return m_graph; } // nodes may be erased; see order()
    // Nodes that are left, in an order in which they can run. A pass takes it once and skips nodes that it
    // erased itself.
    std::vector<NodeId> order() const;
    bool isErased(NodeId id) const { return m_isErased[static_cast<size_t>(id)]; }
    const Node& node(NodeId id) const { return m_graph.node(id); }
    // Whether the node is this operator of ai.onnx.
    bool is(NodeId id, std::string_view opType) const;
    bool isRewritten(NodeId id, std::string_view opType) const; // of rewrittenDomain
    // The version of ai.onnx that the graph uses.
    int64_t opset() const { return m_opset; }

    const TypeInfo& type(ValueId id) const { return m_types[static_cast<size_t>(id)]; }
    // The rank, or -1.
    int64_t rank(ValueId id) const;
    bool isFloat(ValueId id) const
    {
        return id != noValue && type(id).isTensor() && type(id).dataType == DataType::Float;
    }
    // Both shapes are known to be the same, be it by the names of their dimensions.
    bool haveSameShape(ValueId a, ValueId b) const;
    // What the value always is, aligned; empty where it is no constant or cannot be read.
    Tensor constant(ValueId id) const;
    bool isConstant(ValueId id) const;
    // The only element of a constant, whatever its rank.
    std::optional<float> constantNumber(ValueId id) const;

    NodeId producer(ValueId id) const { return id == noValue ? noNode : m_graph.value(id).producer; }
    // Nodes that read the value, bodies inside them included.
    const std::vector<NodeId>& readers(ValueId id) const { return m_graph.value(id).consumers; }
    // The node that alone reads the value, as an input; noNode when others do or it is an output.
    NodeId onlyReader(ValueId id) const;
    // Whether nobody but these nodes needs the value.
    bool onlyReadBy(ValueId id, std::span<const NodeId> nodes) const;

    ValueId addValue(std::string name, TypeInfo type);
    ValueId addConstant(std::string name, Tensor tensor);
    // The value is known once and for all, and nobody need compute it.
    void makeConstant(ValueId id, Tensor tensor);
    // One node in the place of some: it stands where at, one of them, stood. Results of theirs that it does
    // not give must not be read by others. For the profile it is the node origin of the file.
    void replace(std::span<const NodeId> nodes, NodeId at, Node by, NodeId origin);
    // A node just before another one, for whose sake it is there. Returns its id.
    NodeId insertBefore(NodeId at, Node node);
    NodeId insertAfter(NodeId at, Node node);
    // The node as changed by edit, which keeps its outputs.
    void change(NodeId id, const std::function<void(Node&)>& edit);
    void erase(NodeId id);
    // The node goes, its results unread, because another one does its work.
    void absorb(NodeId id, NodeId by);
    // Whoever reads one value reads another one.
    void replaceReads(ValueId value, ValueId by);
    // The type of a value that a pass makes anew.
    void setType(ValueId id, TypeInfo type) { m_types[static_cast<size_t>(id)] = std::move(type); }

    // Nodes go whose results nobody reads: casts and turned tensors that a pass left behind.
    void eraseUnread();

    // What happened, for people: "'conv1' takes in 'relu1'".
    void note(std::string what) { m_notes.push_back(std::move(what)); }
    std::vector<std::string> takeNotes() { return std::exchange(m_notes, {}); }

    struct Finished {
        Graph graph;
        std::vector<NodeId> origins; // by node: the node of the file that it stands for
        std::vector<bool> isAdded;   // by node: it turns or copies something for its origin
        std::vector<NodeId> within;  // by node of the file: the node of the file that does its work now
    };
    // Without nodes whose results nobody reads. The rewriter is not used after.
    Finished finish() &&;

private:
    NodeId insert(NodeId at, Node node, int64_t side);
    void unlink(NodeId id);
    void link(NodeId id);

    Graph m_graph;
    std::vector<TypeInfo> m_types;
    int64_t m_opset;
    std::vector<bool> m_isErased;
    std::vector<NodeId> m_origins;
    std::vector<std::pair<int64_t, int64_t>>
        m_places;                 // by node: the node of the file, then what is around it
    std::vector<NodeId> m_within; // by node of the file
    mutable std::unordered_map<ValueId, Tensor> m_loaded; // small constants
    std::vector<std::string> m_notes;
};

} // namespace lapidary
