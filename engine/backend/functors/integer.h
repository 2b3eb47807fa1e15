// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: integer arithmetic without undefined behaviour: sums and products wrap around, division by
// zero gives 0 (ONNX leaves it open; numpy does the same).
#pragma once

#include "engine/backend/functors/host_device.h"

#include <limits>
#include <type_traits>

namespace lapidary::functors {

// Wide enough that no promotion to signed int can overflow.
template <typename T>
using Wrapping = std::conditional_t<sizeof(T) < sizeof(unsigned), unsigned, std::make_unsigned_t<T>>;

template <typename T>
LAPIDARY_HOST_DEVICE T wrapAdd(T a, T b)
{
    return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
}

template <typename T>
LAPIDARY_HOST_DEVICE T wrapSubtract(T a, T b)
{
    return static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(b));
}

template <typename T>
LAPIDARY_HOST_DEVICE T wrapMultiply(T a, T b)
{
    return static_cast<T>(static_cast<Wrapping<T>>(a) * static_cast<Wrapping<T>>(b));
}

// Rounds towards zero.
template <typename T>
LAPIDARY_HOST_DEVICE T divide(T a, T b)
{
    if (b == 0)
        return 0;
    if constexpr (std::is_signed_v<T>) {
        if (b == -1) // the most negative number divided by -1 does not fit
            return wrapSubtract(T{0}, a);
    }
    return static_cast<T>(a / b);
}

// Sign of the dividend, as in C.
template <typename T>
LAPIDARY_HOST_DEVICE T remainder(T a, T b)
{
    if (b == 0)
        return 0;
    if constexpr (std::is_signed_v<T>) {
        if (b == -1)
            return 0;
    }
    return static_cast<T>(a % b);
}

// Sign of the divisor, as in Python.
template <typename T>
LAPIDARY_HOST_DEVICE T modulus(T a, T b)
{
    const T rest = remainder(a, b);
    return rest != 0 && ((rest < 0) != (b < 0)) ? static_cast<T>(rest + b) : rest;
}

// A negative exponent gives the truncated reciprocal: 0, or ±1 for a base of ±1.
template <typename T>
LAPIDARY_HOST_DEVICE T power(T base, long long exponent)
{
    if (exponent < 0) {
        if (base == 1)
            return 1;
        if constexpr (std::is_signed_v<T>) {
            if (base == -1)
                return exponent % 2 == 0 ? 1 : -1;
        }
        return 0;
    }
    T result = 1;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = wrapMultiply(result, base);
        base = wrapMultiply(base, base);
    }
    return result;
}

// Truncates; what lies outside T's range becomes its nearest limit, NaN becomes 0.
template <typename T, typename Float>
LAPIDARY_HOST_DEVICE T saturate(Float value)
{
    // The upper limit may not be exact in Float; the next power of two is.
    constexpr Float above = static_cast<Float>(std::numeric_limits<T>::max() / 2 + 1) * Float{2};
    if (!(value == value))
        return 0;
    if (value >= above)
        return std::numeric_limits<T>::max();
    if (value <= static_cast<Float>(std::numeric_limits<T>::min()))
        return std::numeric_limits<T>::min();
    return static_cast<T>(value);
}

} // namespace lapidary::functors
