// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/small_float.h"

#include <algorithm>
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

// The code in 0..largest whose value is nearest to magnitude; codes of a type ascend with their values.
// A tie goes to the even code. magnitude may be up to the largest value.
template <typename Decode>
uint8_t nearestCode(float magnitude, uint8_t largest, const Decode& decode)
{
    int low = 0;
    int high = largest;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        (decode(static_cast<uint8_t>(middle)) <= magnitude ? low : high) = middle;
    }
    const double below = double{magnitude} - decode(static_cast<uint8_t>(low));
    const double above = double{decode(static_cast<uint8_t>(high))} - magnitude;
    const bool takeHigh = above < below || (above == below && high % 2 == 0);
    return static_cast<uint8_t>(takeHigh ? high : low);
}

// Codes of a float8 type that have a meaning beside the numbers.
struct Float8Codes {
    uint8_t largest; // largest finite number
    uint8_t notANumber;
    uint8_t overflow; // for what is too large and not saturated; its sign is added unless it is NaN
    bool isUnsignedZero;
};

Float8Codes codesOf(DataType type)
{
    switch (type) {
    case DataType::Float8E4M3FN: return {0x7e, 0x7f, 0x7f, false};
    case DataType::Float8E5M2: return {0x7b, 0x7f, 0x7c, false};
    default: return {0x7f, 0x80, 0x80, true}; // the FNUZ types
    }
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
    const Float8Codes codes = codesOf(type);
    const auto decode = [type](uint8_t bits) { return decodeFloat8(type, bits); };
    const uint8_t sign = std::signbit(value) ? 0x80 : 0;
    const bool isFinite = std::isfinite(value);
    const float magnitude = std::fabs(value);
    // Halfway to the code that would come next, a number still rounds down to the largest.
    const float largest = decode(codes.largest);
    const float limit = largest + (largest - decode(codes.largest - 1)) / 2;
    if (std::isnan(value))
        return codes.isUnsignedZero ? codes.notANumber : codes.notANumber | sign;
    if (!isFinite || magnitude >= largest) {
        const bool rounds = isFinite && magnitude <= limit && (magnitude < limit || codes.largest % 2 == 0);
        if (saturate || rounds)
            return codes.largest | sign;
        return codes.isUnsignedZero ? codes.overflow : codes.overflow | sign;
    }
    const uint8_t code = nearestCode(magnitude, codes.largest, decode);
    return code == 0 && codes.isUnsignedZero ? 0 : code | sign;
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
    const auto decode = [](uint8_t bits) {
        return static_cast<float>(decodeSubByte(DataType::Float4E2M1, bits));
    };
    const uint8_t sign = std::signbit(value) ? 0x8 : 0;
    const float magnitude = std::fabs(value);
    if (std::isnan(value))
        return 0x8;
    if (magnitude >= decode(0x7))
        return 0x7 | sign;
    return nearestCode(magnitude, 0x7, decode) | sign;
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
