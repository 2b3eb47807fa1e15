// SPDX-License-Identifier: GPL-3.0-or-later
// Weights stay in their 2, 4 or 8 bits; what a step needs of them becomes float32 when it is needed.
#include "engine/ops/quantized_weights.h"

#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/small_codes.h"
#include "engine/ir/small_float.h"

#include <atomic>
#include <cmath>

namespace lapidary {

namespace {

Status expectCount(const KernelContext& context, size_t input, DataType type, int64_t count)
{
    const Tensor& tensor = context.tensor(input);
    if (tensor.type() == type && tensor.count() == count)
        return {};
    return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(input) + ": expected " +
                                                   std::to_string(count) + " elements of " +
                                                   std::string(dataTypeName(type)) + ", found " +
                                                   describe(context.input(input)));
}

unsigned codeAt(const uint8_t* bytes, int64_t index, int64_t bits)
{
    const int64_t perByte = 8 / bits;
    return (bytes[index / perByte] >> (index % perByte * bits)) & ((1u << bits) - 1);
}

// The matrix of MatMulNBits with its parameters, checked.
class BlockWeights {
public:
    static Result<BlockWeights> of(const BlockMatrix& matrix, const KernelContext& context)
    {
        BlockWeights weights(matrix);
        const int64_t blocks = matrix.n * matrix.blocks;
        if (context.tensor(1).type() != DataType::UInt8 ||
            context.tensor(1).dims() != Dims{matrix.n, matrix.blocks, matrix.blobBytes})
            return makeError(ErrorCode::ShapeMismatch,
                             "input B: expected uint8[" +
                                 toString(Dims{matrix.n, matrix.blocks, matrix.blobBytes}) + "], found " +
                                 describe(context.input(1)));
        weights.m_codes = context.tensor(1).data<uint8_t>();
        TRY(expectCount(context, 2, DataType::Float, blocks));
        weights.m_scales = context.tensor(2).data<float>();
        if (context.hasInput(3) && context.tensor(3).type() == DataType::UInt8) {
            TRY(expectCount(context, 3, DataType::UInt8, matrix.n * matrix.zeroPointBytes()));
            weights.m_packedZeros = context.tensor(3).data<uint8_t>();
        } else if (context.hasInput(3)) {
            TRY(expectCount(context, 3, DataType::Float, blocks));
            weights.m_zeros = context.tensor(3).data<float>();
        }
        if (context.hasInput(4))
            TRY(weights.readGroups(context));
        return weights;
    }

    // Row n as k float32 numbers.
    void decodeRow(int64_t n, float* to) const
    {
        const BlockMatrix& matrix = m_matrix;
        const uint8_t* codes = m_codes + n * matrix.blocks * matrix.blobBytes;
        for (int64_t i = 0; i < matrix.k; ++i)
            to[i] = static_cast<float>(codeAt(codes, i, matrix.bits)); // blocks are whole bytes
        if (m_groups) {
            for (int64_t i = 0; i < matrix.k; ++i)
                to[i] = (to[i] - zeroPoint(n, m_groups[i])) * m_scales[n * matrix.blocks + m_groups[i]];
            return;
        }
        for (int64_t block = 0; block < matrix.blocks; ++block) {
            const float zero = zeroPoint(n, block);
            const float scale = m_scales[n * matrix.blocks + block];
            const int64_t end = std::min(matrix.k, (block + 1) * matrix.blockSize);
            for (int64_t i = block * matrix.blockSize; i < end; ++i)
                to[i] = (to[i] - zero) * scale;
        }
    }

private:
    explicit BlockWeights(const BlockMatrix& matrix) : m_matrix(matrix) {}

    // The block whose parameters serve each of the k elements, if it is not the one that they lie in.
    Status readGroups(const KernelContext& context)
    {
        const int64_t padded = m_matrix.blocks * m_matrix.blockSize;
        TRY(expectCount(context, 4, DataType::Int32,
                        context.tensor(4).count() == padded ? padded : m_matrix.k));
        m_groups = context.tensor(4).data<int32_t>();
        for (int64_t i = 0; i < m_matrix.k; ++i) {
            if (m_groups[i] < 0 || m_groups[i] >= m_matrix.blocks)
                return makeError(ErrorCode::InvalidArgument, "g_idx: expected blocks below " +
                                                                 std::to_string(m_matrix.blocks) +
                                                                 ", found " + std::to_string(m_groups[i]));
        }
        return {};
    }

    float zeroPoint(int64_t n, int64_t block) const
    {
        if (m_packedZeros)
            return static_cast<float>(
                codeAt(m_packedZeros + n * m_matrix.zeroPointBytes(), block, m_matrix.bits));
        return m_zeros ? m_zeros[n * m_matrix.blocks + block]
                       : static_cast<float>(1 << (m_matrix.bits - 1)); // the middle of the codes
    }

