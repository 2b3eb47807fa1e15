// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the transforms of a Winograd convolution along one axis, on vectors of channels; for files that
// Highway compiles once for each instruction set.
//
// The points of F(4x4, 3x3) are 0, ±3/4, ±3/2, infinity instead of the usual 0, ±1, ±2, infinity: all powers
// that the transforms need are exact too, and the largest error is a quarter (the kernels' transform is in
// winograd.cpp).
#if defined(LAPIDARY_CPU_WINOGRAD_TRANSFORM_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAPIDARY_CPU_WINOGRAD_TRANSFORM_H
#undef LAPIDARY_CPU_WINOGRAD_TRANSFORM_H
#else
#define LAPIDARY_CPU_WINOGRAD_TRANSFORM_H
#endif

#include "engine/cpu/vector_functions.h"

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

// input: d becomes its transform; output: the first `outputs` of m become the result.
struct TileOfTwo {
    static constexpr int outputs = 2;
    static constexpr int inputs = 4;

    static HWY_INLINE void input(V (&d)[4])
    {
        const V d1 = d[1];
        const V d2 = d[2];
        d[0] = hn::Sub(d[0], d2);
        d[1] = hn::Add(d1, d2);
        d[2] = hn::Sub(d2, d1);
        d[3] = hn::Sub(d[3], d1);
    }

    static HWY_INLINE void output(V (&m)[4])
    {
        const V sum = hn::Add(m[1], m[2]);
        const V difference = hn::Sub(m[1], m[2]);
        m[0] = hn::Add(m[0], sum);
        m[1] = hn::Add(difference, m[3]);
    }
};

struct TileOfFour {
    static constexpr int outputs = 4;
    static constexpr int inputs = 6;
    static constexpr float a = 0.75f;
    static constexpr float b = 1.5f;

    static HWY_INLINE void input(V (&d)[6])
    {
        const V even1 = hn::NegMulAdd(constant(b * b), d[2], d[4]);
        const V odd1 = hn::NegMulAdd(constant(b * b), d[1], d[3]);
        const V even2 = hn::NegMulAdd(constant(a * a), d[2], d[4]);
        const V odd2 = hn::NegMulAdd(constant(a * a), d[1], d[3]);
        const V sum = constant(a * a + b * b);
        const V product = constant(a * a * b * b);
        d[0] = hn::MulAdd(product, d[0], hn::NegMulAdd(sum, d[2], d[4]));
        d[5] = hn::MulAdd(product, d[1], hn::NegMulAdd(sum, d[3], d[5]));
        d[1] = hn::MulAdd(constant(a), odd1, even1);
        d[2] = hn::NegMulAdd(constant(a), odd1, even1);
        d[3] = hn::MulAdd(constant(b), odd2, even2);
        d[4] = hn::NegMulAdd(constant(b), odd2, even2);
    }

    static HWY_INLINE void output(V (&m)[6])
    {
        const V sum1 = hn::Add(m[1], m[2]);
        const V difference1 = hn::Sub(m[1], m[2]);
        const V sum2 = hn::Add(m[3], m[4]);
        const V difference2 = hn::Sub(m[3], m[4]);
        m[0] = hn::Add(hn::Add(m[0], sum1), sum2);
        m[1] = hn::MulAdd(constant(a), difference1, hn::Mul(constant(b), difference2));
        m[2] = hn::MulAdd(constant(a * a), sum1, hn::Mul(constant(b * b), sum2));
        m[3] =
            hn::MulAdd(constant(a * a * a), difference1, hn::MulAdd(constant(b * b * b), difference2, m[5]));
    }
};

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
