// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/card_rows.h"

#include "viewers/graph/input_names.h"

#include <algorithm>
#include <map>

namespace lapidary {

namespace {

constexpr size_t longestRowName = 14;   // of a weight without a parameter name
constexpr size_t longestAttribute = 24; // of a text
constexpr size_t mostRows = 12;         // a card with more says how many are left out
constexpr size_t mostGroupRows = 3;

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
    return characterCount(name) > longestRowName ? std::string() : std::string(name);
}

std::string attributeText(const Attribute& attribute)
{
    if (const auto* integer = attribute.as<int64_t>())
        return std::to_string(*integer);
    if (const auto* text = attribute.as<std::string>())
        return characterCount(*text) <= longestAttribute ? *text : std::string();
    if (const auto* integers = attribute.as<std::vector<int64_t>>(); integers && integers->size() <= 6) {
        std::string text;
        for (const int64_t integer : *integers)
            text += (text.empty() ? "" : ", ") + std::to_string(integer);
        return text;
    }
    return {};
}

// Bodies are always shown; other attributes on demand.
void addAttributeRow(const Attribute& attribute, bool all, std::vector<DisplayRow>& rows)
{
    if (const auto* body = attribute.as<std::shared_ptr<const Graph>>()) {
        if (*body != nullptr)
            rows.push_back({attribute.name, "{" + std::to_string((*body)->nodes.size()) + "}", noValue});
    } else if (all && rows.size() < mostRows) {
        if (std::string text = attributeText(attribute); !text.empty())
            rows.push_back({attribute.name, "= " + std::move(text), noValue});
    }
}

std::string rowName(const Node& node, size_t index, const Graph& graph)
{
    if (const std::string_view name = inputName(node.domain, node.opType, index); !name.empty())
        return std::string(name);
    std::string name = lastPart(graph.value(node.inputs[index]).name);
    return name.empty() ? "#" + std::to_string(index) : name;
}

} // namespace

std::vector<DisplayRow> rowsOfNode(const Node& node, const FoldedValues& folded, bool attributes)
{
    std::vector<DisplayRow> rows;
    size_t leftOut = 0;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
        const ValueId input = node.inputs[i];
        if (input == noValue || !folded.isFolded(input))
            continue;
        if (rows.size() < mostRows)
            rows.push_back({rowName(node, i, folded.graph()), folded.text(input), input});
        else
            ++leftOut;
    }
    if (leftOut > 0)
        rows.push_back({"+" + std::to_string(leftOut), {}, noValue});
    for (const Attribute& attribute : node.attributes)
        addAttributeRow(attribute, attributes, rows);
    return rows;
}

std::vector<DisplayRow> rowsOfGroup(const GroupTree& tree, GroupId id, const Graph& graph)
{
    std::map<std::string, int> counts;
    for (const NodeId node : nodesIn(tree, id))
        ++counts[graph.node(node).opType];
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<DisplayRow> rows;
    for (const auto& [opType, count] : sorted) {
        if (rows.size() == mostGroupRows) {
            rows.push_back({"+" + std::to_string(sorted.size() - mostGroupRows), {}, noValue});
            break;
        }
        rows.push_back({opType, "×" + std::to_string(count), noValue});
    }
    return rows;
}

} // namespace lapidary
