// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one matrix product on the calling thread, for kernels that are parallel around it.
#pragma once

#include "engine/base/result.h"

#include <cstdint>

namespace lapidary {

// Row-major; rowStep: elements from one row in memory to the next.
template <typename T>
struct MatrixView {
    const T* data = nullptr;
    int64_t rowStep = 0;
    bool transposed = false;
};

// y[m, n] = alpha * a[m, k] * b[k, n], after the transpositions; k = 0 gives zeros. The result is the
// same however many threads the process has. Errors: BackendFailure.
template <typename T>
Status multiplyMatrices(MatrixView<T> a, MatrixView<T> b, int64_t m, int64_t n, int64_t k, T alpha, T* y,
                        int64_t yRowStep);

template <>
Status multiplyMatrices(MatrixView<float> a, MatrixView<float> b, int64_t m, int64_t n, int64_t k,
                        float alpha, float* y, int64_t yRowStep);
template <>
Status multiplyMatrices(MatrixView<double> a, MatrixView<double> b, int64_t m, int64_t n, int64_t k,
                        double alpha, double* y, int64_t yRowStep);

} // namespace lapidary
