// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/json_reader.h"

#include "engine/ir/float16.h"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace lapidary::serve {

namespace {

using simdjson::ondemand::json_type;
constexpr size_t deepestList = 16;
constexpr size_t keptBytes = 4 << 20; // a parser that has grown for a larger text is not kept

simdjson::ondemand::parser& parser()
{
    static thread_local simdjson::ondemand::parser ours;
    return ours;
}

// The parser reads what it is asked for: it does not miss a bracket at the end.
bool isClosed(std::string_view text)
{
    constexpr const char* spaces = " \t\r\n";
    const size_t first = text.find_first_not_of(spaces);
    const size_t last = text.find_last_not_of(spaces);
    return first != std::string_view::npos && (text[first] != '{' || text[last] == '}') &&
           (text[first] != '[' || text[last] == ']');
}

std::string nameOf(JsonValue& value)
{
    json_type type{};
    if (value.type().get(type))
        return "no JSON";
    switch (type) {
    case json_type::array: return "array";
    case json_type::object: return "object";
    case json_type::number: return "number";
    case json_type::string: return "string";
    case json_type::boolean: return "boolean";
    case json_type::null: return "null";
    }
    return "no JSON";
}

template <typename T>
std::optional<T> wholeNumber(simdjson::ondemand::number number)
{
    if (number.is_uint64()) {
        const uint64_t given = number.get_uint64();
        const bool fits = given <= static_cast<uint64_t>(std::numeric_limits<T>::max());
        return fits ? std::optional(static_cast<T>(given)) : std::nullopt;
    }
    if (number.is_int64()) {
        const int64_t given = number.get_int64();
        const bool fits =
            given >= 0 ? static_cast<uint64_t>(given) <= static_cast<uint64_t>(std::numeric_limits<T>::max())
                       : std::is_signed_v<T> && given >= static_cast<int64_t>(std::numeric_limits<T>::min());
        return fits ? std::optional(static_cast<T>(given)) : std::nullopt;
    }
    // A whole number that some client writes as 3.0.
    const double given = number.get_double();
    const bool fits = given == std::floor(given) && std::abs(given) < 0x1p53 &&
                      given >= static_cast<double>(std::numeric_limits<T>::lowest()) &&
                      given <= static_cast<double>(std::numeric_limits<T>::max());
    return fits ? std::optional(static_cast<T>(given)) : std::nullopt;
}

template <typename T>
std::optional<T> elementFrom(JsonValue& value)
{
    if constexpr (std::is_same_v<T, std::string>) {
        std::string_view text;
        return value.get_string().get(text) ? std::nullopt : std::optional(std::string(text));
    } else if constexpr (std::is_same_v<T, bool>) {
        bool truth = false;
        return value.get_bool().get(truth) ? std::nullopt : std::optional(truth);
    } else if constexpr (std::is_integral_v<T>) {
        simdjson::ondemand::number number;
        return value.get_number().get(number) ? std::nullopt : wholeNumber<T>(number);
    } else {
        double number = 0;
        if (!value.get_double().get(number))
            return T(number);
        bool isNull = false;
        if (!value.is_null().get(isNull) && isNull) // as appendJson writes it
            return T(std::numeric_limits<float>::quiet_NaN());
        return std::nullopt;
    }
}

// The elements of a nested list in order, and its shape.
template <typename T>
class ListReader {
public:
    explicit ListReader(DataType type) : m_type(type) {}

    Status read(JsonValue value, size_t depth)
    {
        json_type type{};
        if (value.type().get(type))
            return notJson();
        if (type == json_type::array)
            return readList(value, depth);
        if (m_rank && *m_rank != depth)
            return wrong("a list of " + std::to_string(m_dims[depth]), value, depth);
        m_rank = depth;
        auto element = type == json_type::object ? std::nullopt : elementFrom<T>(value);
        if (!element)
            return wrong(m_type == DataType::String
                             ? "a text"
                             : "a number that fits " + std::string(dataTypeName(m_type)),
                         value, depth);
        m_elements.push_back(std::move(*element));
        return {};
    }

    Result<Tensor> tensor()
    {
        if constexpr (std::is_same_v<T, std::string>) {
            return Tensor::ofStrings(m_dims, std::move(m_elements));
        } else {
            TRY_ASSIGN(Tensor tensor, Tensor::allocate(m_type, m_dims));
            std::copy(m_elements.begin(), m_elements.end(), tensor.mutableData<T>());
            return tensor;
        }
    }

private:
    Status readList(JsonValue& value, size_t depth)
    {
        if (depth == deepestList)
            return makeError(ErrorCode::InvalidArgument, "the list is nested more than 16 deep");
        if (m_rank && *m_rank == depth)
            return wrong("a number", value, depth);
        simdjson::ondemand::array list;
        if (value.get_array().get(list))
            return notJson();
        const bool isFirst = m_dims.size() == depth;
        if (isFirst)
            m_dims.push_back(0); // until its end is seen
        int64_t count = 0;
        for (auto item : list) {
            JsonValue element;
            if (item.get(element))
                return notJson();
            m_place[depth] = count++;
            TRY(read(element, depth + 1));
        }
        if (isFirst)
            m_dims[depth] = count;
        if (isFirst && count == 0)
            m_rank = depth + 1;
        if (count != m_dims[depth])
            return makeError(ErrorCode::ShapeMismatch,
                             "the list at data" + place(depth) + " has " + std::to_string(count) +
                                 " elements, others of its depth have " + std::to_string(m_dims[depth]),
                             "Send lists of equal length.");
        return {};
    }

