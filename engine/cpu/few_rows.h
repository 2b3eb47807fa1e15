// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: products of a few rows with a matrix, which read each weight once and so are bound by memory: a
// library's blocking and packing costs more than it gains.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary {

// y[m, n] = alpha * a[m, k] * b[k, n] + bias + y where adds; all float32.
struct FewRowsProduct {
    int64_t m = 0;
    int64_t k = 0;
    int64_t n = 0;
    const float* a = nullptr; // rows one after the other
    const float* b = nullptr; // row-major, or its transpose [n, k]
    int64_t bStep = 0;        // from one row of b in memory to the next; beyond n there are zeros
    bool transposed = false;
    float alpha = 1;
    const float* bias = nullptr; // [n], or null
    bool adds = false;
    float* y = nullptr; // rows one after the other
};

constexpr int64_t mostFewRows = 4;
constexpr int64_t fewRowsPadding = 16;

// Whether a product of these sizes is one for multiplyFewRows: few rows, or fewer multiplications than
// calling a library costs.
bool isForFewRows(int64_t m, int64_t k, int64_t n);

// Precondition: no size is 0. On several threads where b is large.
void multiplyFewRows(const FewRowsProduct& product);

// A constant right operand, which product.b and its layout describe; small ones are padded into memory of
// padded, which spares the loops the odd columns. padded is filled once and must outlive the product.
void padSmallRight(FewRowsProduct& product, std::vector<float>& padded);

// b[k, n], given as such or transposed, row-major with rows padded to fewRowsPadding.
std::vector<float> padRows(const float* b, int64_t k, int64_t n, bool transposed);

} // namespace lapidary
