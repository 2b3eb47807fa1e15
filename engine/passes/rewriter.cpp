// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/rewriter.h"

#include <algorithm>

namespace lapidary {

Rewriter::Rewriter(Graph graph, std::vector<TypeInfo> types, std::span<const OpSetImport> opsets)
    : m_graph(std::move(graph)),
      m_types(std::move(types)),
      m_opset(opsetVersion(opsets, "")),
      m_isErased(m_graph.nodes.size())
{
    m_types.resize(m_graph.values.size());
    for (size_t i = 0; i < m_graph.nodes.size(); ++i) {
        m_origins.push_back(static_cast<NodeId>(i));
        m_within.push_back(static_cast<NodeId>(i));
        m_places.emplace_back(static_cast<int64_t>(i), 0);
    }
}

std::vector<NodeId> Rewriter::order() const
{
    std::vector<NodeId> ids;
    for (size_t i = 0; i < m_graph.nodes.size(); ++i) {
        if (!m_isErased[i])
            ids.push_back(static_cast<NodeId>(i));
    }
    std::sort(ids.begin(), ids.end(), [this](NodeId a, NodeId b) {
        return m_places[static_cast<size_t>(a)] < m_places[static_cast<size_t>(b)];
    });
    return ids;
}

bool Rewriter::is(NodeId id, std::string_view opType) const
{
    return id != noNode && node(id).opType == opType && domainName(node(id).domain) == domainName("");
}

bool Rewriter::isRewritten(NodeId id, std::string_view opType) const
{
    return id != noNode && node(id).opType == opType && node(id).domain == rewrittenDomain;
}

int64_t Rewriter::rank(ValueId id) const
{
    return id != noValue && type(id).shape ? static_cast<int64_t>(type(id).shape->size()) : -1;
}

bool Rewriter::haveSameShape(ValueId a, ValueId b) const
{
    if (a == noValue || b == noValue || !type(a).shape || !type(b).shape ||
        type(a).shape->size() != type(b).shape->size())
        return false;
    for (size_t i = 0; i < type(a).shape->size(); ++i) {
        const Dim& first = (*type(a).shape)[i];
        const Dim& second = (*type(b).shape)[i];
        if (first.known() ? first.value != second.value
                          : first.symbol.empty() || first.symbol != second.symbol || second.known())
            return false;
    }
    return true;
}

bool Rewriter::isConstant(ValueId id) const { return id != noValue && m_graph.initializerOf(id) != nullptr; }

Tensor Rewriter::constant(ValueId id) const
{
    if (id == noValue)
        return {};
    if (const auto found = m_loaded.find(id); found != m_loaded.end())
        return found->second;
    const TensorRef* initializer = m_graph.initializerOf(id);
    if (!initializer)
        return {};
    auto loaded = initializer->load();
    if (loaded.ok())
        loaded = loaded->aligned();
    Tensor tensor = loaded.ok() ? std::move(loaded).value() : Tensor();
    constexpr uint64_t mostKept = 1 << 16; // weights are asked for once
    if (tensor.sizeBytes() <= mostKept)
        m_loaded[id] = tensor;
    return tensor;
}

std::optional<float> Rewriter::constantNumber(ValueId id) const
{
    if (!isConstant(id) || elementCount(m_graph.initializerOf(id)->dims) != 1)
        return std::nullopt;
    const auto number = toFloat(constant(id));
    return number.ok() && number->count() == 1 ? std::optional(number->data<float>()[0]) : std::nullopt;
}

NodeId Rewriter::onlyReader(ValueId id) const
{
    if (id == noValue)
        return noNode;
    const GraphValue& value = m_graph.value(id);
    if (value.isOutput || value.consumers.size() != 1)
        return noNode;
    const Node& reader = node(value.consumers[0]);
    const bool isCaptured =
        std::find(reader.captures.begin(), reader.captures.end(), id) != reader.captures.end();
    return isCaptured ? noNode : value.consumers[0];
}

bool Rewriter::onlyReadBy(ValueId id, std::span<const NodeId> nodes) const
{
    const GraphValue& value = m_graph.value(id);
    return !value.isOutput && std::all_of(value.consumers.begin(), value.consumers.end(), [&](NodeId reader) {
        const Node& found = node(reader);
        return std::find(nodes.begin(), nodes.end(), reader) != nodes.end() &&
               std::find(found.captures.begin(), found.captures.end(), id) == found.captures.end();
    });
}

ValueId Rewriter::addValue(std::string name, TypeInfo type)
{
    while (m_graph.findValue(name) != noValue)
        name += "'";
    const ValueId id = m_graph.addValue(name);
    m_types.push_back(std::move(type));
    return id;
}

ValueId Rewriter::addConstant(std::string name, Tensor tensor)
{
    const ValueId id = addValue(std::move(name), {});
    makeConstant(id, std::move(tensor));
    return id;
}

void Rewriter::makeConstant(ValueId id, Tensor tensor)
{
    GraphValue& value = m_graph.values[static_cast<size_t>(id)];
    value.initializer = static_cast<int32_t>(m_graph.initializers.size());
    m_types[static_cast<size_t>(id)] = TypeInfo::tensor(tensor.type(), toShape(tensor.dims()));
    m_graph.initializers.push_back({makeTensorRef(value.name, std::move(tensor)), id});
}

void Rewriter::unlink(NodeId id)
{
    const Node& gone = node(id);
    for (const std::vector<ValueId>* read : {&gone.inputs, &gone.captures}) {
        for (const ValueId input : *read) {
            if (input != noValue)
                std::erase(m_graph.values[static_cast<size_t>(input)].consumers, id);
        }
    }
    for (const ValueId output : gone.outputs) {
        if (output != noValue && producer(output) == id)
            m_graph.values[static_cast<size_t>(output)].producer = noNode;
    }
}

void Rewriter::link(NodeId id)
{
    const Node& linked = node(id);
    for (const std::vector<ValueId>* read : {&linked.inputs, &linked.captures}) {
        for (const ValueId input : *read) {
            if (input == noValue)
                continue;
            std::vector<NodeId>& readers = m_graph.values[static_cast<size_t>(input)].consumers;
            if (std::find(readers.begin(), readers.end(), id) == readers.end())
                readers.push_back(id);
        }
    }
    for (const ValueId output : linked.outputs) {
        if (output != noValue)
            m_graph.values[static_cast<size_t>(output)].producer = id;
    }
}

void Rewriter::replace(std::span<const NodeId> nodes, NodeId at, Node by, NodeId origin)
{
    const NodeId fileOrigin = m_origins[static_cast<size_t>(origin)];
    for (const NodeId id : nodes) {
        unlink(id);
        m_isErased[static_cast<size_t>(id)] = true;
        std::replace(m_within.begin(), m_within.end(), m_origins[static_cast<size_t>(id)], fileOrigin);
    }
    m_isErased[static_cast<size_t>(at)] = false;
    m_origins[static_cast<size_t>(at)] = fileOrigin;
    m_graph.nodes[static_cast<size_t>(at)] = std::move(by);
    link(at);
}

NodeId Rewriter::insert(NodeId at, Node inserted, int64_t side)
{
    const auto id = static_cast<NodeId>(m_graph.nodes.size());
    m_graph.nodes.push_back(std::move(inserted));
    m_isErased.push_back(false);
    m_origins.push_back(m_origins[static_cast<size_t>(at)]);
    m_places.emplace_back(m_places[static_cast<size_t>(at)].first, side + id);
    link(id);
    return id;
}

NodeId Rewriter::insertBefore(NodeId at, Node node)
{
    return insert(at, std::move(node), -(int64_t{1} << 40));
}

NodeId Rewriter::insertAfter(NodeId at, Node node) { return insert(at, std::move(node), 0); }

void Rewriter::change(NodeId id, const std::function<void(Node&)>& edit)
{
    unlink(id);
    edit(m_graph.nodes[static_cast<size_t>(id)]);
    link(id);
}

void Rewriter::erase(NodeId id)
{
    unlink(id);
    m_isErased[static_cast<size_t>(id)] = true;
}

void Rewriter::absorb(NodeId id, NodeId by)
{
    erase(id);
    if (m_places[static_cast<size_t>(id)].second == 0) // one of the file, not one that a pass added
        std::replace(m_within.begin(), m_within.end(), m_origins[static_cast<size_t>(id)],
                     m_origins[static_cast<size_t>(by)]);
}

void Rewriter::replaceReads(ValueId value, ValueId by)
{
    const std::vector<NodeId> readers = m_graph.value(value).consumers;
    for (const NodeId reader : readers)
        change(reader,
               [&](Node& changed) { std::replace(changed.inputs.begin(), changed.inputs.end(), value, by); });
}

void Rewriter::eraseUnread()
{
    std::vector<NodeId> ids = order();
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        const Node& found = node(*id);
        const bool isRead = std::any_of(found.outputs.begin(), found.outputs.end(), [this](ValueId output) {
            return output != noValue &&
                   (m_graph.value(output).isOutput || !m_graph.value(output).consumers.empty());
        });
        if (!isRead && !found.outputs.empty())
            erase(*id);
    }
}

Rewriter::Finished Rewriter::finish() &&
{
    eraseUnread();
    Finished finished;
    std::vector<Node> nodes;
    for (const NodeId id : order()) {
        nodes.push_back(std::move(m_graph.nodes[static_cast<size_t>(id)]));
        finished.origins.push_back(m_origins[static_cast<size_t>(id)]);
        finished.isAdded.push_back(m_places[static_cast<size_t>(id)].second != 0);
    }
    finished.graph = std::move(m_graph);
    finished.graph.nodes = std::move(nodes);
    finished.graph.reconnect();
    finished.within = std::move(m_within);
    return finished;
}

} // namespace lapidary
