// SPDX-License-Identifier: GPL-3.0-or-later
// MatMulInteger on oneDNN's product of bytes, which knows no zero points: with the sums of a's rows and
// b's columns, (a - p) * (b - q) = a * b - p * columnSums - rowSums * q + k * p * q.
#include "engine/cpu/kernels/integer_product.h"

#include "engine/cpu/kernels/matmul.h"
#include "engine/cpu/onednn.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/quantized_product.h"

#include <algorithm>

namespace lapidary {

namespace {

using ByteTypes = TypeList<uint8_t, int8_t>;

// Zero points of the rows or columns of a stack of matrices.
struct ZeroPoints {
    std::vector<int32_t> values;
    int64_t matrixStep = 0;
    int64_t lineStep = 0; // of a row or column

    uint32_t at(int64_t matrix, int64_t line) const
    {
        return static_cast<uint32_t>(values[static_cast<size_t>(matrix * matrixStep + line * lineStep)]);
    }
    bool allZero() const
    {
        return std::all_of(values.begin(), values.end(), [](int32_t value) { return value == 0; });
    }
};

Result<ZeroPoints> zeroPoints(const KernelContext& context, size_t operand, size_t input, bool isRow)
{
    if (!context.hasInput(input))
        return ZeroPoints{{0}};
    const Tensor& codes = context.tensor(operand);
    const Tensor& zeros = context.tensor(input);
    if (zeros.type() != codes.type())
        return makeError(ErrorCode::ShapeMismatch, "zero point: expected " +
                                                       std::string(dataTypeName(codes.type())) + ", found " +
                                                       std::string(dataTypeName(zeros.type())));
    TRY_ASSIGN(const ScaleLayout layout, (isRow ? rowLayout : columnLayout)(codes.dims(), zeros.dims()));
    TRY_ASSIGN(const std::vector<int64_t> values, toInt64s(zeros));
    return ZeroPoints{
        {values.begin(), values.end()}, layout.outerStep, isRow ? layout.blockStep : layout.innerStep};
}

// b as signed bytes; unsigned ones lose 128, as their zero points must.
struct Right {
    Tensor codes;
    int32_t shift = 0;
    std::vector<uint32_t> columnSums; // [matrices, n]
};

Result<Right> prepareRight(const Tensor& b, int64_t k, int64_t n)
{
    Right right;
    right.codes = b;
    if (b.type() == DataType::UInt8) {
        right.shift = 128;
        TRY_ASSIGN(right.codes, Tensor::allocate(DataType::Int8, b.dims()));
        const auto* from = b.data<uint8_t>();
        auto* to = right.codes.mutableData<int8_t>();
        for (int64_t i = 0; i < b.count(); ++i)
            to[i] = static_cast<int8_t>(from[i] ^ 0x80);
    }
    const int64_t matrices = b.count() / (k * n);
    right.columnSums.assign(static_cast<size_t>(matrices * n), 0);
    for (int64_t row = 0; row < matrices * k; ++row) {
        uint32_t* sums = right.columnSums.data() + row / k * n;
        const int8_t* codes = right.codes.data<int8_t>() + row * n;
        for (int64_t column = 0; column < n; ++column)
            sums[column] += static_cast<uint32_t>(int32_t{codes[column]});
    }
    return right;
}

template <typename Code>
uint32_t sumOf(const Code* codes, int64_t count)
{
    uint32_t sum = 0;
    for (int64_t i = 0; i < count; ++i)
        sum += static_cast<uint32_t>(int32_t{codes[i]});
    return sum;
}

class OneDnnMatMulInteger final : public Kernel {
public:
    explicit OneDnnMatMulInteger(Tensor right) : m_constantRight(std::move(right)) {}

    std::string implementation() const override { return "oneDNN gemm s8"; }

