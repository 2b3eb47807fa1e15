// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two elements in, one out. T is float, double or an integer type unless noted; 16-bit floats
// are widened before. Integers wrap around. Source: ONNX docs/Operators.md, the operator of the name.
#pragma once

#include "engine/backend/functors/integer.h"

#include <cmath>

namespace lapidary::functors {

struct Add {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return a + b;
        else
            return wrapAdd(a, b);
    }
};

struct Sub {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return a - b;
        else
            return wrapSubtract(a, b);
    }
};

struct Mul {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return a * b;
        else
            return wrapMultiply(a, b);
    }
};

struct Div {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return a / b;
        else
            return divide(a, b);
    }
};

// Mod with fmod = 0: the sign of the divisor.
struct Modulus {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        if constexpr (std::is_floating_point_v<T>) {
            const T rest = std::fmod(a, b);
            return rest != 0 && ((rest < 0) != (b < 0)) ? rest + b : rest;
        } else {
            return modulus(a, b);
        }
    }
};

// Mod with fmod = 1: the sign of the dividend.
struct Remainder {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return std::fmod(a, b);
        else
            return remainder(a, b);
    }
};

// The base's type is the result's; an integer base takes an int64 or a double exponent.
struct Pow {
    template <typename T, typename E>
    LAPIDARY_HOST_DEVICE T operator()(T base, E exponent) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return std::pow(base, static_cast<T>(exponent));
        else if constexpr (std::is_floating_point_v<E>)
            return saturate<T>(std::pow(static_cast<E>(base), exponent));
        else
            return power(base, static_cast<long long>(exponent));
    }
};

struct PRelu {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x, T slope) const
    {
        // Both halves are a plain maximum or minimum, so that loops need no branch.
        const T positive = T{0} > x ? T{0} : x;
        const T negative = T{0} < x ? T{0} : x;
        return Add()(positive, Mul()(slope, negative));
    }
};

// NaN in either operand gives NaN.
struct Max {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        const T larger = a > b ? a : b; // b when one is NaN
        return a == a ? larger : a;
    }
};

struct Min {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        const T smaller = a < b ? a : b;
        return a == a ? smaller : a;
    }
};

struct Equal { // also bool and strings
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(const T& a, const T& b) const
    {
        return a == b;
    }
};

struct Greater {
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(T a, T b) const
    {
        return a > b;
    }
};

struct GreaterOrEqual {
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(T a, T b) const
    {
        return a >= b;
    }
};

struct Less {
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(T a, T b) const
    {
        return a < b;
    }
};

struct LessOrEqual {
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(T a, T b) const
    {
        return a <= b;
    }
};

// Bools arrive as bytes, where any value but 0 is true.
struct And {
    LAPIDARY_HOST_DEVICE bool operator()(unsigned char a, unsigned char b) const { return a && b; }
};

struct Or {
    LAPIDARY_HOST_DEVICE bool operator()(unsigned char a, unsigned char b) const { return a || b; }
};

struct Xor {
    LAPIDARY_HOST_DEVICE bool operator()(unsigned char a, unsigned char b) const { return !a != !b; }
};

struct BitwiseAnd { // integers only
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        return static_cast<T>(a & b);
    }
};

struct BitwiseOr {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        return static_cast<T>(a | b);
    }
};

struct BitwiseXor {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        return static_cast<T>(a ^ b);
    }
};

// Unsigned types; shifting by the width or more leaves 0.
struct ShiftLeft {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        return b < sizeof(T) * 8 ? static_cast<T>(static_cast<Wrapping<T>>(a) << b) : T{0};
    }
};

struct ShiftRight {
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T a, T b) const
    {
        return b < sizeof(T) * 8 ? static_cast<T>(a >> b) : T{0};
    }
};

} // namespace lapidary::functors
