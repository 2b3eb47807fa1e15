// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: decoding and encoding of the 8-bit and sub-byte element types. Source: ONNX "Float stored in 8
// bits", "4 bit integer types" and "float4e2m1" pages; OCP Microscaling Formats 1.0 for float8e8m0.
#pragma once

#include "engine/ir/data_type.h"

#include <cstddef>

namespace lapidary {

// type: one of the float8 types; bits: its byte. NaN codes give a quiet NaN.
float decodeFloat8(DataType type, uint8_t bits);
// The bits of element index in packed data of a 2 or 4 bit type: low bits first.
uint8_t subByteBits(DataType type, const std::byte* data, int64_t index);
// type: UInt4, Int4, UInt2, Int2 or Float4E2M1.
double decodeSubByte(DataType type, uint8_t bits);

// The nearest code of a float8 type, ties to even. What is larger than the largest number becomes that
// number (saturate), else infinity, or NaN where the type has none.
uint8_t encodeFloat8(DataType type, float value, bool saturate);
// How a number becomes a float8e8m0, a power of two: up to the next one (what scales need), down, or to
// the nearest, halves up. Zero and numbers below it become the smallest.
enum class ScaleRounding { Up, Down, Nearest };
uint8_t encodeScale(float value, bool saturate, ScaleRounding rounding);
// Nearest float4e2m1, ties to even; saturates, NaN becomes -0.
uint8_t encodeFloat4(float value);
// Sets element index in packed data; bits above the type's width are ignored.
void setSubByteBits(DataType type, std::byte* data, int64_t index, uint8_t bits);

} // namespace lapidary
