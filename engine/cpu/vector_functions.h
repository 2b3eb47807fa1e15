// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: functions of vectors of float32; for files that Highway compiles once for each instruction set.
#if defined(LAPIDARY_CPU_VECTOR_FUNCTIONS_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAPIDARY_CPU_VECTOR_FUNCTIONS_H
#undef LAPIDARY_CPU_VECTOR_FUNCTIONS_H
#else
#define LAPIDARY_CPU_VECTOR_FUNCTIONS_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <limits>

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE V constant(float value) { return hn::Set(D(), value); }

template <size_t count>
HWY_INLINE V polynomial(const float (&coefficients)[count], V x)
{
    V sum = constant(coefficients[count - 1]);
    for (size_t i = count - 1; i-- > 0;)
        sum = hn::MulAdd(sum, x, constant(coefficients[i]));
    return sum;
}

// e^x for x at most 88.
HWY_INLINE V boundedExp(V x) { return hn::Exp(D(), hn::Min(x, constant(88.0f))); }

struct Exp {
    HWY_INLINE V operator()(V x, V) const
    {
        const V infinity = constant(std::numeric_limits<float>::infinity());
        const V largest = constant(88.7228394f); // log of FLT_MAX
        return hn::IfThenElse(hn::Gt(x, largest), infinity, hn::Exp(D(), hn::Min(x, largest)));
    }
};

struct Log {
    HWY_INLINE V operator()(V x, V) const
    {
        const V infinity = constant(std::numeric_limits<float>::infinity());
        const V result = hn::IfThenElse(hn::Eq(x, infinity), infinity, hn::Log(D(), x));
        const V ofZero = hn::IfThenElse(hn::Eq(x, hn::Zero(D())), hn::Neg(infinity), result);
        return hn::IfThenElse(hn::Lt(x, hn::Zero(D())), hn::NaN(D()), ofZero);
    }
};

struct Tanh {
    HWY_INLINE V operator()(V x, V) const
    {
        // Beyond 10 the result is ±1.
        return hn::Tanh(D(), hn::Max(hn::Min(x, constant(10.0f)), constant(-10.0f)));
    }
};

HWY_INLINE V sigmoid(V x) { return hn::Div(constant(1.0f), hn::Add(constant(1.0f), boundedExp(hn::Neg(x)))); }

struct Sigmoid {
    HWY_INLINE V operator()(V x, V) const { return sigmoid(x); }
};

struct Swish {
    HWY_INLINE V operator()(V x, V alpha) const { return hn::Mul(x, sigmoid(hn::Mul(alpha, x))); }
};

// Below 1 an odd polynomial, from 1 on 1 - e^(-x²) q(1 / (1 + x/2)); both are Chebyshev fits of our own
// to erf in double, with errors below one unit in the last place of float32.
HWY_INLINE V erf(V x)
{
    static constexpr float small[] = {1.12837917f,    -0.376126385f,    0.112837826f,    -0.0268654383f,
                                      0.00522105341f, -0.000848439653f, 0.000112682537f, -9.67359028e-06f};
    static constexpr float large[] = {0.000606408739f, 0.273618153f,   0.33084068f,   0.101268245f,
                                      0.403838363f,    -0.0573387352f, -0.0535406161f};
    const V magnitude = hn::Abs(x);
    const V square = hn::Mul(x, x);
    const V inner = hn::Mul(x, polynomial(small, hn::Min(square, constant(1.0f))));
    const V t = hn::Div(constant(1.0f), hn::MulAdd(magnitude, constant(0.5f), constant(1.0f)));
    const V tail = hn::Mul(polynomial(large, t), hn::Exp(D(), hn::Neg(square)));
    const V outer = hn::CopySign(hn::Sub(constant(1.0f), tail), x);
    return hn::IfThenElse(hn::Lt(magnitude, constant(1.0f)), inner, outer);
}

struct Erf {
    HWY_INLINE V operator()(V x, V) const { return erf(x); }
};

struct GeluErf {
    HWY_INLINE V operator()(V x, V) const
    {
        const V half = hn::Mul(x, constant(0.5f));
        return hn::MulAdd(half, erf(hn::Mul(x, constant(0.707106781f))), half);
    }
};

struct GeluTanh {
    HWY_INLINE V operator()(V x, V zero) const
    {
        const V cube = hn::Mul(hn::Mul(x, x), x);
        const V inner = hn::Mul(constant(0.797884561f), hn::MulAdd(cube, constant(0.044715f), x));
        const V half = hn::Mul(x, constant(0.5f));
        return hn::MulAdd(half, Tanh()(inner, zero), half);
    }
};

struct Softplus {
    HWY_INLINE V operator()(V x, V) const
    {
        const V tail = hn::Log1p(D(), hn::Exp(D(), hn::Neg(hn::Abs(x))));
        return hn::Add(hn::Max(x, hn::Zero(D())), tail);
    }
};

// x tanh(log(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2).
struct Mish {
    HWY_INLINE V operator()(V x, V) const
    {
        const V e = hn::Exp(D(), hn::Min(x, constant(20.0f)));
        const V n = hn::Mul(e, hn::Add(e, constant(2.0f)));
        return hn::Mul(x, hn::Div(n, hn::Add(n, constant(2.0f))));
    }
};

struct Elu {
    HWY_INLINE V operator()(V x, V alpha) const
    {
        const V negative = hn::Mul(alpha, hn::Expm1(D(), hn::Min(x, hn::Zero(D()))));
        return hn::IfThenElse(hn::Lt(x, hn::Zero(D())), negative, x);
    }
};

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
