// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/scale_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/cpu/scale_rows.h"

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE V limited(V value, V least, V most)
{
    value = hn::IfThenElse(hn::Lt(value, least), least, value);
    return hn::IfThenElse(hn::Gt(value, most), most, value);
}

HWY_INLINE float limited(float value, Limits limits)
{
    return value < limits.least ? limits.least : value > limits.most ? limits.most : value;
}

void rowsTarget(const float* x, const float* scale, const float* shift, float* y, int64_t rows,
                int64_t columns, Limits limits)
{
    const D d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    const V least = hn::Set(d, limits.least);
    const V most = hn::Set(d, limits.most);
    for (int64_t row = 0; row < rows; ++row, x += columns, y += columns) {
        int64_t i = 0;
        for (; i + lanes <= columns; i += lanes) {
            const V value = hn::MulAdd(hn::LoadU(d, x + i), hn::LoadU(d, scale + i), hn::LoadU(d, shift + i));
            hn::StoreU(limited(value, least, most), d, y + i);
        }
        for (; i < columns; ++i)
            y[i] = limited(x[i] * scale[i] + shift[i], limits);
    }
}

void allTarget(const float* x, float scale, float shift, float* y, int64_t count, Limits limits)
{
    const D d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    const V least = hn::Set(d, limits.least);
    const V most = hn::Set(d, limits.most);
    const V factor = hn::Set(d, scale);
    const V term = hn::Set(d, shift);
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(limited(hn::MulAdd(hn::LoadU(d, x + i), factor, term), least, most), d, y + i);
    for (; i < count; ++i)
        y[i] = limited(x[i] * scale + shift, limits);
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lapidary {

HWY_EXPORT(rowsTarget);
HWY_EXPORT(allTarget);

void scaleRows(const float* x, const float* scale, const float* shift, float* y, int64_t rows,
               int64_t columns, Limits limits)
{
    HWY_DYNAMIC_DISPATCH(rowsTarget)(x, scale, shift, y, rows, columns, limits);
}

void scaleAll(const float* x, float scale, float shift, float* y, int64_t count, Limits limits)
{
    HWY_DYNAMIC_DISPATCH(allTarget)(x, scale, shift, y, count, limits);
}

} // namespace lapidary
#endif
