// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/data_type.h"

#include <array>

namespace lapidary {

namespace {

enum class Class : uint8_t { None, Float, Integer, Other };

struct Row {
    std::string_view name;
    int bits;
    Class kind;
};

// Indexed by the ONNX number.
constexpr std::array<Row, dataTypeCount> rows = {{
    {"undefined", 0, Class::None},       {"float32", 32, Class::Float},   {"uint8", 8, Class::Integer},
    {"int8", 8, Class::Integer},         {"uint16", 16, Class::Integer},  {"int16", 16, Class::Integer},
    {"int32", 32, Class::Integer},       {"int64", 64, Class::Integer},   {"string", 0, Class::Other},
    {"bool", 8, Class::Other},           {"float16", 16, Class::Float},   {"float64", 64, Class::Float},
    {"uint32", 32, Class::Integer},      {"uint64", 64, Class::Integer},  {"complex64", 64, Class::Other},
    {"complex128", 128, Class::Other},   {"bfloat16", 16, Class::Float},  {"float8e4m3fn", 8, Class::Float},
    {"float8e4m3fnuz", 8, Class::Float}, {"float8e5m2", 8, Class::Float}, {"float8e5m2fnuz", 8, Class::Float},
    {"uint4", 4, Class::Integer},        {"int4", 4, Class::Integer},     {"float4e2m1", 4, Class::Float},
    {"float8e8m0", 8, Class::Float},     {"uint2", 2, Class::Integer},    {"int2", 2, Class::Integer},
}};

const Row& row(DataType type) { return rows[static_cast<size_t>(type)]; }

} // namespace

std::string_view dataTypeName(DataType type) { return row(type).name; }

std::optional<DataType> dataTypeFromName(std::string_view name)
{
    for (size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].name == name)
            return static_cast<DataType>(i);
    }
    return std::nullopt;
}

std::optional<DataType> dataTypeFromOnnx(int64_t number)
{
    if (number < 0 || number >= dataTypeCount)
        return std::nullopt;
    return static_cast<DataType>(number);
}

int bitWidth(DataType type) { return row(type).bits; }

uint64_t storageBytes(DataType type, uint64_t count)
{
    const auto bits = static_cast<uint64_t>(bitWidth(type));
    // Whole bytes first: count * bits could overflow for hostile dimensions.
    return bits >= 8 ? count * (bits / 8) : (count / 8) * bits + ((count % 8) * bits + 7) / 8;
}

bool isFloatingPoint(DataType type) { return row(type).kind == Class::Float; }

bool isInteger(DataType type) { return row(type).kind == Class::Integer; }

bool isSubByte(DataType type) { return bitWidth(type) > 0 && bitWidth(type) < 8; }

} // namespace lapidary
