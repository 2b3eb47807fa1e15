// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each instruction set. Sums are named one by one: vectors of some instruction sets have
// no size and cannot be in arrays.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/few_rows.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep

#include "engine/cpu/few_rows.h"

#include "engine/cpu/parallel.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE V splat(const float* value) { return hn::Set(D(), *value); }

HWY_INLINE float finished(const FewRowsProduct& p, float sum, int64_t row, int64_t column)
{
    const float old = p.adds ? p.y[row * p.n + column] : 0.0f;
    return p.alpha * sum + (p.bias ? p.bias[column] : 0.0f) + old;
}

// The sums of some columns into y; a part of them behind the last column is dropped.
HWY_INLINE void store(const FewRowsProduct& p, V sum, int64_t row, int64_t column)
{
    const D d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    float* y = p.y + row * p.n + column;
    if (p.n - column < lanes) {
        HWY_ALIGN float sums[HWY_MAX_BYTES / sizeof(float)];
        hn::Store(sum, d, sums);
        for (int64_t i = 0; i < p.n - column; ++i)
            y[i] = finished(p, sums[i], row, column + i);
        return;
    }
    V result = hn::Mul(sum, hn::Set(d, p.alpha));
    if (p.bias)
        result = hn::Add(result, hn::LoadU(d, p.bias + column));
    if (p.adds)
        result = hn::Add(result, hn::LoadU(d, y));
    hn::StoreU(result, d, y);
}

// One row of a with eight vectors of columns.
HWY_INLINE void wideRow(const FewRowsProduct& p, int64_t row, int64_t column, int64_t lanes)
{
    const D d;
    const float* a = p.a + row * p.k;
    const float* b = p.b + column;
    V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (int64_t i = 0; i < p.k; ++i, b += p.bStep) {
        const V x = splat(a + i);
        s0 = hn::MulAdd(x, hn::LoadU(d, b), s0);
        s1 = hn::MulAdd(x, hn::LoadU(d, b + lanes), s1);
        s2 = hn::MulAdd(x, hn::LoadU(d, b + 2 * lanes), s2);
        s3 = hn::MulAdd(x, hn::LoadU(d, b + 3 * lanes), s3);
        s4 = hn::MulAdd(x, hn::LoadU(d, b + 4 * lanes), s4);
        s5 = hn::MulAdd(x, hn::LoadU(d, b + 5 * lanes), s5);
        s6 = hn::MulAdd(x, hn::LoadU(d, b + 6 * lanes), s6);
        s7 = hn::MulAdd(x, hn::LoadU(d, b + 7 * lanes), s7);
    }
    store(p, s0, row, column);
    store(p, s1, row, column + lanes);
    store(p, s2, row, column + 2 * lanes);
    store(p, s3, row, column + 3 * lanes);
    store(p, s4, row, column + 4 * lanes);
    store(p, s5, row, column + 5 * lanes);
    store(p, s6, row, column + 6 * lanes);
    store(p, s7, row, column + 7 * lanes);
}

// Two rows of a with four vectors of columns.
HWY_INLINE void wideRows(const FewRowsProduct& p, int64_t row, int64_t column, int64_t lanes)
{
    const D d;
    const float* a = p.a + row * p.k;
    const float* b = p.b + column;
    V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    for (int64_t i = 0; i < p.k; ++i, b += p.bStep) {
        const V x = splat(a + i);
        const V z = splat(a + p.k + i);
        const V b0 = hn::LoadU(d, b);
        const V b1 = hn::LoadU(d, b + lanes);
        const V b2 = hn::LoadU(d, b + 2 * lanes);
        const V b3 = hn::LoadU(d, b + 3 * lanes);
        s0 = hn::MulAdd(x, b0, s0);
        s1 = hn::MulAdd(x, b1, s1);
        s2 = hn::MulAdd(x, b2, s2);
        s3 = hn::MulAdd(x, b3, s3);
        t0 = hn::MulAdd(z, b0, t0);
        t1 = hn::MulAdd(z, b1, t1);
        t2 = hn::MulAdd(z, b2, t2);
        t3 = hn::MulAdd(z, b3, t3);
    }
    store(p, s0, row, column);
    store(p, s1, row, column + lanes);
    store(p, s2, row, column + 2 * lanes);
    store(p, s3, row, column + 3 * lanes);
    store(p, t0, row + 1, column);
    store(p, t1, row + 1, column + lanes);
    store(p, t2, row + 1, column + 2 * lanes);
    store(p, t3, row + 1, column + 3 * lanes);
}

