// SPDX-License-Identifier: GPL-3.0-or-later
// CausalConvWithState: a convolution of each channel over what came before.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

constexpr int64_t longestRow = int64_t{1} << 40; // sums of lengths stay in 63 bits

struct CausalShape {
    int64_t batch = 0;
    int64_t channels = 0;
    int64_t length = 0;
    int64_t kernel = 1;
};

template <typename T>
Result<CausalShape> causalShape(const KernelContext& context)
{
    TRY(requireTensors(context, {0, 1}, typeOf<T>()));
    const Dims& x = context.tensor(0).dims();
    const Dims& weight = context.tensor(1).dims();
    if (x.size() != 3)
        return shapeError("input: expected rank 3, found " + toString(x));
    if (weight.size() != 3 || weight[0] != x[1] || weight[1] != 1 || weight[2] < 1 ||
        weight[2] > longestRow || x[2] > longestRow)
        return shapeError("weight: expected " + std::to_string(x[1]) + "×1×k with k of 1 or more, found " +
                          toString(weight));
    const CausalShape shape{x[0], x[1], x[2], weight[2]};
    if (context.hasInput(2)) {
        TRY(requireTensors(context, {2}, typeOf<T>()));
        if (context.tensor(2).dims() != Dims{shape.channels})
            return shapeError("bias: expected " + std::to_string(shape.channels) + ", found " +
                              toString(context.tensor(2).dims()));
    }
    if (context.hasInput(3)) {
        TRY(requireTensors(context, {3}, typeOf<T>()));
        const Dims expected{shape.batch, shape.channels, shape.kernel - 1};
        if (context.tensor(3).dims() != expected)
            return shapeError("past_state: expected " + toString(expected) + ", found " +
                              toString(context.tensor(3).dims()));
    }
    return shape;
}

// padded: kernel - 1 elements of the past, then length new ones.
template <typename T>
void convolveRow(const T* padded, const T* weight, T bias, const CausalShape& shape, bool gates, T* out)
{
    std::fill_n(out, shape.length, bias);
    for (int64_t tap = 0; tap < shape.kernel; ++tap) {
        for (int64_t i = 0; i < shape.length; ++i)
            out[i] += weight[tap] * padded[i + tap];
    }
    if (!gates)
        return;
    for (int64_t i = 0; i < shape.length; ++i)
        out[i] = out[i] / (T{1} + std::exp(-out[i]));
}

template <typename T>
Status runCausal(const Node& node, KernelContext& context)
{
    TRY_ASSIGN(const CausalShape shape, causalShape<T>(context));
    const std::string activation = node.stringAttribute("activation", "none");
    const bool gates = activation == "silu" || activation == "swish";
    if (!gates && activation != "none")
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'activation' must be 'none', 'silu' or 'swish', found '" + activation +
                             "'");
    const int64_t before = shape.kernel - 1;
    TRY_ASSIGN(Tensor state, Tensor::allocate(typeOf<T>(), {shape.batch, shape.channels, before}));
    // The whole padded row of each channel, once, so that loops need no case for the past.
    TRY_ASSIGN(Tensor padded,
               Tensor::allocate(typeOf<T>(), {shape.batch, shape.channels, before + shape.length}));
    TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), context.tensor(0).dims()));
    const T* past = context.hasInput(3) ? context.tensor(3).template data<T>() : nullptr;
    const T* bias = context.hasInput(2) ? context.tensor(2).template data<T>() : nullptr;
    if (wantsOutput(node, 1))
        context.setOutput(1, state);
    if (padded.count() == 0)
        return {};
    const double work = static_cast<double>(before + shape.length) * static_cast<double>(shape.kernel);
    const auto grain = static_cast<int64_t>(1 + (1 << 14) / std::max(1.0, work));
    parallelFor(shape.batch * shape.channels, grain, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end && !context.stopRequested(); ++row) {
            T* line = padded.mutableData<T>() + row * (before + shape.length);
            if (past)
                std::copy_n(past + row * before, before, line);
            else
                std::fill_n(line, before, T{0});
            std::copy_n(context.tensor(0).template data<T>() + row * shape.length, shape.length,
                        line + before);
            const int64_t channel = row % shape.channels;
            convolveRow(line, context.tensor(1).template data<T>() + channel * shape.kernel,
                        bias ? bias[channel] : T{0}, shape, gates,
                        y->template mutableData<T>() + row * shape.length);
            std::copy_n(line + shape.length, before, state.mutableData<T>() + row * before);
        }
    });
    if (context.stopRequested())
        return cancelled();
    return {};
}

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([node = *request.node](KernelContext& context) {
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return runCausal<T>(node, context); });
    });
}

} // namespace

Result<std::unique_ptr<Kernel>> createCausalConvWithState(const KernelRequest& request)
{
    // com.microsoft's version, which has more attributes.
    const Node& node = *request.node;
    if (node.intAttribute("ndim", 1) != 1 || node.intAttribute("dilation", 1) != 1 ||
        node.intAttribute("channels_last", 0) != 0 || node.intAttribute("state_window", 0) != 0)
        return makeError(ErrorCode::UnsupportedOp,
                         "takes one dense spatial axis, channels first and no window of states");
    return createForFloats(request, createForRequest);
}

} // namespace lapidary
