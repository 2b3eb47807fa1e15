// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/small_float.h"

#include <algorithm>
#include <bit>
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
    const float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), 1 - bias - mantissaBits)
                                          : std::ldexp(static_cast<float>(mantissa + (1 << mantissaBits)),
                                                       exponent - bias - mantissaBits);
    return negative ? -magnitude : magnitude;
}

float decodeE5M2(uint8_t bits)
{
    if ((bits & 0x7f) == 0x7c)
        return (bits & 0x80) ? -std::numeric_limits<float>::infinity()
                             : std::numeric_limits<float>::infinity();
    return (bits & 0x7f) > 0x7c ? quietNaN : decodeFinite(bits, 5, 2, 15);
}

// The float8 types that are numbers with a sign: widths, and codes that have a meaning beside the numbers.
struct Float8 {
    int mantissaBits;
    int bias;
    uint8_t largest; // largest finite number
    uint8_t notANumber;
    uint8_t overflow; // for what is too large and not saturated; its sign is added unless it is NaN
    bool isUnsignedZero;
};

Float8 float8Of(DataType type)
{
    switch (type) {
    case DataType::Float8E4M3FN: return {3, 7, 0x7e, 0x7f, 0x7f, false};
    case DataType::Float8E4M3FNUZ: return {3, 8, 0x7f, 0x80, 0x80, true};
    case DataType::Float8E5M2: return {2, 15, 0x7b, 0x7f, 0x7c, false};
    default: return {2, 16, 0x7f, 0x80, 0x80, true}; // Float8E5M2FNUZ
    }
}

// The code without sign whose value is nearest to magnitude, a tie to the even code, in a type with this
// mantissa and bias whose exponent has no end: what is larger than its largest number gets a larger code.
uint32_t nearestCode(float magnitude, int mantissaBits, int bias)
{
    constexpr int floatMantissaBits = 23;
    constexpr int floatBias = 127;
    const uint32_t bits = std::bit_cast<uint32_t>(magnitude);
    const int shift = floatMantissaBits - mantissaBits;
    const uint32_t exponent = bits >> floatMantissaBits;
    const uint32_t rebias = static_cast<uint32_t>(floatBias - bias) << mantissaBits;
    if (exponent > static_cast<uint32_t>(floatBias - bias)) {
        const uint32_t isOdd = (bits >> shift) & 1;
        return ((bits + (1u << (shift - 1)) - 1 + isOdd) >> shift) - rebias;
    }
    // Subnormal codes are multiples of the smallest number. In a sum with this power of two, that number is
    // the last bit of the mantissa, and the sum is rounded to it.
    const uint32_t power = static_cast<uint32_t>(floatBias + 1 - bias + shift) << floatMantissaBits;
    return std::bit_cast<uint32_t>(magnitude + std::bit_cast<float>(power)) - power;
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

uint8_t encodeFloat8(DataType type, float value, bool saturate)
{
    if (type == DataType::Float8E8M0)
        return encodeScale(value, saturate, ScaleRounding::Up);
    const Float8 format = float8Of(type);
    const uint8_t sign = std::signbit(value) ? 0x80 : 0;
    if (std::isnan(value))
        return format.isUnsignedZero ? format.notANumber : format.notANumber | sign;
    const uint32_t code = nearestCode(std::fabs(value), format.mantissaBits, format.bias);
    if (code > format.largest && !saturate)
        return format.isUnsignedZero ? format.overflow : format.overflow | sign;
    if (code == 0 && format.isUnsignedZero)
        return 0;
    return static_cast<uint8_t>(std::min<uint32_t>(code, format.largest) | sign);
}

uint8_t encodeScale(float value, bool saturate, ScaleRounding rounding)
{
    constexpr uint8_t notANumber = 0xff;
    constexpr int largest = 0xfe;
    if (std::isnan(value))
        return notANumber;
    if (value <= 0)
        return 0;
    if (std::isinf(value))
        return saturate ? largest : notANumber;
    int exponent = 0; // value = fraction * 2^exponent with fraction in [0.5, 1)
    const float fraction = std::frexp(value, &exponent);
    const bool up = (rounding == ScaleRounding::Up && fraction > 0.5f) ||
                    (rounding == ScaleRounding::Nearest && fraction >= 0.75f);
    const int code = exponent - 1 + 127 + (up ? 1 : 0);
    if (code > largest)
        return saturate ? largest : notANumber;
    return static_cast<uint8_t>(std::max(code, 0));
}

uint8_t encodeFloat4(float value)
{
    constexpr uint32_t largest = 0x7;
    const uint8_t sign = std::signbit(value) ? 0x8 : 0;
    if (std::isnan(value))
        return 0x8;
    return static_cast<uint8_t>(std::min(nearestCode(std::fabs(value), 1, 1), largest) | sign);
}

void setSubByteBits(DataType type, std::byte* data, int64_t index, uint8_t bits)
{
    const int width = bitWidth(type);
    const int perByte = 8 / width;
    const int shift = static_cast<int>(index % perByte) * width;
    const unsigned mask = ((1u << width) - 1) << shift;
    std::byte& byte = data[index / perByte];
    byte = static_cast<std::byte>((static_cast<unsigned>(byte) & ~mask) |
                                  ((static_cast<unsigned>(bits) << shift) & mask));
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
