// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/einsum.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <atomic>
#include <cmath>

namespace lapidary {

namespace {

// Elimination with partial pivoting; a[n, n] is overwritten.
double determinant(double* a, int64_t n)
{
    double product = 1;
    for (int64_t k = 0; k < n; ++k) {
        int64_t pivot = k;
        for (int64_t row = k + 1; row < n; ++row) {
            if (std::fabs(a[row * n + k]) > std::fabs(a[pivot * n + k]))
                pivot = row;
        }
        if (pivot != k) {
            std::swap_ranges(a + k * n + k, a + (k + 1) * n, a + pivot * n + k);
            product = -product;
        }
        const double head = a[k * n + k];
        product *= head;
        if (head == 0) // singular, unless what is left over is not finite
            continue;
        for (int64_t row = k + 1; row < n; ++row) {
            const double factor = a[row * n + k] / head;
            for (int64_t column = k + 1; column < n; ++column)
                a[row * n + column] -= factor * a[k * n + column];
        }
    }
    return product;
}

template <typename T>
Status determinants(KernelContext& context)
{
    const Tensor& x = context.tensor(0);
    const int64_t n = x.dims().back();
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), Dims(x.dims().begin(), x.dims().end() - 2)));
    if (y->count() == 0)
        return {};
    T* out = y->mutableData<T>();
    std::atomic<bool> failed = false;
    const int64_t work = std::max<int64_t>(1, std::min<int64_t>(n, 1024) * n * n / 3);
    parallelFor(y->count(), 1 + (1 << 14) / work, [&](int64_t begin, int64_t end) {
        auto matrix = Tensor::allocate(DataType::Double, {n, n});
        failed = failed || !matrix.ok();
        for (int64_t i = begin; i < end && !failed && !context.stopRequested(); ++i) {
            const T* from = x.data<T>() + i * n * n;
            std::copy(from, from + n * n, matrix->mutableData<double>());
            out[i] = static_cast<T>(determinant(matrix->mutableData<double>(), n));
        }
    });
    if (failed)
        return makeError(ErrorCode::OutOfMemory, "no memory for a matrix of " + std::to_string(n) + " rows");
    return context.stopRequested() ? Status(cancelled()) : Status();
}

} // namespace

Result<std::unique_ptr<Kernel>> createDeterminant(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        const Dims& dims = x.dims();
        if (dims.size() < 2 || dims[dims.size() - 1] != dims[dims.size() - 2])
            return makeError(ErrorCode::ShapeMismatch,
                             "expected square matrices as last two dimensions, found " + toString(dims));
        return dispatch(FloatTypes(), x.type(), [&]<typename T>() { return determinants<T>(context); });
    });
}

} // namespace lapidary