    BlockMatrix m_matrix;
    const uint8_t* m_codes = nullptr;
    const float* m_scales = nullptr;
    const uint8_t* m_packedZeros = nullptr;
    const float* m_zeros = nullptr;
    const int32_t* m_groups = nullptr;
};

// Sixteen partial sums: the compiler makes vectors of them, and they lose fewer digits than one.
float dot(const float* a, const float* b, int64_t count)
{
    constexpr int64_t lanes = 16;
    float partial[lanes] = {};
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (int64_t lane = 0; lane < lanes; ++lane)
            partial[lane] += a[i + lane] * b[i + lane];
    }
    float sum = 0;
    for (; i < count; ++i)
        sum += a[i] * b[i];
    for (const float value : partial)
        sum += value;
    return sum;
}

// y[row, n] = a[row] * weights[n] + bias[n]. Some rows of the weights are decoded at a time and meet all of
// a.
Status multiply(const KernelContext& context, const BlockMatrix& matrix, const BlockWeights& weights,
                const float* bias, float* y)
{
    constexpr int64_t tileRows = 16;
    const float* a = context.tensor(0).data<float>();
    const int64_t rows = matrix.k == 0 ? 0 : context.tensor(0).count() / matrix.k;
    const int64_t tiles = (matrix.n + tileRows - 1) / tileRows;
    const int64_t grain = 1 + (1 << 16) / (tileRows * (matrix.k + 1) * (rows + 1));
    std::atomic<bool> stopped = false;
    parallelFor(tiles, grain, [&](int64_t begin, int64_t end) {
        const FlushDenormals flush;
        std::vector<float> decoded(static_cast<size_t>(tileRows * matrix.k));
        for (int64_t tile = begin; tile < end && !stopped; ++tile) {
            const int64_t first = tile * tileRows;
            const int64_t count = std::min(tileRows, matrix.n - first);
            for (int64_t i = 0; i < count; ++i)
                weights.decodeRow(first + i, decoded.data() + i * matrix.k);
            for (int64_t row = 0; row < rows; ++row) {
                for (int64_t i = 0; i < count; ++i)
                    y[row * matrix.n + first + i] =
                        dot(a + row * matrix.k, decoded.data() + i * matrix.k, matrix.k) +
                        (bias ? bias[first + i] : 0.0f);
            }
            if (context.stopRequested())
                stopped = true;
        }
    });
    return stopped ? Status(cancelled()) : Status();
}

Result<std::unique_ptr<Kernel>> createMatMulNBits(const KernelRequest& request)
{
    TRY_ASSIGN(const BlockMatrix matrix, blockMatrix(*request.node));
    return plainKernel([matrix](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        TRY(requireTensors(context, {0}, DataType::Float));
        const Dims& a = context.tensor(0).dims();
        if (a.empty() || a.back() != matrix.k)
            return makeError(ErrorCode::ShapeMismatch, "input A: expected " + std::to_string(matrix.k) +
                                                           " columns, found " + toString(a));
        TRY_ASSIGN(const BlockWeights weights, BlockWeights::of(matrix, context));
        if (context.hasInput(5))
            TRY(expectCount(context, 5, DataType::Float, matrix.n));
        const float* bias = context.hasInput(5) ? context.tensor(5).data<float>() : nullptr;
        Dims output = a;
        output.back() = matrix.n;
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, output));
        if (matrix.k > 0)
            return multiply(context, matrix, weights, bias, y->mutableData<float>());
        for (int64_t i = 0; i < y->count(); ++i)
            y->mutableData<float>()[i] = bias ? bias[i % matrix.n] : 0.0f;
        return {};
    });
}

// Zero points of GatherBlockQuantized: they lie like the scales, in bytes that each row of scales begins anew
// where the data is uint8.
class GatheredZeros {
public:
    static Result<GatheredZeros> of(const KernelContext& context, const BlockGather& gather)
    {
        GatheredZeros zeros;
        const Tensor& scales = context.tensor(2);
        const bool isBytes = context.tensor(0).type() == DataType::UInt8;
        if (!context.hasInput(3)) {
            zeros.m_default = isBytes ? static_cast<float>(1 << (bitWidth(gather.codes) - 1)) : 0.0f;
            return zeros;
        }
        if (isFloatingPoint(gather.codes))
            return makeError(ErrorCode::InvalidModel, "floats have no zero points");
        const Tensor& tensor = context.tensor(3);
        Dims expected = scales.dims();
        if (isBytes && !expected.empty()) {
            const int64_t perByte = 8 / bitWidth(gather.codes);
            zeros.m_rowLength = std::max<int64_t>(1, expected.back());
            expected.back() = (expected.back() + perByte - 1) / perByte;
            zeros.m_paddedLength = expected.back() * perByte;
        }
        if (tensor.type() != context.tensor(0).type() || tensor.dims() != expected)
            return makeError(ErrorCode::ShapeMismatch,
                             "zero points: expected " +
                                 toString(TypeInfo::tensor(context.tensor(0).type(), toShape(expected))) +
                                 ", found " + describe(context.input(3)));
        zeros.m_tensor = tensor;
        zeros.m_type = gather.codes;
        return zeros;
    }

