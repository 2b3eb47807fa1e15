// SPDX-License-Identifier: GPL-3.0-or-later
// QuantizedAdd, QuantizedMul, QuantizedGlobalAveragePool and Requantize of rewrittenDomain
// (engine/ops/rewritten.cpp). A code has 256 values: what depends on one is looked up in a table, made by the
// arithmetic that the operators stand for.
#include "engine/cpu/elementwise.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/quantized_inputs.h"
#include "engine/cpu/plain_kernel.h"

#include <array>

namespace lapidary {

namespace {

// By the byte that holds the code: what it stands for.
std::array<float, 256> valuesOf(const Quantization& quantization)
{
    std::array<float, 256> values;
    for (int byte = 0; byte < 256; ++byte) {
        const int code = quantization.type == DataType::Int8 ? static_cast<int8_t>(byte) : byte;
        values[static_cast<size_t>(byte)] =
            static_cast<float>(code - quantization.zeroPoint) * quantization.scale;
    }
    return values;
}

struct Encode {
    Encode(const Quantization& quantization, Limits within)
        : code(codeRange(quantization.type), static_cast<float>(quantization.zeroPoint)),
          scale(quantization.scale),
          limits(within)
    {
    }
    uint8_t operator()(float value) const
    {
        value = value < limits.least ? limits.least : value;
        value = value > limits.most ? limits.most : value;
        return static_cast<uint8_t>(code(value / scale));
    }
    ToCode<float> code;
    float scale;
    Limits limits;
};

// The sum or the product of two tensors of one shape.
class QuantizedPair final : public Kernel {
public:
    QuantizedPair(bool multiplies, const Quantization& a, const Quantization& b, const Quantization& y,
                  Limits limits)
        : m_multiplies(multiplies),
          m_typeA(a.type),
          m_typeB(b.type),
          m_typeY(y.type),
          m_a(valuesOf(a)),
          m_b(valuesOf(b)),
          m_encode(y, limits)
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, m_typeA));
        TRY(requireTensors(context, {3}, m_typeB));
        const Tensor& a = context.tensor(0);
        const Tensor& b = context.tensor(3);
        if (a.dims() != b.dims())
            return makeError(ErrorCode::ShapeMismatch, "expected two tensors of one shape, found " +
                                                           toString(a.dims()) + " and " + toString(b.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, m_typeY, a.dims()));
        const auto* left = a.data<uint8_t>();
        const auto* right = b.data<uint8_t>();
        auto* to = y->mutableData<uint8_t>();
        parallelFor(a.count(), 1 << 14, [&](int64_t begin, int64_t end) {
            if (m_multiplies) {
                for (int64_t i = begin; i < end; ++i)
                    to[i] = m_encode(m_a[left[i]] * m_b[right[i]]);
            } else {
                for (int64_t i = begin; i < end; ++i)
                    to[i] = m_encode(m_a[left[i]] + m_b[right[i]]);
            }
        });
        return {};
    }

private:
    const bool m_multiplies;
    const DataType m_typeA;
    const DataType m_typeB;
    const DataType m_typeY;
    const std::array<float, 256> m_a;
    const std::array<float, 256> m_b;
    const Encode m_encode;
};

// Adds up codes of int8 or uint8, exactly.
class QuantizedGlobalAverage final : public Kernel {
public:
    QuantizedGlobalAverage(const Node& node, const Quantization& x, const Quantization& y)
        : m_x(x),
          m_y(y),
          m_encode(y, *limitsOf(Node())),
          m_channelsLast(node.intAttribute("channels_last", 0) != 0)
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, m_x.type));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 3 || x.count() == 0)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an input of rank 3 or more with elements, found " +
                                 toString(x.dims()));
        Dims output = x.dims();
        if (m_channelsLast)
            std::fill(output.begin() + 1, output.end() - 1, 1);
        else
            std::fill(output.begin() + 2, output.end(), 1);
        const int64_t channels = m_channelsLast ? output.back() : output[1];
        const int64_t positions = x.count() / (output[0] * channels);
        TRY_ASSIGN(Tensor * y, context.allocate(0, m_y.type, output));
        const int64_t step = m_channelsLast ? channels : 1;
        parallelFor(output[0] * channels, 1 + (1 << 16) / positions, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end;) {
                // Neighbouring channels of one image, at most a block of them.
                const int64_t channel = i % channels;
                const int64_t count = m_channelsLast ? std::min({blockSize, end - i, channels - channel}) : 1;
                const int64_t first =
                    m_channelsLast ? (i / channels) * positions * channels + channel : i * positions;
                std::array<int64_t, blockSize> sums{};
                if (m_x.type == DataType::Int8)
                    add(x.data<int8_t>() + first, positions, step, count, sums.data());
                else
                    add(x.data<uint8_t>() + first, positions, step, count, sums.data());
                for (int64_t c = 0; c < count; ++c)
                    y->mutableData<uint8_t>()[i + c] =
                        m_encode(average(sums[static_cast<size_t>(c)], positions));
                i += count;
            }
        });
        return {};
    }

