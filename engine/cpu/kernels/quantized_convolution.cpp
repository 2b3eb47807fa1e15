// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/quantized_convolution.h"

#include "engine/cpu/channels_last.h"
#include "engine/cpu/kernels/quantized_sums.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/quantize.h"

namespace lapidary {

namespace {

// sums [N, M, ...] plus a bias for each of the M channels; wraps around like the sums.
Status addChannelBias(Tensor& sums, const Tensor& bias)
{
    const int64_t channels = sums.dims()[1];
    if (bias.type() != DataType::Int32 || bias.dims() != Dims{channels})
        return makeError(ErrorCode::ShapeMismatch,
                         "bias: expected int32[" + toString(Dims{channels}) + "], found " +
                             toString(TypeInfo::tensor(bias.type(), toShape(bias.dims()))));
    const int64_t planes = sums.dims()[0] * channels;
    const int64_t size = planes == 0 ? 0 : sums.count() / planes;
    auto* values = sums.mutableData<int32_t>();
    parallelFor(planes, 1 + (1 << 14) / (size + 1), [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; ++plane) {
            const auto add = static_cast<uint32_t>(bias.data<int32_t>()[plane % channels]);
            for (int64_t i = plane * size; i < (plane + 1) * size; ++i)
                values[i] = static_cast<int32_t>(static_cast<uint32_t>(values[i]) + add);
        }
    });
    return {};
}

Status runQLinearConv(KernelContext& context, Kernel& product, bool isChannelsLast)
{
    TRY(requireInputs(context, 8));
    TRY_ASSIGN(const double xScale, numberInput(context, 1));
    TRY_ASSIGN(const double yScale, numberInput(context, 6));
    std::vector<Value> inputs = innerInputs(context, qLinearOperands);
    if (isChannelsLast) {
        TRY_ASSIGN(inputs[0], channelsFirst(context.tensor(0)));
    }
    TRY_ASSIGN(Tensor sums, runInnerKernelOnce(product, inputs, context.job()));
    if (context.hasInput(8))
        TRY(addChannelBias(sums, context.tensor(8)));
    TRY_ASSIGN(const Tensor factors,
               scaledFactors(context.tensor(4), static_cast<float>(xScale), static_cast<float>(yScale)));
    TRY_ASSIGN(const ScaleLayout layout, scaleLayout(sums.dims(), factors.dims(), {1, 0}));
    TRY_ASSIGN(const Tensor real, timesFactors(sums, factors, layout));
    TRY_ASSIGN(Tensor y, quantizedQuotient(real, context.tensor(7)));
    if (isChannelsLast) {
        TRY_ASSIGN(y, channelsLast(y));
    }
    context.setOutput(0, std::move(y));
    return {};
}

} // namespace

Result<std::unique_ptr<Kernel>> createQLinearConv(const KernelRequest& request, KernelFactory createProduct)
{
    TRY_ASSIGN(InnerNode inner, innerNode(request, "ConvInteger", qLinearOperands));
    inner.attributes = request.node->attributes;
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner, createProduct));
    const bool isChannelsLast = request.node->intAttribute("channels_last", 0) != 0;
    return kernelAround(std::move(kernel), [isChannelsLast](KernelContext& context, Kernel& product) {
        return runQLinearConv(context, product, isChannelsLast);
    });
}

} // namespace lapidary
