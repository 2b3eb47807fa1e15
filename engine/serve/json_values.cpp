// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/json_values.h"

#include "engine/ir/float16.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace lapidary::serve {

namespace {

constexpr size_t deepestList = 16;

Error wrong(const std::string& place, const std::string& expected, const Json& found)
{
    return makeError(ErrorCode::InvalidArgument,
                     "expected " + expected + " at data" + place + ", found " + found.type_name(),
                     "Send a list nested like the shape of the input.");
}

// The shape by the first element of each list.
Result<Dims> shapeOf(const Json& json)
{
    Dims dims;
    for (const Json* at = &json; at->is_array(); at = &at->front()) {
        if (dims.size() == deepestList)
            return makeError(ErrorCode::InvalidArgument, "the list is nested more than 16 deep");
        dims.push_back(static_cast<int64_t>(at->size()));
        if (at->empty())
            break;
    }
    return dims;
}

template <typename T>
std::optional<T> numberFrom(const Json& json)
{
    if constexpr (std::is_same_v<T, bool>) {
        if (json.is_boolean())
            return json.get<bool>();
        return std::nullopt;
    } else if constexpr (std::is_integral_v<T>) {
        if (json.is_number_unsigned()) {
            const auto number = json.get<uint64_t>();
            return number <= static_cast<uint64_t>(std::numeric_limits<T>::max())
                       ? std::optional(static_cast<T>(number))
                       : std::nullopt;
        }
        if (json.is_number_integer()) {
            const auto number = json.get<int64_t>();
            const bool fits =
                std::is_signed_v<T> && number >= static_cast<int64_t>(std::numeric_limits<T>::min());
            return fits ? std::optional(static_cast<T>(number)) : std::nullopt;
        }
        // A whole number that some client writes as 3.0.
        if (json.is_number_float()) {
            const double number = json.get<double>();
            const bool fits = number == std::floor(number) && std::abs(number) < 0x1p53 &&
                              number >= static_cast<double>(std::numeric_limits<T>::lowest()) &&
                              number <= static_cast<double>(std::numeric_limits<T>::max());
            return fits ? std::optional(static_cast<T>(number)) : std::nullopt;
        }
        return std::nullopt;
    } else {
        if (json.is_number())
            return T(json.get<double>());
        if (json.is_null()) // as appendJson writes it
            return T(std::numeric_limits<float>::quiet_NaN());
        return std::nullopt;
    }
}

// Walks the list in order; its lengths must be those of the first elements.
template <typename Visit>
Status walk(const Json& json, const Dims& dims, size_t depth, std::string& place, const Visit& visit)
{
    if (depth == dims.size())
        return visit(json, place);
    if (!json.is_array())
        return wrong(place, "a list of " + std::to_string(dims[depth]), json);
    if (static_cast<int64_t>(json.size()) != dims[depth])
        return makeError(ErrorCode::ShapeMismatch,
                         "the list at data" + place + " has " + std::to_string(json.size()) +
                             " elements, others of its depth have " + std::to_string(dims[depth]),
                         "Send lists of equal length.");
    const size_t length = place.size();
    for (size_t i = 0; i < json.size(); ++i) {
        place += '[' + std::to_string(i) + ']';
        TRY(walk(json[i], dims, depth + 1, place, visit));
        place.resize(length);
    }
    return {};
}

template <typename T>
Result<Tensor> numbersFrom(const Json& json, DataType type, const Dims& dims)
{
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(type, dims));
    T* next = tensor.mutableData<T>();
    std::string place;
    TRY(walk(json, dims, 0, place, [&](const Json& element, const std::string& where) -> Status {
        const auto number = numberFrom<T>(element);
        if (!number)
            return wrong(where, "a number that fits " + std::string(dataTypeName(type)), element);
        *next++ = *number;
        return {};
    }));
    return tensor;
}

Result<Tensor> textsFrom(const Json& json, const Dims& dims)
{
    std::vector<std::string> texts;
    std::string place;
    TRY(walk(json, dims, 0, place, [&](const Json& element, const std::string& where) -> Status {
        if (!element.is_string())
            return wrong(where, "a text", element);
        texts.push_back(element.get<std::string>());
        return {};
    }));
    return Tensor::ofStrings(dims, std::move(texts));
}

Result<Tensor> elementsFrom(const Json& json, DataType type, const Dims& dims)
{
    switch (type) {
    case DataType::Float: return numbersFrom<float>(json, type, dims);
    case DataType::Double: return numbersFrom<double>(json, type, dims);
    case DataType::Float16: return numbersFrom<Float16>(json, type, dims);
    case DataType::BFloat16: return numbersFrom<BFloat16>(json, type, dims);
    case DataType::Int8: return numbersFrom<int8_t>(json, type, dims);
    case DataType::Int16: return numbersFrom<int16_t>(json, type, dims);
    case DataType::Int32: return numbersFrom<int32_t>(json, type, dims);
    case DataType::Int64: return numbersFrom<int64_t>(json, type, dims);
    case DataType::UInt8: return numbersFrom<uint8_t>(json, type, dims);
    case DataType::UInt16: return numbersFrom<uint16_t>(json, type, dims);
    case DataType::UInt32: return numbersFrom<uint32_t>(json, type, dims);
    case DataType::UInt64: return numbersFrom<uint64_t>(json, type, dims);
    case DataType::Bool: return numbersFrom<bool>(json, type, dims);
    case DataType::String: return textsFrom(json, dims);
    default: break;
    }
    return makeError(ErrorCode::InvalidArgument,
                     "inputs of type " + std::string(dataTypeName(type)) + " cannot be sent as JSON",
                     "Send them as binary tensors (/v2).");
}

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

Result<Tensor> tensorFromJson(const Json& json, const TypeInfo& expected)
{
    TRY_ASSIGN(const Dims dims, shapeOf(json));
    TRY_ASSIGN(Tensor tensor, elementsFrom(json, expected.dataType, dims));
    const auto wanted = expected.shape ? concreteDims(*expected.shape) : std::nullopt;
    const bool flat =
        wanted && dims.size() <= 1 && dims != *wanted && elementCount(*wanted) == tensor.count();
    return flat ? tensor.reshaped(*wanted) : tensor;
}

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
