// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/matrix_product.h"

#include <algorithm>
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

namespace lapidary {

namespace {

// While it lives, libraries called by this thread start no others.
class SingleThread {
public:
    SingleThread() : m_saved(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~SingleThread() { omp_set_num_threads(m_saved); }
    SingleThread(const SingleThread&) = delete;
    SingleThread& operator=(const SingleThread&) = delete;

private:
    int m_saved;
};

} // namespace

template <>
Status multiplyMatrices(MatrixView<float> a, MatrixView<float> b, int64_t m, int64_t n, int64_t k,
                        float alpha, float* y, int64_t yRowStep)
{
    if (m == 0 || n == 0)
        return {};
    if (k == 0) {
        for (int64_t row = 0; row < m; ++row)
            std::fill_n(y + row * yRowStep, n, 0.0f);
        return {};
    }
    const SingleThread single;
    // Steps of a single row may be anything; the library wants at least the row's length.
    const dnnl_status_t status =
        dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, alpha, a.data,
                   std::max(a.rowStep, a.transposed ? m : k), b.data,
                   std::max(b.rowStep, b.transposed ? k : n), 0.0f, y, std::max(yRowStep, n));
    if (status != dnnl_success)
        return makeError(ErrorCode::BackendFailure, "oneDNN cannot multiply the matrices");
    return {};
}

template <>
Status multiplyMatrices(MatrixView<double> a, MatrixView<double> b, int64_t m, int64_t n, int64_t k,
                        double alpha, double* y, int64_t yRowStep)
{
    const int64_t aRow = a.transposed ? 1 : a.rowStep;
    const int64_t aColumn = a.transposed ? a.rowStep : 1;
    for (int64_t row = 0; row < m; ++row) {
        double* out = y + row * yRowStep;
        if (b.transposed) {
            for (int64_t column = 0; column < n; ++column) {
                const double* other = b.data + column * b.rowStep;
                double sum = 0;
                for (int64_t i = 0; i < k; ++i)
                    sum += a.data[row * aRow + i * aColumn] * other[i];
                out[column] = alpha * sum;
            }
            continue;
        }
        std::fill_n(out, n, 0.0);
        for (int64_t i = 0; i < k; ++i) {
            const double factor = alpha * a.data[row * aRow + i * aColumn];
            const double* other = b.data + i * b.rowStep;
            for (int64_t column = 0; column < n; ++column)
                out[column] += factor * other[column];
        }
    }
    return {};
}

} // namespace lapidary
