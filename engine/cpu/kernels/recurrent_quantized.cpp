// SPDX-License-Identifier: GPL-3.0-or-later
// DynamicQuantizeLSTM: products of bytes equal products of the floats that the bytes stand for, so the
// weights become floats once, X and H are rounded to what their bytes stand for, and LSTM runs.
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/recurrent.h"
#include "engine/cpu/parallel.h"

#include <cmath>

namespace lapidary {

namespace {

constexpr size_t lstmInputs = 8; // then the scale and zero point of W and those of R

Error wrongScale(const char* name, const Dims& weights, const Dims& found)
{
    return makeError(ErrorCode::ShapeMismatch,
                     "the scale and zero point of " + std::string(name) +
                         ": expected one number for each direction or each column of " + toString(weights) +
                         ", found " + toString(found));
}

// weights: [directions, k, n] bytes; scale and zeroPoint: [directions] or [directions, n]. Returns
// [directions, n, k], as LSTM wants it.
template <typename T>
Result<Tensor> asFloats(const Tensor& weights, const Tensor& scale, const Tensor* zeroPoint)
{
    const int64_t directions = weights.dims()[0];
    const int64_t k = weights.dims()[1];
    const int64_t n = weights.dims()[2];
    const bool perColumn = scale.rank() == 2;
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, {directions, n, k}));
    const T* from = weights.data<T>();
    const T* zeros = zeroPoint ? zeroPoint->data<T>() : nullptr;
    float* to = result.mutableData<float>();
    parallelFor(directions * n, 1 + (1 << 15) / std::max<int64_t>(1, k), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const int64_t direction = row / n;
            const int64_t parameter = perColumn ? row : direction;
            const float factor = scale.data<float>()[parameter];
            const int zero = zeros ? static_cast<int>(zeros[parameter]) : 0;
            const T* column = from + direction * k * n + row % n;
            for (int64_t i = 0; i < k; ++i)
                to[row * k + i] = static_cast<float>(static_cast<int>(column[i * n]) - zero) * factor;
        }
    });
    return result;
}

// scale and zeroPoint belong to weights; zeroPoint is null where it is left out.
Result<Tensor> dequantized(const char* name, const Tensor& weights, const Tensor& scale,
                           const Tensor* zeroPoint)
{
    if (weights.rank() != 3 || (weights.type() != DataType::Int8 && weights.type() != DataType::UInt8))
        return makeError(ErrorCode::ShapeMismatch, "input " + std::string(name) +
                                                       ": expected 8-bit integers of 3 dimensions, found " +
                                                       describe(weights));
    const Dims& dims = weights.dims();
    const Dims one{dims[0]};
    const Dims all{dims[0], dims[2]};
    if (scale.type() != DataType::Float || (scale.dims() != one && scale.dims() != all))
        return wrongScale(name, dims, scale.dims());
    if (zeroPoint && (zeroPoint->type() != weights.type() || zeroPoint->dims() != scale.dims()))
        return wrongScale(name, dims, zeroPoint->dims());
    return weights.type() == DataType::Int8 ? asFloats<int8_t>(weights, scale, zeroPoint)
                                            : asFloats<uint8_t>(weights, scale, zeroPoint);
}

class DynamicQuantizeLstm final : public Kernel {
public:
    DynamicQuantizeLstm(std::unique_ptr<Kernel> lstm, std::array<Tensor, 2> constants)
        : m_lstm(std::move(lstm)), m_constants(std::move(constants))
    {
    }
    std::string implementation() const override { return m_lstm->implementation(); }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, DataType::Float));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(Tensor rounded, Tensor::allocate(DataType::Float, x.dims()));
        roundToBytes(x.data<float>(), rounded.mutableData<float>(), x.count());
        std::array<Value, 3> made = {std::move(rounded), m_constants[0], m_constants[1]};
        for (size_t i = 0; i < 2; ++i) {
            if (!m_constants[i].empty())
                continue;
            const size_t scale = lstmInputs + 2 * i;
            const Tensor* zeroPoint = context.hasInput(scale + 1) ? &context.tensor(scale + 1) : nullptr;
            TRY_ASSIGN(made[1 + i], dequantized(i == 0 ? "W" : "R", context.tensor(1 + i),
                                                context.tensor(scale), zeroPoint));
        }
        std::vector<const Value*> inputs{&made[0], &made[1], &made[2]};
        for (size_t i = inputs.size(); i < std::min(lstmInputs, context.inputCount()); ++i)
            inputs.push_back(&context.input(i));
        std::vector<Value> outputs(context.outputCount());
        KernelContext inner(inputs, outputs, context.job());
        TRY(m_lstm->run(inner));
        for (size_t i = 0; i < outputs.size(); ++i)
            context.setOutput(i, std::move(outputs[i]));
        return {};
    }

private:
    std::unique_ptr<Kernel> m_lstm;
    std::array<Tensor, 2> m_constants; // W and R where they never change
};

// W or R as floats when it and all that belongs to it are constants, else an empty tensor.
Result<Tensor> constantWeights(const KernelRequest& request, size_t index)
{
    const size_t scale = lstmInputs + 2 * (index - 1);
    const std::vector<ValueId>& inputs = request.node->inputs;
    const bool hasZeroPoint = inputs.size() > scale + 1 && inputs[scale + 1] != noValue;
    const auto constant = [&](size_t i) {
        return i < request.constantInputs.size() ? request.constantInputs[i] : Tensor();
    };
    const Tensor zeroPoint = constant(scale + 1);
    if (constant(index).empty() || constant(scale).empty() || (hasZeroPoint && zeroPoint.empty()))
        return Tensor();
    return dequantized(index == 1 ? "W" : "R", constant(index), constant(scale),
                       hasZeroPoint ? &zeroPoint : nullptr);
}

} // namespace

void roundToBytes(const float* from, float* to, int64_t count)
{
    float low = 0;
    float high = 0;
    for (int64_t i = 0; i < count; ++i) {
        low = std::min(low, from[i]);
        high = std::max(high, from[i]);
    }
    const float scale = low == high ? 1.0f : (high - low) / 255.0f;
    const float zero = std::nearbyint(std::clamp(-low / scale, 0.0f, 255.0f));
    for (int64_t i = 0; i < count; ++i)
        to[i] = (std::clamp(std::nearbyint(from[i] / scale) + zero, 0.0f, 255.0f) - zero) * scale;
}

Result<std::unique_ptr<Kernel>> createDynamicQuantizeLstm(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    Node node = *request.node;
    node.inputs.resize(std::min(node.inputs.size(), lstmInputs));
    KernelRequest inner = request;
    inner.node = &node;
    inner.inputTypes.resize(node.inputs.size());
    inner.constantInputs.resize(node.inputs.size());
    std::array<Tensor, 2> constants;
    for (size_t i = 0; i < 2 && 1 + i < node.inputs.size(); ++i) {
        TRY_ASSIGN(constants[i], constantWeights(request, 1 + i));
        inner.constantInputs[1 + i] = constants[i];
    }
    TRY_ASSIGN(std::unique_ptr<Kernel> lstm,
               createRecurrent(inner, {.usesLibrary = true, .quantizesState = true}));
    return {std::make_unique<DynamicQuantizeLstm>(std::move(lstm), std::move(constants))};
}

} // namespace lapidary
