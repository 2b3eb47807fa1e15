// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/term_values.h"

#include <algorithm>

namespace lapidary {

bool acceptsNumber(const QueryTerm& term, double number)
{
    return term.values.empty() ||
           std::any_of(term.values.begin(), term.values.end(), [&](const QueryValue& value) {
               return value.number && value.number->accepts(number) != value.negated;
           });
}

namespace {

// Names that people have for types, beside those of DataType.
std::string_view canonicalType(std::string_view name)
{
    static constexpr std::pair<std::string_view, std::string_view> others[] = {
        {"float", "float32"}, {"fp32", "float32"},  {"f32", "float32"},  {"double", "float64"},
        {"fp64", "float64"},  {"f64", "float64"},   {"half", "float16"}, {"fp16", "float16"},
        {"f16", "float16"},   {"bf16", "bfloat16"}, {"i8", "int8"},      {"i16", "int16"},
        {"i32", "int32"},     {"i64", "int64"},     {"u8", "uint8"},     {"u16", "uint16"},
        {"u32", "uint32"},    {"u64", "uint64"},    {"str", "string"},   {"boolean", "bool"}};
    for (const auto& [other, canonical] : others) {
        if (name == other)
            return canonical;
    }
    return name;
}

bool acceptsTypeName(const QueryTerm& term, std::string_view name)
{
    return term.values.empty() ||
           std::any_of(term.values.begin(), term.values.end(), [&](const QueryValue& value) {
               if (value.text.kind != TextTest::Kind::Contains && value.text.kind != TextTest::Kind::Equals)
                   return value.text.accepts(name) != value.negated;
               const std::string_view wanted = canonicalType(value.text.text);
               // A whole name is that type alone; a part of one is every type with it.
               const bool same = dataTypeFromName(wanted) || value.text.kind == TextTest::Kind::Equals
                                     ? name == wanted
                                     : name.find(wanted) != std::string::npos;
               return same != value.negated;
           });
}

template <typename T>
bool acceptsAll(const QueryValue& value, const std::vector<T>& items)
{
    // One number is meant for all items of the list.
    if (value.list.size() == 1 && items.size() != 1 && value.list[0].kind == PlaceTest::Kind::Number)
        return !items.empty() && std::all_of(items.begin(), items.end(), [&](const T& item) {
            return accepts(value.list, std::span<const T>(&item, 1));
        });
    return accepts(value.list, std::span<const T>(items));
}

} // namespace

TypeTest::TypeTest(const QueryTerm& term) : m_term(term)
{
    for (size_t type = 0; term.key == QueryKey::Type && type < m_types.size(); ++type)
        m_types[type] = acceptsTypeName(term, dataTypeName(static_cast<DataType>(type)));
}

bool TypeTest::accepts(const TypeInfo& type) const
{
    if (m_term.key == QueryKey::Type) {
        if (type.isTensor())
            return m_types[static_cast<size_t>(type.dataType)];
        return type.kind != TypeInfo::Kind::Unknown && acceptsTypeName(m_term, toString(type));
    }
    return type.shape && acceptsShape(*type.shape);
}

bool TypeTest::accepts(const TensorRef& weight) const
{
    if (m_term.key == QueryKey::Type)
        return m_types[static_cast<size_t>(weight.type)];
    return acceptsShape(std::span<const int64_t>(weight.dims));
}

template <typename Sizes>
bool TypeTest::acceptsShape(const Sizes& shape) const
{
    if (m_term.key == QueryKey::Rank)
        return acceptsNumber(m_term, static_cast<double>(shape.size()));
    return m_term.values.empty() ||
           std::any_of(m_term.values.begin(), m_term.values.end(), [&](const QueryValue& value) {
               return lapidary::accepts(value.list, shape) != value.negated;
           });
}

bool acceptsAttribute(const QueryValue& value, const Attribute& attribute)
{
    if (const auto* number = attribute.as<int64_t>())
        return accepts(value.list, std::span<const int64_t>(number, 1));
    if (const auto* number = attribute.as<float>())
        return accepts(value.list, std::span<const float>(number, 1));
    if (const auto* numbers = attribute.as<std::vector<int64_t>>())
        return acceptsAll(value, *numbers);
    if (const auto* numbers = attribute.as<std::vector<float>>())
        return acceptsAll(value, *numbers);
    if (const auto* text = attribute.as<std::string>())
        return value.text.accepts(foldedText(*text));
    if (const auto* texts = attribute.as<std::vector<std::string>>())
        return std::any_of(texts->begin(), texts->end(),
                           [&](const std::string& text) { return value.text.accepts(foldedText(text)); });
    return value.text.kind == TextTest::Kind::Wildcard && value.text.text == "*";
}

bool isKind(const QueryTerm& term, std::string_view kind)
{
    return std::any_of(term.values.begin(), term.values.end(), [&](const QueryValue& value) {
        return kind.starts_with(value.text.text) != value.negated;
    });
}

} // namespace lapidary
