// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/vector_math.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/cpu/vector_functions.h"
#include "engine/cpu/vector_math.h"

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

template <typename Function>
void mapAll(const float* in, float* out, int64_t count, float parameter)
{
    const D d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    const V second = constant(parameter);
    // Minimum and maximum of NaN differ between machines, so NaN is put back.
    const auto apply = [&](V x) HWY_ATTR { return hn::IfThenElse(hn::IsNaN(x), x, Function()(x, second)); };
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(apply(hn::LoadU(d, in + i)), d, out + i);
    if (i == count)
        return;
    HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)] = {};
    for (int64_t j = i; j < count; ++j)
        rest[j - i] = in[j];
    hn::Store(apply(hn::Load(d, rest)), d, rest);
    for (int64_t j = i; j < count; ++j)
        out[j] = rest[j - i];
}

void vectorMapTarget(VectorFunction function, const float* in, float* out, int64_t count, float parameter)
{
    switch (function) {
    case VectorFunction::Exp: return mapAll<Exp>(in, out, count, parameter);
    case VectorFunction::Log: return mapAll<Log>(in, out, count, parameter);
    case VectorFunction::Tanh: return mapAll<Tanh>(in, out, count, parameter);
    case VectorFunction::Sigmoid: return mapAll<Sigmoid>(in, out, count, parameter);
    case VectorFunction::Swish: return mapAll<Swish>(in, out, count, parameter);
    case VectorFunction::Erf: return mapAll<Erf>(in, out, count, parameter);
    case VectorFunction::GeluErf: return mapAll<GeluErf>(in, out, count, parameter);
    case VectorFunction::GeluTanh: return mapAll<GeluTanh>(in, out, count, parameter);
    case VectorFunction::Softplus: return mapAll<Softplus>(in, out, count, parameter);
    case VectorFunction::Mish: return mapAll<Mish>(in, out, count, parameter);
    case VectorFunction::Elu: return mapAll<Elu>(in, out, count, parameter);
    }
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lapidary {

HWY_EXPORT(vectorMapTarget);

void vectorMap(VectorFunction function, const float* in, float* out, int64_t count, float parameter)
{
    HWY_DYNAMIC_DISPATCH(vectorMapTarget)(function, in, out, count, parameter);
}

} // namespace lapidary
#endif
