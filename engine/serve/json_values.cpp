// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/json_values.h"

#include "engine/ir/float16.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace lapidary::serve {

namespace {

template <typename T>
void appendNumber(std::string& text, T number)
{
    char buffer[32];
    const auto [end, problem] = std::to_chars(buffer, buffer + sizeof buffer, number);
    text.append(buffer, end);
}

void appendReal(std::string& text, double number, bool isSingle)
{
    if (!std::isfinite(number))
        text += "null";
    else if (isSingle)
        appendNumber(text, static_cast<float>(number));
    else
        appendNumber(text, number);
}

void appendElement(std::string& text, const Tensor& tensor, int64_t index)
{
    const auto at = static_cast<size_t>(index);
    switch (tensor.type()) {
    case DataType::String: appendJsonText(text, tensor.strings()[at]); return;
    case DataType::Bool: text += tensor.data<bool>()[at] ? "true" : "false"; return;
    case DataType::Float: appendReal(text, tensor.data<float>()[at], true); return;
    case DataType::Int64: appendNumber(text, tensor.data<int64_t>()[at]); return;
    case DataType::UInt64: appendNumber(text, tensor.data<uint64_t>()[at]); return;
    default: appendReal(text, elementAsDouble(tensor, index), tensor.type() != DataType::Double); return;
    }
}

void appendNested(std::string& text, const Tensor& tensor, size_t axis, int64_t& next)
{
    if (axis == tensor.dims().size()) {
        appendElement(text, tensor, next++);
        return;
    }
    text += '[';
    for (int64_t i = 0; i < tensor.dims()[axis]; ++i) {
        if (i > 0)
            text += ',';
        appendNested(text, tensor, axis + 1, next);
    }
    text += ']';
}

} // namespace

void appendFlatJson(std::string& text, const Tensor& tensor)
{
    text += '[';
    for (int64_t i = 0; i < tensor.count(); ++i) {
        if (i > 0)
            text += ',';
        appendElement(text, tensor, i);
    }
    text += ']';
}

void appendJson(std::string& text, const Value& value)
{
    if (const Tensor* tensor = value.tensor()) {
        int64_t next = 0;
        appendNested(text, *tensor, 0, next);
    } else if (const Sequence* sequence = value.sequence()) {
        text += '[';
        for (size_t i = 0; i < sequence->items.size(); ++i) {
            text += i > 0 ? "," : "";
            appendJson(text, sequence->items[i]);
        }
        text += ']';
    } else if (const Map* map = value.map()) {
        text += '{';
        for (size_t i = 0; i < map->values.size(); ++i) {
            text += i > 0 ? "," : "";
            std::string key;
            appendElement(key, map->keys, static_cast<int64_t>(i));
            text += key.front() == '"' ? key : '"' + key + '"';
            text += ':';
            appendJson(text, map->values[i]);
        }
        text += '}';
    } else {
        text += "null";
    }
}

void appendJsonText(std::string& text, std::string_view value)
{
    text += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace lapidary::serve
