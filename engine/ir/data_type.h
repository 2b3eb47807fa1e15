// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the element types of ONNX tensors. Numbers are those of TensorProto.DataType (onnx.proto,
// ONNX 1.23), so reading and writing need no table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lapidary {

enum class DataType : uint8_t {
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
};
constexpr int dataTypeCount = 27;

// "float32", "int4", "bfloat16", ...: the names numpy and ml_dtypes use. "undefined" if unknown.
std::string_view dataTypeName(DataType type);
std::optional<DataType> dataTypeFromName(std::string_view name);
// The number of a TensorProto; nullopt when this version of ONNX does not know it.
std::optional<DataType> dataTypeFromOnnx(int64_t number);

// Bits of one element; 0 for String and Undefined.
int bitWidth(DataType type);
// Bytes of count packed elements; sub-byte types share bytes, the last byte is padded.
uint64_t storageBytes(DataType type, uint64_t count);

bool isFloatingPoint(DataType type); // any real floating type, from float4 to double
bool isInteger(DataType type);       // any signed or unsigned integer, not bool
bool isSubByte(DataType type);       // 2 and 4 bit types

} // namespace lapidary
