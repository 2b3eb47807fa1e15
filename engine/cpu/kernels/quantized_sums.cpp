// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/quantized_sums.h"

#include "engine/cpu/quantize.h"

namespace lapidary {

Value optionalInput(const KernelContext& context, size_t index)
{
    return context.hasInput(index) ? Value(context.tensor(index)) : Value();
}

Result<InnerNode> innerNode(const KernelRequest& request, std::string opType,
                            const std::vector<size_t>& inputs)
{
    InnerNode inner{std::move(opType), {}};
    for (const size_t index : inputs) {
        const bool present = index < request.node->inputs.size() && request.node->inputs[index] != noValue;
        const DataType type = request.inputDataType(index);
        if (present && type == DataType::Undefined)
            return makeError(ErrorCode::UnsupportedOp,
                             "the type of input " + std::to_string(index) + " is not known");
        inner.inputTypes.push_back(present ? type : DataType::Undefined);
        inner.constants.push_back(index < request.constantInputs.size() ? request.constantInputs[index]
                                                                        : Tensor());
    }
    return inner;
}

std::vector<Value> innerInputs(const KernelContext& context, const std::vector<size_t>& inputs)
{
    std::vector<Value> values;
    for (const size_t index : inputs)
        values.push_back(optionalInput(context, index));
    return values;
}

Result<Tensor> timesFactors(const Tensor& sums, const Tensor& factors, const ScaleLayout& layout)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, sums.dims()));
    const auto multiply = [&](const auto* from) {
        auto* to = result.mutableData<float>();
        const auto* factor = factors.data<float>();
        forEachScaledRun(layout, [&](int64_t at, int64_t count, int64_t factorAt, int64_t step) {
            for (int64_t i = 0; i < count; ++i)
                to[at + i] = static_cast<float>(from[at + i]) * factor[factorAt + i * step];
        });
    };
    if (sums.type() == DataType::Int32)
        multiply(sums.data<int32_t>());
    else
        multiply(sums.data<float>());
    return result;
}

Result<Tensor> scaledFactors(const Tensor& factors, float scale, float divisor)
{
    TRY_ASSIGN(const Tensor floats, toFloat(factors));
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, factors.dims()));
    for (int64_t i = 0; i < factors.count(); ++i)
        result.mutableData<float>()[i] = floats.data<float>()[i] * scale / divisor;
    return result;
}

Result<Tensor> scaledMatrices(const Tensor& sums, const Tensor& aScale, const Tensor& bScale, float divisor)
{
    if (aScale.count() == 1) {
        TRY_ASSIGN(const Tensor a, toFloat(aScale));
        TRY_ASSIGN(const Tensor factors, scaledFactors(bScale, a.data<float>()[0], divisor));
        TRY_ASSIGN(const ScaleLayout layout, columnLayout(sums.dims(), bScale.dims()));
        return timesFactors(sums, factors, layout);
    }
    TRY_ASSIGN(const Tensor rows, scaledFactors(aScale, 1, divisor));
    TRY_ASSIGN(const ScaleLayout rowsLayout, rowLayout(sums.dims(), aScale.dims()));
    TRY_ASSIGN(const Tensor half, timesFactors(sums, rows, rowsLayout));
    TRY_ASSIGN(const Tensor columns, toFloat(bScale));
    TRY_ASSIGN(const ScaleLayout columnsLayout, columnLayout(sums.dims(), bScale.dims()));
    return timesFactors(half, columns, columnsLayout);
}

Dims matrixDims(const MatMulShape& shape)
{
    Dims dims = shape.batch;
    dims.insert(dims.end(), {shape.m, shape.n});
    return dims;
}

Result<Tensor> quantizedQuotient(const Tensor& real, const Tensor& zeroPoint)
{
    return quantizeLinear(real, Tensor::scalar(1.0f), zeroPoint, zeroPoint.type(), {});
}

} // namespace lapidary