private:
    static constexpr int64_t blockSize = 64;

    template <typename Code>
    static void add(const Code* x, int64_t positions, int64_t step, int64_t count, int64_t* sums)
    {
        constexpr int64_t safe = 1 << 16; // so many codes fit an int32
        for (int64_t begin = 0; begin < positions; begin += safe) {
            std::array<int32_t, blockSize> part{};
            for (int64_t i = begin; i < std::min(positions, begin + safe); ++i) {
                for (int64_t c = 0; c < count; ++c)
                    part[static_cast<size_t>(c)] += x[i * step + c];
            }
            for (int64_t c = 0; c < count; ++c)
                sums[c] += part[static_cast<size_t>(c)];
        }
    }

    float average(int64_t sum, int64_t positions) const
    {
        const double mean = static_cast<double>(sum) / static_cast<double>(positions) - m_x.zeroPoint;
        return static_cast<float>(mean * static_cast<double>(m_x.scale));
    }

    const Quantization m_x;
    const Quantization m_y;
    const Encode m_encode;
    const bool m_channelsLast;
};

Result<std::unique_ptr<Kernel>> createPair(const KernelRequest& request)
{
    TRY_ASSIGN(const Quantization a, constantQuantization(request, 1));
    TRY_ASSIGN(const Quantization b, constantQuantization(request, 4));
    TRY_ASSIGN(const Quantization y, constantQuantization(request, 6));
    const auto limits = limitsOf(*request.node);
    if (!limits)
        return makeError(ErrorCode::UnsupportedOp, "limits only");
    return {std::make_unique<QuantizedPair>(request.node->opType == "QuantizedMul", a, b, y, *limits)};
}

Result<std::unique_ptr<Kernel>> createPairSteps(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) -> Result<FusedPlan> {
        FusedPlan plan;
        const std::string a = plan.add("DequantizeLinear", {"x0", "x1", "x2"}, "a");
        const std::string b = plan.add("DequantizeLinear", {"x3", "x4", "x5"}, "b");
        TRY_ASSIGN(const std::string sum,
                   addActivation(plan, node,
                                 plan.add(node.opType == "QuantizedMul" ? "Mul" : "Add", {a, b}, "both"),
                                 context.tensor(1)));
        plan.add("QuantizeLinear", {sum, "x6", "x7"}, "y0");
        return plan;
    });
}

Result<std::unique_ptr<Kernel>> createPool(const KernelRequest& request)
{
    TRY_ASSIGN(const Quantization x, constantQuantization(request, 1));
    TRY_ASSIGN(const Quantization y, constantQuantization(request, 3));
    return {std::make_unique<QuantizedGlobalAverage>(*request.node, x, y)};
}

Result<std::unique_ptr<Kernel>> createRequantizeSteps(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) -> Result<FusedPlan> {
        FusedPlan plan;
        const std::string x = plan.add("DequantizeLinear", {"x0", "x1", "x2"}, "x");
        TRY_ASSIGN(const std::string value, addActivation(plan, node, x, context.tensor(1)));
        plan.add("QuantizeLinear", {value, "x3", "x4"}, "y0");
        return plan;
    });
}

Result<std::unique_ptr<Kernel>> createRequantize(const KernelRequest& request)
{
    TRY_ASSIGN(const Quantization x, constantQuantization(request, 1));
    TRY_ASSIGN(const Quantization y, constantQuantization(request, 3));
    const auto limits = limitsOf(*request.node);
    if (!limits)
        return makeError(ErrorCode::UnsupportedOp, "limits only");
    std::array<uint8_t, 256> table;
    const Encode encode(y, *limits);
    const std::array<float, 256> values = valuesOf(x);
    std::transform(values.begin(), values.end(), table.begin(), encode);
    return plainKernel(
        [table, from = x.type, to = y.type](KernelContext& context) -> Status {
            TRY(requireTensors(context, {0}, from));
            const Tensor& codes = context.tensor(0);
            TRY_ASSIGN(Tensor * result, context.allocate(0, to, codes.dims()));
            mapElements(codes.data<uint8_t>(), result->mutableData<uint8_t>(), codes.count(), cheapGrain,
                        [&table](uint8_t code) { return table[code]; });
            return {};
        },
        "table");
}

constexpr KernelRow rows[] = {
    {"lapidary", "QuantizedAdd", 1, newestOpset, "table", createPair},
    {"lapidary", "QuantizedAdd", 1, newestOpset, "plain", createPairSteps},
    {"lapidary", "QuantizedMul", 1, newestOpset, "table", createPair},
    {"lapidary", "QuantizedMul", 1, newestOpset, "plain", createPairSteps},
    {"lapidary", "QuantizedGlobalAveragePool", 1, newestOpset, "plain", createPool},
    {"lapidary", "Requantize", 1, newestOpset, "table", createRequantize},
    {"lapidary", "Requantize", 1, newestOpset, "plain", createRequantizeSteps},
};

} // namespace

std::span<const KernelRow> quantizedElementsKernels() { return rows; }

} // namespace lapidary
