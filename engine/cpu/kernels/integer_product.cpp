// SPDX-License-Identifier: GPL-3.0-or-later
// Both products as those of wider types: the zero points are subtracted first, so that padding is 0.
#include "engine/cpu/kernels/integer_product.h"

#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/convolution.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/matmul.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/quantize.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/quantized_product.h"

namespace lapidary {

namespace {

using ByteTypes = TypeList<uint8_t, int8_t>;

Status checkZeroPoint(const Tensor& codes, const Tensor& zeroPoint)
{
    if (zeroPoint.empty() || zeroPoint.type() == codes.type())
        return {};
    return makeError(ErrorCode::ShapeMismatch, "zero point: expected " +
                                                   std::string(dataTypeName(codes.type())) + ", found " +
                                                   std::string(dataTypeName(zeroPoint.type())));
}

// codes - zero point as numbers of type Number.
template <typename Number>
Result<Tensor> centred(const Tensor& codes, const Tensor& zeroPoint, decltype(rowLayout)* layoutOf)
{
    TRY(checkZeroPoint(codes, zeroPoint));
    ScaleLayout layout;
    TRY_ASSIGN(layout, layoutOf(codes.dims(), zeroPoint.empty() ? Dims() : zeroPoint.dims()));
    TRY_ASSIGN(Tensor result, Tensor::allocate(typeOf<Number>(), codes.dims()));
    TRY(dispatch(ByteTypes(), codes.type(), [&]<typename Code>() -> Status {
        const Code none = 0;
        const Code* zeros = zeroPoint.empty() ? &none : zeroPoint.data<Code>();
        const Code* from = codes.data<Code>();
        Number* to = result.mutableData<Number>();
        forEachScaledRun(layout, [&](int64_t at, int64_t count, int64_t zeroAt, int64_t step) {
            for (int64_t i = 0; i < count; ++i)
                to[at + i] = static_cast<Number>(from[at + i] - zeros[zeroAt + i * step]);
        });
        return {};
    }));
    return result;
}

// x has one zero point.
Result<ScaleLayout> oneZeroPoint(const Dims& x, const Dims& zeroPoint)
{
    if (elementCount(zeroPoint) != 1)
        return makeError(ErrorCode::ShapeMismatch,
                         "zero point: expected one element, found " + toString(zeroPoint));
    return rowLayout(x, zeroPoint);
}

// Numbers of type Number to the kernel inside.
template <typename Number>
class CentredProduct final : public Kernel {
public:
    CentredProduct(bool isConvolution, std::unique_ptr<Kernel> inner, Tensor right)
        : m_left(isConvolution ? oneZeroPoint : rowLayout),
          m_right(isConvolution ? channelLayout : columnLayout),
          m_inner(std::move(inner)),
          m_constantRight(std::move(right))
    {
    }

    std::string implementation() const override { return m_inner->implementation(); }

    Status run(KernelContext& context) override
    {
        TRY(requireInputs(context, 2));
        const auto zeroPoint = [&](size_t i) { return context.hasInput(i) ? context.tensor(i) : Tensor(); };
        TRY_ASSIGN(Tensor left, centred<Number>(context.tensor(0), zeroPoint(2), m_left));
        Tensor right = m_constantRight;
        if (right.empty()) {
            TRY_ASSIGN(right, centred<Number>(context.tensor(1), zeroPoint(3), m_right));
        }
        TRY_ASSIGN(const Tensor product,
                   runInnerKernelOnce(*m_inner, {std::move(left), std::move(right)}, context.job()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Int32, product.dims()));
        const auto* from = product.data<Number>();
        auto* to = y->mutableData<int32_t>();
        parallelFor(product.count(), 1 << 15, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                to[i] = static_cast<int32_t>(from[i]);
        });
        return {};
    }

private:
    decltype(rowLayout)* m_left;
    decltype(rowLayout)* m_right;
    std::unique_ptr<Kernel> m_inner;
    Tensor m_constantRight; // centred; empty when it is not constant
};

Tensor constantInput(const KernelRequest& request, size_t index)
{
    return index < request.constantInputs.size() ? request.constantInputs[index] : Tensor();
}

bool hasInput(const KernelRequest& request, size_t index)
{
    return index < request.node->inputs.size() && request.node->inputs[index] != noValue;
}

// Input 1 less its zero point, when both are constant; else empty.
template <typename Number>
Result<Tensor> constantRight(const KernelRequest& request, decltype(rowLayout)* layout)
{
    const Tensor codes = constantInput(request, 1);
    const Tensor zeroPoint = constantInput(request, 3);
    if (codes.empty() || (hasInput(request, 3) && zeroPoint.empty()))
        return Tensor();
    return centred<Number>(codes, zeroPoint, layout);
}

template <typename Number>
Result<std::unique_ptr<Kernel>> createCentred(const KernelRequest& request, bool isConvolution, Tensor right,
                                              KernelFactory create)
{
    InnerNode inner{isConvolution ? "Conv" : "MatMul", {typeOf<Number>(), typeOf<Number>()}};
    inner.constants = {Tensor(), right};
    if (isConvolution)
        inner.attributes = request.node->attributes;
    TRY_ASSIGN(std::unique_ptr<Kernel> kernel, createInnerKernel(request, inner, create));
    return {std::make_unique<CentredProduct<Number>>(isConvolution, std::move(kernel), std::move(right))};
}

Status acceptBytes(const KernelRequest& request)
{
    TRY(acceptTypes(ByteTypes(), request, 0));
    return acceptTypes(ByteTypes(), request, 1);
}

// Sums of weights[o] * x stay below 2^24 for every x, so that float32 holds each of them.
bool exactInFloat(const Tensor& weights)
{
    constexpr float largestInput = 255;
    if (weights.dims().empty() || weights.count() == 0)
        return true;
    const int64_t channels = weights.dims()[0];
    const int64_t size = weights.count() / channels;
    for (int64_t channel = 0; channel < channels; ++channel) {
        float sum = 0; // exact up to the limit, never below it afterwards
        for (int64_t i = 0; i < size; ++i)
            sum += std::abs(weights.data<float>()[channel * size + i]);
        if (sum * largestInput > 0x1p24f)
            return false;
    }
    return true;
}

} // namespace

Result<std::unique_ptr<Kernel>> createPlainMatMulInteger(const KernelRequest& request)
{
    TRY(acceptBytes(request));
    TRY_ASSIGN(Tensor right, constantRight<uint32_t>(request, columnLayout));
    return createCentred<uint32_t>(request, false, std::move(right), createPlainMatMul);
}

Result<std::unique_ptr<Kernel>> createPlainConvInteger(const KernelRequest& request)
{
    TRY(acceptBytes(request));
    TRY_ASSIGN(Tensor right, constantRight<uint32_t>(request, channelLayout));
    return createCentred<uint32_t>(request, true, std::move(right), createPlainConvolution);
}

Result<std::unique_ptr<Kernel>> createFloatConvInteger(const KernelRequest& request)
{
    TRY(acceptBytes(request));
    TRY_ASSIGN(Tensor right, constantRight<float>(request, channelLayout));
    if (right.empty())
        return makeError(ErrorCode::UnsupportedOp, "the weights are not constant");
    if (!exactInFloat(right))
        return makeError(ErrorCode::UnsupportedOp, "sums of these weights may not be exact in float32");
    return createCentred<float>(request, true, std::move(right), nullptr);
}

} // namespace lapidary
