// SPDX-License-Identifier: GPL-3.0-or-later
// Inverse and CDist of com.microsoft.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/microsoft.h"
#include "engine/cpu/kernels/row_statistics.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

// Row operations on both matrices until the left one, [n, n], is the identity. False when it is singular.
bool eliminate(std::vector<double>& left, std::vector<double>& right, int64_t n)
{
    const auto row = [n](std::vector<double>& matrix, int64_t i) { return matrix.data() + i * n; };
    for (int64_t column = 0; column < n; ++column) {
        int64_t pivot = column;
        for (int64_t i = column + 1; i < n; ++i) {
            if (std::abs(row(left, i)[column]) > std::abs(row(left, pivot)[column]))
                pivot = i;
        }
        const double value = row(left, pivot)[column];
        if (value == 0 || std::isnan(value))
            return false;
        for (std::vector<double>* matrix : {&left, &right}) {
            if (pivot != column)
                std::swap_ranges(row(*matrix, pivot), row(*matrix, pivot) + n, row(*matrix, column));
            for (int64_t j = 0; j < n; ++j)
                row(*matrix, column)[j] /= value;
        }
        for (int64_t i = 0; i < n; ++i) {
            const double factor = row(left, i)[column];
            if (i == column || factor == 0)
                continue;
            for (std::vector<double>* matrix : {&left, &right}) {
                for (int64_t j = 0; j < n; ++j)
                    row(*matrix, i)[j] -= factor * row(*matrix, column)[j];
            }
        }
    }
    return true;
}

template <typename T>
void invert(const T* x, T* y, int64_t n)
{
    std::vector<double> left(x, x + n * n);
    std::vector<double> right(static_cast<size_t>(n * n), 0.0);
    for (int64_t i = 0; i < n; ++i)
        right[static_cast<size_t>(i * n + i)] = 1;
    if (!eliminate(left, right, n))
        std::fill(right.begin(), right.end(), std::numeric_limits<double>::quiet_NaN());
    for (int64_t i = 0; i < n * n; ++i)
        y[i] = static_cast<T>(right[static_cast<size_t>(i)]);
}

template <typename T>
Status runInverse(KernelContext& context)
{
    TRY(requireTensors(context, {0}, typeOf<T>()));
    const Tensor& x = context.tensor(0);
    const Dims& dims = x.dims();
    if (dims.size() < 2 || dims[dims.size() - 1] != dims[dims.size() - 2])
        return makeError(ErrorCode::ShapeMismatch, "expected square matrices, found " + toString(dims));
    TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), dims));
    if (x.count() == 0)
        return {};
    const int64_t n = dims.back();
    parallelFor(x.count() / (n * n), 1 + (1 << 14) / (n * n), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end && !context.stopRequested(); ++i)
            invert(x.data<T>() + i * n * n, y->template mutableData<T>() + i * n * n, n);
    });
    return context.stopRequested() ? Status(cancelled()) : Status();
}

template <typename T>
Status runCDist(bool squared, KernelContext& context)
{
    TRY(requireTensors(context, {0, 1}, typeOf<T>()));
    const Tensor& a = context.tensor(0);
    const Tensor& b = context.tensor(1);
    if (a.rank() != 2 || b.rank() != 2 || a.dims()[1] != b.dims()[1])
        return makeError(ErrorCode::ShapeMismatch, "expected two matrices with rows of one length, found " +
                                                       toString(a.dims()) + " and " + toString(b.dims()));
    const int64_t rows = a.dims()[0];
    const int64_t columns = b.dims()[0];
    const int64_t length = a.dims()[1];
    TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), {rows, columns}));
    if (y->count() == 0)
        return {};
    parallelFor(
        rows, 1 + (1 << 15) / (columns * std::max<int64_t>(1, length)), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end && !context.stopRequested(); ++i) {
                for (int64_t j = 0; j < columns; ++j) {
                    const T* left = a.data<T>() + i * length;
                    const T* right = b.data<T>() + j * length;
                    const double sum = sumOf(length, [&](int64_t k) {
                        const double distance = static_cast<double>(left[k]) - static_cast<double>(right[k]);
                        return distance * distance;
                    });
                    y->template mutableData<T>()[i * columns + j] =
                        static_cast<T>(squared ? sum : std::sqrt(sum));
                }
            }
        });
    return context.stopRequested() ? Status(cancelled()) : Status();
}

Result<std::unique_ptr<Kernel>> createInverseOfFloats(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([](KernelContext& context) {
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return runInverse<T>(context); });
    });
}

} // namespace

Result<std::unique_ptr<Kernel>> createInverse(const KernelRequest& request)
{
    return createForFloats(request, createInverseOfFloats);
}

Result<std::unique_ptr<Kernel>> createCDist(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    const std::string metric = request.node->stringAttribute("metric", "sqeuclidean");
    if (metric != "sqeuclidean" && metric != "euclidean")
        return makeError(ErrorCode::UnsupportedOp,
                         "attribute 'metric': expected 'euclidean' or 'sqeuclidean', found '" + metric + "'");
    return plainKernel([squared = metric == "sqeuclidean"](KernelContext& context) {
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return runCDist<T>(squared, context); });
    });
}

} // namespace lapidary
