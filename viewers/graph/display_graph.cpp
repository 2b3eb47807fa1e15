// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/display_graph.h"

#include "viewers/graph/folded_values.h"
#include "viewers/graph/input_names.h"

#include <algorithm>

namespace lapidary {

namespace {

constexpr size_t longestLabel = 24;   // characters of an edge label
constexpr size_t longestRowName = 14; // of a weight without a parameter name
constexpr size_t mostRows = 12;       // a card with more says how many are left out

size_t characters(std::string_view text)
{
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// "encoder/layer.0/dense/weight" -> "weight".
std::string lastPart(std::string_view name)
{
    const size_t end = name.find_last_not_of("/.:");
    if (end == std::string_view::npos)
        return std::string(name);
    name = name.substr(0, end + 1);
    const size_t cut = name.find_last_of("/.:");
    if (cut != std::string_view::npos)
        name = name.substr(cut + 1);
    return characters(name) > longestRowName ? std::string() : std::string(name);
}

class Builder {
public:
    Builder(const Model& model, const Graph& graph, const DisplayOptions& options)
        : m_model(model), m_graph(graph), m_options(options), m_folded(graph)
    {
        m_result.boxOfNode.assign(graph.nodes.size(), noBox);
        m_result.boxOfValue.assign(graph.values.size(), noBox);
    }

    Result<DisplayGraph> build(JobContext& job)
    {
        m_result.boxes.reserve(m_graph.nodes.size() + m_graph.inputs.size() + m_graph.outputs.size());
        addInputs();
        for (size_t i = 0; i < m_graph.nodes.size(); ++i) {
            if (job.stopRequested())
                return cancelled();
            if (!m_folded.isFoldedNode(static_cast<NodeId>(i)))
                addNode(static_cast<NodeId>(i));
        }
        for (size_t i = 0; i < m_result.boxes.size(); ++i) {
            if (m_result.boxes[i].kind == DisplayBox::Kind::Node)
                connect(static_cast<BoxId>(i));
        }
        addOutputs();
        placeFoldedNodes();
        return std::move(m_result);
    }

private:
    BoxId addBox(DisplayBox box)
    {
        m_result.boxes.push_back(std::move(box));
        return static_cast<BoxId>(m_result.boxes.size()) - 1;
    }

    void addPill(ValueId value, DisplayBox::Kind kind, OpCategory category)
    {
        DisplayBox box;
        box.kind = kind;
        box.category = category;
        box.value = value;
        box.title = m_graph.value(value).name;
        const BoxId id = addBox(std::move(box));
        if (kind == DisplayBox::Kind::Input)
            boxOf(value) = id;
        else if (const BoxId source = boxOf(value); source != noBox && !m_folded.isFolded(value))
            m_result.edges.push_back({source, id, value, false});
    }

    // Also what a body takes from the graph around it.
    void addInputs()
    {
        for (const ValueId input : m_graph.inputs) {
            if (!m_folded.isFolded(input) && boxOf(input) == noBox)
                addPill(input, DisplayBox::Kind::Input, OpCategory::Input);
        }
        for (size_t i = 0; i < m_graph.values.size(); ++i) {
            const GraphValue& value = m_graph.values[i];
            if (value.isOuter && (!value.consumers.empty() || value.isOutput) && !value.name.empty())
                addPill(static_cast<ValueId>(i), DisplayBox::Kind::Input, OpCategory::Input);
        }
    }

    void addOutputs()
    {
        for (const ValueId output : m_graph.outputs)
            addPill(output, DisplayBox::Kind::Output, OpCategory::Output);
    }

    void addNode(NodeId id)
    {
        const Node& node = m_graph.node(id);
        DisplayBox box;
        box.node = id;
        box.title = node.opType;
        box.category = m_model.function(node.domain, node.opType, node.overload) != nullptr
                           ? OpCategory::Function
                           : opCategory(node.domain, node.opType);
        addRows(node, box.rows);
        const BoxId boxId = addBox(std::move(box));
        m_result.boxOfNode[static_cast<size_t>(id)] = boxId;
        for (const ValueId output : node.outputs) {
            if (output != noValue)
                boxOf(output) = boxId;
        }
        for (const DisplayRow& row : m_result.boxes.back().rows) {
            if (row.value != noValue && boxOf(row.value) == noBox)
                boxOf(row.value) = boxId;
        }
    }

    void addRows(const Node& node, std::vector<DisplayRow>& rows) const
    {
        size_t leftOut = 0;
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            const ValueId input = node.inputs[i];
            if (input == noValue || !m_folded.isFolded(input))
                continue;
            if (rows.size() < mostRows)
                rows.push_back({rowName(node, i), m_folded.text(input), input});
            else
                ++leftOut;
        }
        if (leftOut > 0)
            rows.push_back({"+" + std::to_string(leftOut), {}, noValue});
        for (const Attribute& attribute : node.attributes)
            addAttributeRow(attribute, rows);
    }

    // Bodies are always shown; other attributes on demand.
    void addAttributeRow(const Attribute& attribute, std::vector<DisplayRow>& rows) const
    {
        if (const auto* body = attribute.as<std::shared_ptr<const Graph>>()) {
            if (*body != nullptr)
                rows.push_back({attribute.name, "{" + std::to_string((*body)->nodes.size()) + "}", noValue});
        } else if (m_options.attributes && rows.size() < mostRows) {
            if (std::string text = attributeText(attribute); !text.empty())
                rows.push_back({attribute.name, "= " + std::move(text), noValue});
        }
    }

    static std::string attributeText(const Attribute& attribute)
    {
        if (const auto* integer = attribute.as<int64_t>())
            return std::to_string(*integer);
        if (const auto* text = attribute.as<std::string>())
            return characters(*text) <= longestLabel ? *text : std::string();
        if (const auto* integers = attribute.as<std::vector<int64_t>>(); integers && integers->size() <= 6) {
            std::string text;
            for (const int64_t integer : *integers)
                text += (text.empty() ? "" : ", ") + std::to_string(integer);
            return text;
        }
        return {};
    }

    std::string rowName(const Node& node, size_t index) const
    {
        if (const std::string_view name = inputName(node.domain, node.opType, index); !name.empty())
            return std::string(name);
        std::string name = lastPart(m_graph.value(node.inputs[index]).name);
        return name.empty() ? "#" + std::to_string(index) : name;
    }

    void connect(BoxId to)
    {
        const Node& node = m_graph.node(m_result.boxes[static_cast<size_t>(to)].node);
        const size_t first = m_result.edges.size();
        for (const ValueId input : node.inputs)
            addEdge(input, to, false, first);
        for (const ValueId captured : node.captures)
            addEdge(captured, to, true, first);
    }

    void addEdge(ValueId value, BoxId to, bool captured, size_t firstOfBox)
    {
        if (value == noValue || m_folded.isFolded(value) || boxOf(value) == noBox)
            return;
        for (size_t i = firstOfBox; i < m_result.edges.size(); ++i) {
            if (m_result.edges[i].value == value)
                return;
        }
        m_result.edges.push_back({boxOf(value), to, value, captured});
    }

    // The first card that shows one of the node's values.
    void placeFoldedNodes()
    {
        for (size_t i = m_graph.nodes.size(); i-- > 0;) {
            if (!m_folded.isFoldedNode(static_cast<NodeId>(i)))
                continue;
            const Node& node = m_graph.nodes[i];
            BoxId shown = noBox;
            for (const ValueId output : node.outputs) {
                if (output != noValue && shown == noBox)
                    shown = boxOf(output);
            }
            m_result.boxOfNode[i] = shown;
            for (const ValueId input : node.inputs) {
                if (input != noValue && boxOf(input) == noBox)
                    boxOf(input) = shown;
            }
        }
    }

    BoxId& boxOf(ValueId value) { return m_result.boxOfValue[static_cast<size_t>(value)]; }

    const Model& m_model;
    const Graph& m_graph;
    const DisplayOptions& m_options;
    FoldedValues m_folded;
    DisplayGraph m_result;
};

} // namespace

Result<DisplayGraph> buildDisplayGraph(const Model& model, const Graph& graph, const DisplayOptions& options,
                                       JobContext& job)
{
    return Builder(model, graph, options).build(job);
}

std::string edgeLabel(const Graph& graph, const InferredTypes* types, ValueId value)
{
    const bool inferred = types != nullptr && static_cast<size_t>(value) < types->types.size();
    const TypeInfo& type = inferred ? types->type(value) : graph.value(value).type;
    if (!type.isTensor() || !type.shape || type.shape->empty())
        return {};
    const bool nothingKnown = std::all_of(type.shape->begin(), type.shape->end(),
                                          [](const Dim& dim) { return !dim.known() && dim.symbol.empty(); });
    if (nothingKnown)
        return {};
    std::string text = toString(*type.shape);
    return characters(text) > longestLabel ? std::string() : text;
}

} // namespace lapidary