    float at(int64_t scaleIndex) const
    {
        if (m_tensor.empty())
            return m_default;
        const int64_t index = scaleIndex / m_rowLength * m_paddedLength + scaleIndex % m_rowLength;
        if (m_type == DataType::UInt8)
            return m_tensor.data<uint8_t>()[index];
        return static_cast<float>(decodeSubByte(m_type, subByteBits(m_type, m_tensor.bytes(), index)));
    }

private:
    Tensor m_tensor;
    DataType m_type = DataType::Undefined;
    float m_default = 0;
    int64_t m_rowLength = 1; // of scales; without padding rows do not matter
    int64_t m_paddedLength = 1;
};

// indices as rows of the gathered axis. Errors: InvalidArgument (out of range).
Result<std::vector<int64_t>> gatheredRows(const Tensor& indices, int64_t size)
{
    TRY_ASSIGN(std::vector<int64_t> rows, toInt64s(indices));
    for (int64_t& row : rows) {
        if (row < -size || row >= size)
            return makeError(ErrorCode::InvalidArgument, "index " + std::to_string(row) +
                                                             " is outside of an axis of " +
                                                             std::to_string(size));
        row += row < 0 ? size : 0;
    }
    return rows;
}

bool holdsCodes(DataType type)
{
    return type == DataType::UInt8 || type == DataType::UInt4 || type == DataType::Int4 ||
           type == DataType::Float4E2M1 ||
           (type >= DataType::Float8E4M3FN && type <= DataType::Float8E5M2FNUZ);
}

Status gatherBlocks(const Node& node, KernelContext& context)
{
    TRY(requireInputs(context, 3));
    const Tensor& data = context.tensor(0);
    const Tensor& scales = context.tensor(2);
    const bool isScale = scales.type() == DataType::Float || scales.type() == DataType::Float16 ||
                         scales.type() == DataType::BFloat16;
    if (!holdsCodes(data.type()) || !isScale)
        return makeError(ErrorCode::UnsupportedOp, "cannot gather " + describe(context.input(0)) +
                                                       " with scales " + describe(context.input(2)));
    TRY_ASSIGN(const BlockGather gather,
               blockGather(node, data.type(), data.dims(), context.tensor(1).dims()));
    TRY_ASSIGN(const ScaleLayout layout, scaleLayout(gather.data, scales.dims(), gather.along));
    TRY_ASSIGN(const GatheredZeros zeros, GatheredZeros::of(context, gather));
    const AxisBlocks axis(gather.data, gather.gatherAxis);
    TRY_ASSIGN(const std::vector<int64_t> rows, gatheredRows(context.tensor(1), axis.size));
    TRY_ASSIGN(const Tensor factors, toFloat(scales));
    TRY_ASSIGN(Tensor y, Tensor::allocate(DataType::Float, gather.output));
    auto* to = y.mutableData<float>();
    const auto count = static_cast<int64_t>(rows.size());
    TRY(stoppableFor(context.job(), axis.outer * count, 1 + (1 << 12) / (axis.inner + 1), [&](int64_t i) {
        const int64_t from = (i / count * axis.size + rows[static_cast<size_t>(i % count)]) * axis.inner;
        for (int64_t t = 0; t < axis.inner; ++t) {
            const int64_t at = from + t;
            const int64_t along = at / layout.inner;
            const int64_t scale = along / layout.size * layout.outerStep +
                                  along % layout.size / layout.block * layout.blockStep +
                                  at % layout.inner * layout.innerStep;
            const float code =
                isSubByte(gather.codes)           ? static_cast<float>(decodeSubByte(
                                                        gather.codes, subByteBits(gather.codes, data.bytes(), at)))
                : gather.codes == DataType::UInt8 ? static_cast<float>(data.data<uint8_t>()[at])
                                                  : decodeFloat8(gather.codes, data.data<uint8_t>()[at]);
            to[i * axis.inner + t] = (code - zeros.at(scale)) * factors.data<float>()[scale];
        }
    }));
    TRY_ASSIGN(Tensor typed, narrowed(y, scales.type()));
    context.setOutput(0, std::move(typed));
    return {};
}

Result<std::unique_ptr<Kernel>> createGatherBlockQuantized(const KernelRequest& request)
{
    return plainKernel(
        [node = *request.node](KernelContext& context) { return gatherBlocks(node, context); });
}

constexpr KernelRow rows[] = {
    {"com.microsoft", "MatMulNBits", 1, newestOpset, "plain", forFloats<createMatMulNBits>},
    {"com.microsoft", "GatherBlockQuantized", 1, newestOpset, "plain", createGatherBlockQuantized},
};

} // namespace

std::span<const KernelRow> quantizedWeightsKernels() { return rows; }

} // namespace lapidary
