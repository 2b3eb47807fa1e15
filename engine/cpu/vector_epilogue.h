// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the activations of epilogue.h on vectors; for files that Highway compiles once for each
// instruction set.
#if defined(LAPIDARY_CPU_VECTOR_EPILOGUE_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAPIDARY_CPU_VECTOR_EPILOGUE_H
#undef LAPIDARY_CPU_VECTOR_EPILOGUE_H
#else
#define LAPIDARY_CPU_VECTOR_EPILOGUE_H
#endif

#include "engine/cpu/epilogue.h"
#include "engine/cpu/vector_functions.h"

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

struct LeakyRelu {
    HWY_INLINE V operator()(V x, V alpha) const
    {
        return hn::IfThenElse(hn::Lt(x, hn::Zero(D())), hn::Mul(x, alpha), x);
    }
};

// The comparisons are false for NaN, which so passes through.
HWY_INLINE V clip(V x, V low, V high)
{
    const V above = hn::IfThenElse(hn::Lt(x, low), low, x);
    return hn::IfThenElse(hn::Gt(above, high), high, above);
}

HWY_INLINE V hardSigmoid(V x, V alpha, V beta)
{
    return clip(hn::MulAdd(x, alpha, beta), hn::Zero(D()), constant(1.0f));
}

template <size_t count, typename Function>
HWY_INLINE void applyTo(V (&values)[count], const Function& function)
{
    for (size_t i = 0; i < count; ++i)
        values[i] = function(values[i]);
}

// values = activation(values). NaN stays NaN.
template <size_t count>
HWY_INLINE void activate(const Activation& activation, V (&values)[count])
{
    using Kind = Activation::Kind;
    if (activation.kind == Kind::None)
        return;
    const V zero = hn::Zero(D());
    const V alpha = constant(activation.alpha);
    const V beta = constant(activation.beta);
    const auto passNan = [](V x, V y) HWY_ATTR { return hn::IfThenElse(hn::IsNaN(x), x, y); };
    switch (activation.kind) {
    case Kind::None: return;
    case Kind::Relu:
        return applyTo(values, [&](V x) HWY_ATTR { return hn::IfThenElse(hn::Lt(x, zero), zero, x); });
    case Kind::LeakyRelu: return applyTo(values, [&](V x) HWY_ATTR { return LeakyRelu()(x, alpha); });
    case Kind::Clip: return applyTo(values, [&](V x) HWY_ATTR { return clip(x, alpha, beta); });
    case Kind::Sigmoid: return applyTo(values, [&](V x) HWY_ATTR { return passNan(x, sigmoid(x)); });
    case Kind::HardSigmoid: return applyTo(values, [&](V x) HWY_ATTR { return hardSigmoid(x, alpha, beta); });
    case Kind::Tanh: return applyTo(values, [&](V x) HWY_ATTR { return passNan(x, Tanh()(x, zero)); });
    case Kind::Swish: return applyTo(values, [&](V x) HWY_ATTR { return passNan(x, Swish()(x, alpha)); });
    case Kind::HardSwish:
        return applyTo(values, [&](V x) HWY_ATTR {
            return hn::Mul(x, hardSigmoid(x, constant(1.0f / 6), constant(0.5f)));
        });
    case Kind::Mish: return applyTo(values, [&](V x) HWY_ATTR { return passNan(x, Mish()(x, zero)); });
    case Kind::GeluErf: return applyTo(values, [&](V x) HWY_ATTR { return passNan(x, GeluErf()(x, zero)); });
    case Kind::GeluTanh:
        return applyTo(values, [&](V x) HWY_ATTR { return passNan(x, GeluTanh()(x, zero)); });
    }
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
