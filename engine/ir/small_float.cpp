// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/small_float.h"

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr float quietNaN = std::numeric_limits<float>::quiet_NaN();

// A minifloat with the given widths and bias, without special codes.
float decodeFinite(uint8_t bits, int exponentBits, int mantissaBits, int bias)
{
    const int mantissa = bits & ((1 << mantissaBits) - 1);
    const int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
    const bool negative = (bits >> (exponentBits + mantissaBits)) & 1;
    const float magnitude =
        exponent == 0
            ? std::ldexp(static_cast<float>(mantissa), 1 - bias - mantissaBits)
            : std::ldexp(static_cast<float>(mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
    return negative ? -magnitude : magnitude;
}

float decodeE5M2(uint8_t bits)
{
    if ((bits & 0x7f) == 0x7c)
        return (bits & 0x80) ? -std::numeric_limits<float>::infinity()
                             : std::numeric_limits<float>::infinity();
    return (bits & 0x7f) > 0x7c ? quietNaN : decodeFinite(bits, 5, 2, 15);
}

} // namespace

float decodeFloat8(DataType type, uint8_t bits)
{
    switch (type) {
    case DataType::Float8E4M3FN: return (bits & 0x7f) == 0x7f ? quietNaN : decodeFinite(bits, 4, 3, 7);
    case DataType::Float8E4M3FNUZ: return bits == 0x80 ? quietNaN : decodeFinite(bits, 4, 3, 8);
    case DataType::Float8E5M2: return decodeE5M2(bits);
    case DataType::Float8E5M2FNUZ: return bits == 0x80 ? quietNaN : decodeFinite(bits, 5, 2, 16);
    case DataType::Float8E8M0: return bits == 0xff ? quietNaN : std::ldexp(1.0f, bits - 127);
    default: return quietNaN;
    }
}

uint8_t subByteBits(DataType type, const std::byte* data, int64_t index)
{
    const int width = bitWidth(type);
    const int perByte = 8 / width;
    const auto byte = static_cast<unsigned>(data[index / perByte]);
    return static_cast<uint8_t>((byte >> (index % perByte * width)) & ((1u << width) - 1));
}

double decodeSubByte(DataType type, uint8_t bits)
{
    switch (type) {
    case DataType::Int4: return bits >= 8 ? bits - 16 : bits;
    case DataType::Int2: return bits >= 2 ? bits - 4 : bits;
    case DataType::Float4E2M1: return decodeFinite(bits, 2, 1, 1);
    default: return bits;
    }
}

} // namespace lapidary
