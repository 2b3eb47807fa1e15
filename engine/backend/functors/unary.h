// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one element in, one element out. T is float, double or, where noted, an integer type;
// 16-bit floats are widened before. NaN goes through unless the operator says otherwise.
// Source: ONNX docs/Operators.md, the operator of the same name.
#pragma once

#include "engine/backend/functors/integer.h"

#include <cmath>

namespace lapidary::functors {

struct Abs { // also integers
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return std::fabs(x);
        else if constexpr (std::is_signed_v<T>)
            return x < 0 ? wrapSubtract(T{0}, x) : x;
        else
            return x;
    }
};

struct Neg { // also integers
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return -x;
        else
            return wrapSubtract(T{0}, x);
    }
};

struct Sign { // also integers
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        if (x > T{0})
            return T{1};
        return x < T{0} ? static_cast<T>(-1) : x; // zero and NaN stay
    }
};

struct BitwiseNot { // integers only
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        return static_cast<T>(~x);
    }
};

#define LAPIDARY_UNARY(Name, expression)                                                                     \
    struct Name {                                                                                            \
        template <typename T>                                                                                \
        LAPIDARY_HOST_DEVICE T operator()(T x) const                                                         \
        {                                                                                                    \
            return expression;                                                                               \
        }                                                                                                    \
    };

LAPIDARY_UNARY(Floor, std::floor(x))
LAPIDARY_UNARY(Ceil, std::ceil(x))
LAPIDARY_UNARY(Round, std::nearbyint(x)) // halves to even
LAPIDARY_UNARY(Exp, std::exp(x))
LAPIDARY_UNARY(Log, std::log(x))
LAPIDARY_UNARY(Sqrt, std::sqrt(x))
LAPIDARY_UNARY(Reciprocal, T{1} / x)
LAPIDARY_UNARY(Erf, static_cast<T>(std::erf(x))) // also integers, cut off
LAPIDARY_UNARY(Sin, std::sin(x))
LAPIDARY_UNARY(Cos, std::cos(x))
LAPIDARY_UNARY(Tan, std::tan(x))
LAPIDARY_UNARY(Asin, std::asin(x))
LAPIDARY_UNARY(Acos, std::acos(x))
LAPIDARY_UNARY(Atan, std::atan(x))
LAPIDARY_UNARY(Sinh, std::sinh(x))
LAPIDARY_UNARY(Cosh, std::cosh(x))
LAPIDARY_UNARY(Tanh, std::tanh(x))
LAPIDARY_UNARY(Asinh, std::asinh(x))
LAPIDARY_UNARY(Acosh, std::acosh(x))
LAPIDARY_UNARY(Atanh, std::atanh(x))
LAPIDARY_UNARY(Relu, T{0} > x ? T{0} : x) // also integers
LAPIDARY_UNARY(Sigmoid, T{1} / (T{1} + std::exp(-x)))
LAPIDARY_UNARY(Softsign, x / (T{1} + std::fabs(x)))
// log(1 + e^x) without overflow for large x.
LAPIDARY_UNARY(Softplus, (x > T{0} ? x : T{0}) + std::log1p(std::exp(-std::fabs(x))))
LAPIDARY_UNARY(Mish, x* std::tanh(Softplus()(x)))
LAPIDARY_UNARY(GeluErf, T{0.5} * x * (T{1} + std::erf(x * T(0.70710678118654752440))))
LAPIDARY_UNARY(GeluTanh,
               T{0.5} * x * (T{1} + std::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x))))

#undef LAPIDARY_UNARY

struct LeakyRelu {
    float alpha;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        // Both halves are a plain maximum or minimum, so that loops need no branch.
        const T positive = T{0} > x ? T{0} : x;
        const T negative = T{0} < x ? T{0} : x;
        return positive + static_cast<T>(alpha) * negative;
    }
};

struct ThresholdedRelu {
    float alpha;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        return x <= static_cast<T>(alpha) ? T{0} : x;
    }
};

struct Elu {
    float alpha;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        return x < T{0} ? static_cast<T>(alpha) * std::expm1(x) : x;
    }
};

struct Selu {
    float alpha;
    float gamma;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        return static_cast<T>(gamma) * (x > T{0} ? x : static_cast<T>(alpha) * std::expm1(x));
    }
};

struct Celu {
    float alpha;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        const T a = static_cast<T>(alpha);
        return x < T{0} ? a * std::expm1(x / a) : x;
    }
};

struct HardSigmoid {
    float alpha;
    float beta;
    // Members, so that compilers do not know them and fold the two choices below into branches.
    float low = 0;
    float high = 1;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        const T y = static_cast<T>(alpha) * x + static_cast<T>(beta);
        const T atLeast = static_cast<T>(low) > y ? static_cast<T>(low) : y;
        return static_cast<T>(high) < atLeast ? static_cast<T>(high) : atLeast;
    }
};

struct HardSwish {
    HardSigmoid gate{1.0f / 6.0f, 0.5f};
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        return x * gate(x);
    }
};

struct Swish {
    float alpha;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        return x / (T{1} + std::exp(static_cast<T>(-alpha) * x));
    }
};

struct Shrink { // also integers, computed in float
    float bias;
    float lambd;
    template <typename T>
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        using Wide = std::conditional_t<std::is_same_v<T, double> || (sizeof(T) == 8), double, float>;
        const auto wide = static_cast<Wide>(x);
        if (wide < -lambd)
            return convert<T>(wide + bias);
        return wide > lambd ? convert<T>(wide - bias) : (x == x ? T{0} : x);
    }

private:
    template <typename T, typename Wide>
    LAPIDARY_HOST_DEVICE static T convert(Wide value)
    {
        if constexpr (std::is_floating_point_v<T>)
            return static_cast<T>(value);
        else
            return saturate<T>(value);
    }
};

// min(max(x, low), high): with low > high the result is high, as in numpy.
template <typename T>
struct Clip {
    T low;
    T high;
    LAPIDARY_HOST_DEVICE T operator()(T x) const
    {
        const T atLeast = low > x ? low : x;
        return high < atLeast ? high : atLeast;
    }
};

struct IsNaN {
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(T x) const
    {
        return x != x;
    }
};

struct IsInf {
    bool positive;
    bool negative;
    template <typename T>
    LAPIDARY_HOST_DEVICE bool operator()(T x) const
    {
        constexpr T infinity = std::numeric_limits<T>::infinity();
        return (positive && x == infinity) || (negative && x == -infinity);
    }
};

} // namespace lapidary::functors
