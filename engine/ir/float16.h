// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: storage types for the 16-bit floats. They hold bits and convert; arithmetic is done in
// float. Source: IEEE 754 binary16; bfloat16 is the upper half of binary32. Rounding: nearest even.
#pragma once

#include <bit>
#include <cstdint>

namespace lapidary {

struct Float16 {
    uint16_t bits = 0;
    Float16() = default;
    explicit Float16(float value);
    explicit operator float() const;
    static Float16 fromBits(uint16_t bits)
    {
        Float16 half;
        half.bits = bits;
        return half;
    }
};

struct BFloat16 {
    uint16_t bits = 0;
    BFloat16() = default;
    explicit BFloat16(float value)
    {
        const auto wide = std::bit_cast<uint32_t>(value);
        // A NaN must stay a NaN when its low bits are cut off.
        bits = (wide & 0x7fffffffu) > 0x7f800000u
                   ? static_cast<uint16_t>((wide >> 16) | 0x40u)
                   : static_cast<uint16_t>((wide + 0x7fffu + ((wide >> 16) & 1u)) >> 16);
    }
    explicit operator float() const { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
};

inline Float16::operator float() const
{
    const uint32_t sign = static_cast<uint32_t>(bits & 0x8000u) << 16;
    const uint32_t magnitude = bits & 0x7fffu;
    if (magnitude >= 0x7c00u) // infinity or NaN
        return std::bit_cast<float>(sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13));
    if (magnitude >= 0x0400u) // normal: rebias the exponent from 15 to 127
        return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000u));
    // Subnormal or zero: an exact multiple of 2^-24.
    const float value = static_cast<float>(magnitude) * 0x1p-24f;
    return sign ? -value : value;
}

inline Float16::Float16(float value)
{
    const auto wide = std::bit_cast<uint32_t>(value);
    const auto sign = static_cast<uint16_t>((wide >> 16) & 0x8000u);
    const uint32_t magnitude = wide & 0x7fffffffu;
    if (magnitude > 0x7f800000u) { // NaN
        bits = static_cast<uint16_t>(sign | 0x7e00u);
    } else if (magnitude >= 0x477ff000u) { // rounds to infinity
        bits = static_cast<uint16_t>(sign | 0x7c00u);
    } else if (magnitude >= 0x38800000u) { // normal
        const uint32_t rounded = magnitude + 0xfffu + ((magnitude >> 13) & 1u);
        bits = static_cast<uint16_t>(sign | ((rounded - 0x38000000u) >> 13));
    } else { // subnormal: adding 0.5 lines the wanted bits up with the mantissa's end
        const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
        bits = static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - 0x3f000000u));
    }
}

} // namespace lapidary