    Status run(KernelContext& context) override
    {
        TRY(requireInputs(context, 2));
        const Tensor& a = context.tensor(0);
        const Tensor& b = context.tensor(1);
        if (!holds(ByteTypes(), b.type()))
            return unsupportedType(b.type());
        TRY_ASSIGN(const MatMulShape shape, matMulShape(a.dims(), b.dims()));
        TRY_ASSIGN(const ZeroPoints rows, zeroPoints(context, 0, 2, true));
        TRY_ASSIGN(ZeroPoints columns, zeroPoints(context, 1, 3, false));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Int32, shape.output));
        if (y->count() == 0 || shape.k == 0) {
            std::fill_n(y->mutableData<int32_t>(), y->count(), 0);
            return holds(ByteTypes(), a.type()) ? Status() : unsupportedType(a.type());
        }
        Right made;
        if (m_constantRight.empty()) {
            TRY_ASSIGN(made, prepareRight(b, shape.k, shape.n));
        } else if (m_right.codes.empty()) {
            TRY_ASSIGN(m_right, prepareRight(m_constantRight, shape.k, shape.n));
        }
        const Right& right = m_constantRight.empty() ? made : m_right;
        for (int32_t& value : columns.values)
            value -= right.shift;
        return dispatch(ByteTypes(), a.type(), [&]<typename Code>() -> Status {
            return multiply<Code>(context, shape, right, rows, columns, y->mutableData<int32_t>());
        });
    }

private:
    template <typename Code>
    static Status multiply(const KernelContext& context, const MatMulShape& shape, const Right& right,
                           const ZeroPoints& rows, const ZeroPoints& columns, int32_t* y)
    {
        const auto* a = context.tensor(0).data<Code>();
        const auto* b = right.codes.template data<int8_t>();
        const std::vector<int64_t> aMatrices = matrixOffsets(shape.aBatch, shape.batch);
        const std::vector<int64_t> bMatrices = matrixOffsets(shape.bBatch, shape.batch);
        // One b for all: the matrices of a stand on top of each other.
        const bool isStack = elementCount(shape.bBatch) == 1 && shape.aBatch == shape.batch;
        const auto matrices = static_cast<int64_t>(aMatrices.size());
        const int64_t stacked = isStack ? matrices : 1;
        for (int64_t first = 0; first < matrices; first += stacked) {
            if (context.stopRequested())
                return cancelled();
            const int64_t aMatrix = aMatrices[static_cast<size_t>(first)];
            const int64_t bMatrix = bMatrices[static_cast<size_t>(first)];
            int32_t* out = y + first * shape.m * shape.n;
            TRY(onednn::multiplyBytes(a + aMatrix * shape.m * shape.k, b + bMatrix * shape.k * shape.n, out,
                                      stacked * shape.m, shape.k, shape.n));
            if (!rows.allZero() || !columns.allZero())
                subtractZeroPoints(shape, a, aMatrix * shape.m, stacked * shape.m, right, bMatrix, rows,
                                   columns, out);
        }
        return {};
    }

    // For count rows of a from firstRow on, counted through all of its matrices.
    template <typename Code>
    static void subtractZeroPoints(const MatMulShape& shape, const Code* a, int64_t firstRow, int64_t count,
                                   const Right& right, int64_t bMatrix, const ZeroPoints& rows,
                                   const ZeroPoints& columns, int32_t* out)
    {
        const uint32_t* columnSums = right.columnSums.data() + bMatrix * shape.n;
        std::vector<uint32_t> columnZeros(static_cast<size_t>(shape.n));
        for (int64_t j = 0; j < shape.n; ++j)
            columnZeros[static_cast<size_t>(j)] = columns.at(bMatrix, j);
        const bool needsRowSums = !columns.allZero();
        parallelFor(count, 1 + (1 << 14) / (shape.n + shape.k), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const int64_t row = firstRow + i;
                const uint32_t zero = rows.at(row / shape.m, row % shape.m);
                const uint32_t rowSum = needsRowSums ? sumOf(a + row * shape.k, shape.k) : 0;
                const uint32_t factor = rowSum - static_cast<uint32_t>(shape.k) * zero;
                int32_t* values = out + i * shape.n;
                for (int64_t j = 0; j < shape.n; ++j)
                    values[j] = static_cast<int32_t>(static_cast<uint32_t>(values[j]) - zero * columnSums[j] -
                                                     factor * columnZeros[static_cast<size_t>(j)]);
            }
        });
    }

    const Tensor m_constantRight; // empty when it is not constant
    Right m_right;                // made from it in the first run
};

} // namespace

Result<std::unique_ptr<Kernel>> createOneDnnMatMulInteger(const KernelRequest& request)
{
    if (!onednn::hasExactBytes())
        return makeError(ErrorCode::UnsupportedOp, "this processor has no exact sums of 8-bit products");
    TRY(acceptTypes(ByteTypes(), request, 0));
    TRY(acceptTypes(ByteTypes(), request, 1));
    Tensor right = request.constantInputs.size() > 1 ? request.constantInputs[1] : Tensor();
    return {std::make_unique<OneDnnMatMulInteger>(std::move(right))};
}

} // namespace lapidary