// One row of a with one vector of columns; four sums hide how long an addition takes.
HWY_INLINE void narrowRow(const FewRowsProduct& p, int64_t row, int64_t column)
{
    const D d;
    const float* a = p.a + row * p.k;
    const float* b = p.b + column;
    V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
    int64_t i = 0;
    for (; i + 4 <= p.k; i += 4, b += 4 * p.bStep) {
        s0 = hn::MulAdd(splat(a + i), hn::LoadU(d, b), s0);
        s1 = hn::MulAdd(splat(a + i + 1), hn::LoadU(d, b + p.bStep), s1);
        s2 = hn::MulAdd(splat(a + i + 2), hn::LoadU(d, b + 2 * p.bStep), s2);
        s3 = hn::MulAdd(splat(a + i + 3), hn::LoadU(d, b + 3 * p.bStep), s3);
    }
    for (; i < p.k; ++i, b += p.bStep)
        s0 = hn::MulAdd(splat(a + i), hn::LoadU(d, b), s0);
    store(p, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), row, column);
}

void rowMajorColumns(const FewRowsProduct& p, int64_t begin, int64_t end)
{
    const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
    // Up to here whole vectors can be read.
    const int64_t readable = end < p.n ? end : p.bStep > p.n ? p.bStep / lanes * lanes : p.n;
    for (int64_t row = 0; row < p.m; row += 2) {
        const bool isPair = row + 1 < p.m;
        const int64_t wide = isPair ? 4 * lanes : 8 * lanes;
        int64_t column = begin;
        for (; column + wide <= readable; column += wide) {
            if (isPair)
                wideRows(p, row, column, lanes);
            else
                wideRow(p, row, column, lanes);
        }
        for (; column + lanes <= readable; column += lanes) {
            narrowRow(p, row, column);
            if (isPair)
                narrowRow(p, row + 1, column);
        }
        for (; column < end; ++column) {
            for (int64_t r = row; r < row + (isPair ? 2 : 1); ++r) {
                float sum = 0;
                for (int64_t i = 0; i < p.k; ++i)
                    sum += p.a[r * p.k + i] * p.b[i * p.bStep + column];
                p.y[r * p.n + column] = finished(p, sum, r, column);
            }
        }
    }
}

HWY_INLINE float rest(const float* a, const float* b, int64_t from, int64_t k)
{
    float sum = 0;
    for (int64_t i = from; i < k; ++i)
        sum += a[i] * b[i];
    return sum;
}

HWY_INLINE float total(V s, V t) { return hn::GetLane(hn::SumOfLanes(D(), hn::Add(s, t))); }

