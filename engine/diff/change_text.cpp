// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diff/change_text.h"

#include <cmath>
#include <cstdio>

namespace lapidary {

namespace {

constexpr size_t mostItems = 8;
constexpr size_t longestText = 40;

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string shapeText(const TensorRef& tensor)
{
    return toString(TypeInfo::tensor(tensor.type, Shape(tensor.dims.begin(), tensor.dims.end())));
}

std::string itemText(std::monostate) { return "nothing"; }
std::string itemText(float value) { return number(value); }
std::string itemText(int64_t value) { return std::to_string(value); }
std::string itemText(const std::string& value)
{
    return '"' + (value.size() <= longestText ? value : value.substr(0, longestText) + "…") + '"';
}
std::string itemText(const TensorRef& value) { return shapeText(value); }
std::string itemText(const TypeInfo& value) { return toString(value); }
std::string itemText(const SparseTensorRef& value) { return "sparse " + toString(value.dims); }
std::string itemText(const std::shared_ptr<const Graph>& value)
{
    return "a graph of " + std::to_string(value ? value->nodes.size() : 0) + " nodes";
}
template <typename T>
std::string itemText(const std::vector<T>& values)
{
    std::string text = "[";
    for (size_t i = 0; i < std::min(values.size(), mostItems); ++i)
        text += (i > 0 ? ", " : "") + itemText(values[i]);
    return text + (values.size() > mostItems ? ", …]" : "]");
}

std::string weightText(const WeightChange& change, const Graph& before, const Graph& after)
{
    const Graph& named = change.after != noValue ? after : before;
    const ValueId value = change.after != noValue ? change.after : change.before;
    const std::string name = named.value(value).name;
    if (change.before == noValue)
        return name + ": a weight now, " + shapeText(*after.initializerOf(change.after));
    if (change.after == noValue)
        return name + ": no weight any more";
    if (change.unread)
        return name + ": not compared: " + change.unread->message;
    if (!change.difference)
        return name + ": " + shapeText(*before.initializerOf(change.before)) + " → " +
               shapeText(*after.initializerOf(change.after));
    const TensorDifference& difference = *change.difference;
    std::string text = name + ": changed";
    if (std::isfinite(difference.relative) && difference.relative > 0)
        text += " by " + number(difference.relative * 100) + " %";
    if (difference.maxAbsolute > 0)
        text += ", at most " + number(difference.maxAbsolute);
    return text + ", in " + std::to_string(difference.changed) + " of " + std::to_string(difference.count) +
           " elements";
}

} // namespace

std::string attributeText(const Attribute* attribute)
{
    if (attribute == nullptr)
        return "absent";
    return std::visit([](const auto& data) { return itemText(data); }, attribute->data);
}

std::vector<std::string> changeTexts(const NodeChange& change, const Graph& before, const Graph& after)
{
    std::vector<std::string> texts;
    for (const AttributeChange& attribute : change.attributes)
        texts.push_back(attribute.name + ": " + attributeText(attribute.before) + " → " +
                        attributeText(attribute.after));
    for (const WeightChange& weight : change.weights)
        texts.push_back(weightText(weight, before, after));
    if (change.rewired)
        texts.emplace_back("reads other results");
    return texts;
}

} // namespace lapidary