    std::string place(size_t depth) const
    {
        std::string text;
        for (size_t i = 0; i < depth; ++i)
            text += '[' + std::to_string(m_place[i]) + ']';
        return text;
    }
    Error wrong(const std::string& expected, JsonValue& found, size_t depth) const
    {
        return makeError(ErrorCode::InvalidArgument,
                         "expected " + expected + " at data" + place(depth) + ", found " + nameOf(found),
                         "Send a list nested like the shape of the input.");
    }

    DataType m_type;
    Dims m_dims;
    std::optional<size_t> m_rank; // known from the first element on
    std::array<int64_t, deepestList> m_place{};
    std::vector<T> m_elements;
};

template <typename T>
Result<Tensor> listFrom(JsonValue value, DataType type)
{
    ListReader<T> reader(type);
    TRY(reader.read(value, 0));
    return reader.tensor();
}

Result<Tensor> elementsFrom(JsonValue value, DataType type)
{
    switch (type) {
    case DataType::Float: return listFrom<float>(value, type);
    case DataType::Double: return listFrom<double>(value, type);
    case DataType::Float16: return listFrom<Float16>(value, type);
    case DataType::BFloat16: return listFrom<BFloat16>(value, type);
    case DataType::Int8: return listFrom<int8_t>(value, type);
    case DataType::Int16: return listFrom<int16_t>(value, type);
    case DataType::Int32: return listFrom<int32_t>(value, type);
    case DataType::Int64: return listFrom<int64_t>(value, type);
    case DataType::UInt8: return listFrom<uint8_t>(value, type);
    case DataType::UInt16: return listFrom<uint16_t>(value, type);
    case DataType::UInt32: return listFrom<uint32_t>(value, type);
    case DataType::UInt64: return listFrom<uint64_t>(value, type);
    case DataType::Bool: return listFrom<bool>(value, type);
    case DataType::String: return listFrom<std::string>(value, type);
    default: break;
    }
    return makeError(ErrorCode::InvalidArgument,
                     "inputs of type " + std::string(dataTypeName(type)) + " cannot be sent as JSON",
                     "Send them as binary tensors (/v2).");
}

} // namespace

JsonDocument::JsonDocument(std::string text, size_t bytes)
    : m_text(std::move(text)), m_bytes(std::min(bytes, m_text.size()))
{
    m_text.reserve(m_text.size() + simdjson::SIMDJSON_PADDING); // the parser reads so far beyond the end
}

JsonDocument::~JsonDocument()
{
    if (m_bytes > keptBytes)
        parser() = simdjson::ondemand::parser();
}

Result<JsonValue> JsonDocument::root()
{
    const auto iterate = [this] {
        return parser()
            .iterate(simdjson::padded_string_view(m_text.data(), m_bytes, m_text.capacity()))
            .get(m_document);
    };
    bool isScalar = false;
    if (!isClosed(std::string_view(m_text).substr(0, m_bytes)) || iterate() ||
        m_document.is_scalar().get(isScalar))
        return notJson();
    JsonValue value;
    if (isScalar) { // as the element of a list: the parser knows no values without one
        m_text = '[' + m_text.substr(0, m_bytes) + ']';
        m_bytes = m_text.size();
        m_text.reserve(m_bytes + simdjson::SIMDJSON_PADDING);
        if (iterate() || m_document.at(0).get(value))
            return notJson();
    } else if (m_document.get_value().get(value)) {
        return notJson();
    }
    return value;
}

Error notJson()
{
    return makeError(ErrorCode::InvalidArgument, "the body is no JSON", "Send {\"data\": [...]}.");
}

Result<Tensor> tensorFromJson(JsonValue value, const TypeInfo& expected)
{
    TRY_ASSIGN(Tensor tensor, elementsFrom(value, expected.dataType));
    const auto wanted = expected.shape ? concreteDims(*expected.shape) : std::nullopt;
    const bool flat = wanted && tensor.dims().size() <= 1 && tensor.dims() != *wanted &&
                      elementCount(*wanted) == tensor.count();
    return flat ? tensor.reshaped(*wanted) : tensor;
}

} // namespace lapidary::serve
