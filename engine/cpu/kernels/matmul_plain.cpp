// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/matmul.h"

#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"

#include <type_traits>

namespace lapidary {

namespace {

// Integers wrap around as ONNX's other backends do, without undefined behaviour.
template <typename T, bool integer = std::is_integral_v<T>>
struct Accumulator {
    using Type = std::make_unsigned_t<T>;
};
template <typename T>
struct Accumulator<T, false> {
    using Type = T;
};

// A matrix inside a tensor.
template <typename T>
struct Matrix {
    const T* data;
    int64_t rowStep;
    int64_t columnStep;
};

// y[row, :] += alpha * a[row, :] * b, for one row; y is contiguous. A block of k keeps b in cache.
template <typename T>
void addRowProduct(const Matrix<T>& a, const Matrix<T>& b, int64_t row, int64_t k, int64_t n, T alpha, T* y)
{
    using Sum = typename Accumulator<T>::Type;
    for (int64_t i = 0; i < k; ++i) {
        const Sum factor =
            static_cast<Sum>(alpha) * static_cast<Sum>(a.data[row * a.rowStep + i * a.columnStep]);
        const T* from = b.data + i * b.rowStep;
        if (b.columnStep == 1) {
            for (int64_t j = 0; j < n; ++j)
                y[j] = static_cast<T>(static_cast<Sum>(y[j]) + factor * static_cast<Sum>(from[j]));
        } else {
            for (int64_t j = 0; j < n; ++j)
                y[j] = static_cast<T>(static_cast<Sum>(y[j]) +
                                      factor * static_cast<Sum>(from[j * b.columnStep]));
        }
    }
}

// Rows worth handing to another thread.
int64_t rowGrain(int64_t k, int64_t n)
{
    return 1 + (1 << 15) / std::max<int64_t>(1, std::max<int64_t>(1, k) * std::max<int64_t>(1, n));
}

struct BatchOffsets {
    std::vector<int64_t> a;
    std::vector<int64_t> b;
};

template <typename T>
class PlainMatMul final : public Kernel {
public:
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, typeOf<T>()));
        const Tensor& a = context.tensor(0);
        const Tensor& b = context.tensor(1);
        TRY_ASSIGN(const MatMulShape shape, matMulShape(a.dims(), b.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), shape.output));
        if (y->count() == 0)
            return {};
        const BatchOffsets offsets{matrixOffsets(shape.aBatch, shape.batch),
                                   matrixOffsets(shape.bBatch, shape.batch)};
        const auto matrices = static_cast<int64_t>(offsets.a.size());
        const FlushDenormals flush;
        return stoppableFor(context.job(), matrices * shape.m, rowGrain(shape.k, shape.n), [&](int64_t row) {
            const auto matrix = static_cast<size_t>(row / shape.m);
            const Matrix<T> left{a.data<T>() + offsets.a[matrix] * shape.m * shape.k, shape.k, 1};
            const Matrix<T> right{b.data<T>() + offsets.b[matrix] * shape.k * shape.n, shape.n, 1};
            T* out = y->template mutableData<T>() + row * shape.n;
            std::fill_n(out, shape.n, T{0});
            addRowProduct<T>(left, right, row % shape.m, shape.k, shape.n, T{1}, out);
        });
    }
};

template <typename T>
class PlainGemm final : public Kernel {
public:
    explicit PlainGemm(const Node& node) : m_node(node) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, typeOf<T>()));
        if (context.hasInput(2))
            TRY(requireTensors(context, {2}, typeOf<T>()));
        const Tensor* c = context.hasInput(2) ? &context.tensor(2) : nullptr;
        TRY_ASSIGN(const GemmShape shape, gemmShape(m_node, context.tensor(0).dims(),
                                                    context.tensor(1).dims(), c ? &c->dims() : nullptr));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), {shape.m, shape.n}));
        T* out = y->template mutableData<T>();
        stretchC<T>(shape, c ? c->template data<T>() : nullptr, static_cast<T>(shape.beta), out);
        const Matrix<T> a = matrix(context.tensor(0), shape.transA);
        const Matrix<T> b = matrix(context.tensor(1), shape.transB);
        const FlushDenormals flush;
        return stoppableFor(context.job(), shape.m, rowGrain(shape.k, shape.n), [&](int64_t row) {
            addRowProduct<T>(a, b, row, shape.k, shape.n, static_cast<T>(shape.alpha), out + row * shape.n);
        });
    }

private:
    static Matrix<T> matrix(const Tensor& tensor, bool transposed)
    {
        const int64_t columns = tensor.dims()[1];
        return transposed ? Matrix<T>{tensor.data<T>(), 1, columns} : Matrix<T>{tensor.data<T>(), columns, 1};
    }

    const Node m_node;
};

// Both kernels for the type of input 0.
template <typename Make>
Result<std::unique_ptr<Kernel>> createForType(const KernelRequest& request, const Make& make)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return make(float());
    case DataType::Double: return make(double());
    case DataType::Int32: return make(int32_t());
    case DataType::Int64: return make(int64_t());
    case DataType::UInt32: return make(uint32_t());
    case DataType::UInt64: return make(uint64_t());
    default: return refuseType(request);
    }
}

} // namespace

std::vector<int64_t> matrixOffsets(const Dims& own, const Dims& batch)
{
    std::vector<int64_t> offsets{0};
    int64_t step = 1;
    for (size_t i = 0; i < own.size(); ++i)
        step *= own[i];
    for (size_t i = 0; i < batch.size(); ++i) { // each axis multiplies the list
        step = own[i] > 0 ? step / own[i] : 0;
        std::vector<int64_t> longer;
        longer.reserve(offsets.size() * static_cast<size_t>(batch[i]));
        for (const int64_t offset : offsets) {
            for (int64_t j = 0; j < batch[i]; ++j)
                longer.push_back(offset + (own[i] == 1 ? 0 : j * step));
        }
        offsets = std::move(longer);
    }
    return offsets;
}

Result<std::unique_ptr<Kernel>> createPlainMatMul(const KernelRequest& request)
{
    return createForType(
        request, []<typename T>(T) -> std::unique_ptr<Kernel> { return std::make_unique<PlainMatMul<T>>(); });
}

Result<std::unique_ptr<Kernel>> createPlainGemm(const KernelRequest& request)
{
    return createForType(request, [&]<typename T>(T) -> std::unique_ptr<Kernel> {
        return std::make_unique<PlainGemm<T>>(*request.node);
    });
}

} // namespace lapidary