// b is [n, k]: four of its rows at once.
void transposedColumns(const FewRowsProduct& p, int64_t begin, int64_t end)
{
    const D d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t column = begin;
    for (; column + 4 <= end; column += 4) {
        const float* b0 = p.b + column * p.bStep;
        const float* b1 = b0 + p.bStep;
        const float* b2 = b1 + p.bStep;
        const float* b3 = b2 + p.bStep;
        for (int64_t row = 0; row < p.m; ++row) {
            const float* a = p.a + row * p.k;
            V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
            int64_t i = 0;
            for (; i + 2 * lanes <= p.k; i += 2 * lanes) {
                const V x = hn::LoadU(d, a + i);
                const V z = hn::LoadU(d, a + i + lanes);
                s0 = hn::MulAdd(x, hn::LoadU(d, b0 + i), s0);
                t0 = hn::MulAdd(z, hn::LoadU(d, b0 + i + lanes), t0);
                s1 = hn::MulAdd(x, hn::LoadU(d, b1 + i), s1);
                t1 = hn::MulAdd(z, hn::LoadU(d, b1 + i + lanes), t1);
                s2 = hn::MulAdd(x, hn::LoadU(d, b2 + i), s2);
                t2 = hn::MulAdd(z, hn::LoadU(d, b2 + i + lanes), t2);
                s3 = hn::MulAdd(x, hn::LoadU(d, b3 + i), s3);
                t3 = hn::MulAdd(z, hn::LoadU(d, b3 + i + lanes), t3);
            }
            float* y = p.y + row * p.n + column;
            y[0] = finished(p, total(s0, t0) + rest(a, b0, i, p.k), row, column);
            y[1] = finished(p, total(s1, t1) + rest(a, b1, i, p.k), row, column + 1);
            y[2] = finished(p, total(s2, t2) + rest(a, b2, i, p.k), row, column + 2);
            y[3] = finished(p, total(s3, t3) + rest(a, b3, i, p.k), row, column + 3);
        }
    }
    for (; column < end; ++column) {
        const float* b = p.b + column * p.bStep;
        for (int64_t row = 0; row < p.m; ++row) {
            const float* a = p.a + row * p.k;
            V s = hn::Zero(d), t = s;
            int64_t i = 0;
            for (; i + 2 * lanes <= p.k; i += 2 * lanes) {
                s = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s);
                t = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), t);
            }
            p.y[row * p.n + column] = finished(p, total(s, t) + rest(a, b, i, p.k), row, column);
        }
    }
}

void fewRowsColumns(const FewRowsProduct& p, int64_t begin, int64_t end)
{
    if (p.transposed)
        transposedColumns(p, begin, end);
    else
        rowMajorColumns(p, begin, end);
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lapidary {

HWY_EXPORT(fewRowsColumns);

namespace {

// Columns that stay together: a multiple of the widest step of a loop above.
constexpr int64_t columnBlock = 128;
// Weights worth another thread.
constexpr int64_t threadWeights = 1 << 16;

} // namespace

void multiplyFewRows(const FewRowsProduct& product)
{
    const int64_t block = product.transposed ? 4 : columnBlock;
    const int64_t blocks = (product.n + block - 1) / block;
    parallelFor(blocks, 1 + threadWeights / (product.k * block), [&](int64_t begin, int64_t end) {
        const FlushDenormals flush;
        HWY_DYNAMIC_DISPATCH(fewRowsColumns)
        (product, begin * block, std::min(product.n, end * block));
    });
}

bool isForFewRows(int64_t m, int64_t k, int64_t n)
{
    constexpr int64_t tiny = 1 << 15; // multiplications that take less time than calling the library
    return m > 0 && (m <= mostFewRows || m * k * n <= tiny);
}

void padSmallRight(FewRowsProduct& product, std::vector<float>& padded)
{
    constexpr int64_t mostPadded = 1 << 18;
    if (product.k * product.n > mostPadded || (!product.transposed && product.n % fewRowsPadding == 0))
        return;
    if (padded.empty())
        padded = padRows(product.b, product.k, product.n, product.transposed);
    product.transposed = false;
    product.b = padded.data();
    product.bStep = static_cast<int64_t>(padded.size()) / product.k;
}

std::vector<float> padRows(const float* b, int64_t k, int64_t n, bool transposed)
{
    const int64_t step = (n + fewRowsPadding - 1) / fewRowsPadding * fewRowsPadding;
    std::vector<float> padded(static_cast<size_t>(k * step));
    for (int64_t row = 0; row < k; ++row) {
        for (int64_t column = 0; column < n; ++column)
            padded[static_cast<size_t>(row * step + column)] =
                transposed ? b[column * k + row] : b[row * n + column];
    }
    return padded;
}

} // namespace lapidary
#endif
