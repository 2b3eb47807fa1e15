// SPDX-License-Identifier: GPL-3.0-or-later
// Direct convolution for any number of spatial axes: for each output channel and each tap of the
// window, one shifted row after the other is multiplied and added. The inner loop is contiguous for
// stride 1, so the compiler vectorises it.
#include "engine/cpu/kernels/convolution.h"

#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"

#include <atomic>

namespace lapidary {

namespace {

// Where one tap of the window meets both tensors along one axis: wide position =
// narrow * stride + offset, for narrow in [begin, end). For Conv the output is the narrow side.
struct TapRange {
    int64_t begin = 0;
    int64_t end = 0;
    int64_t offset = 0;
    int64_t stride = 1;
};

struct AxisSizes {
    int64_t narrow = 0;
    int64_t wide = 0;
};

TapRange tapRange(const AxisWindow& axis, int64_t padBegin, AxisSizes sizes, int64_t tap)
{
    const int64_t offset = tap * axis.dilation - padBegin;
    const int64_t first = offset >= 0 ? 0 : (-offset + axis.stride - 1) / axis.stride;
    const int64_t last = sizes.wide - 1 - offset; // largest narrow * stride
    const int64_t end = last < 0 ? 0 : std::min(sizes.narrow, last / axis.stride + 1);
    return {first, std::max(first, end), offset, axis.stride};
}

// The geometry that all channels share.
struct Taps {
    std::vector<AxisSizes> sizes;            // by spatial axis
    std::vector<std::vector<TapRange>> taps; // by spatial axis, by tap
    int64_t kernelCount = 1;
    int64_t narrowCount = 1;
    int64_t wideCount = 1;
};

Taps makeTaps(const ConvolutionShape& shape, const Dims& x, bool transposed)
{
    Taps result;
    for (size_t i = 0; i < shape.placements.size(); ++i) {
        const int64_t input = x[i + 2];
        const int64_t output = shape.placements[i].output;
        const AxisSizes sizes = transposed ? AxisSizes{input, output} : AxisSizes{output, input};
        const AxisWindow& axis = shape.window.axes[i];
        std::vector<TapRange> ranges;
        for (int64_t tap = 0; tap < axis.kernel; ++tap)
            ranges.push_back(tapRange(axis, shape.placements[i].padBegin, sizes, tap));
        result.sizes.push_back(sizes);
        result.taps.push_back(std::move(ranges));
        result.kernelCount *= axis.kernel;
        result.narrowCount *= sizes.narrow;
        result.wideCount *= sizes.wide;
    }
    return result;
}

// One row: conv adds wide into narrow, the transposed one narrow into wide.
template <typename T, bool transposed>
void addRow(const T* in, T* out, const TapRange& range, T weight)
{
    const int64_t count = range.end - range.begin;
    const T* from = in + (transposed ? range.begin : range.begin * range.stride + range.offset);
    T* to = out + (transposed ? range.begin * range.stride + range.offset : range.begin);
    if (range.stride == 1) {
        for (int64_t i = 0; i < count; ++i)
            to[i] += weight * from[i];
    } else if constexpr (transposed) {
        for (int64_t i = 0; i < count; ++i)
            to[i * range.stride] += weight * from[i];
    } else {
        for (int64_t i = 0; i < count; ++i)
            to[i] += weight * from[i * range.stride];
    }
}

// Adds weight * the shifted plane for one tap; ranges: its range along each axis.
template <typename T, bool transposed>
void addPlane(const T* in, T* out, const Taps& taps, const std::vector<const TapRange*>& ranges, T weight,
              size_t axis = 0)
{
    const TapRange& range = *ranges[axis];
    if (axis + 1 == ranges.size()) {
        addRow<T, transposed>(in, out, range, weight);
        return;
    }
    int64_t narrowStep = 1;
    int64_t wideStep = 1;
    for (size_t i = axis + 1; i < ranges.size(); ++i) {
        narrowStep *= taps.sizes[i].narrow;
        wideStep *= taps.sizes[i].wide;
    }
    for (int64_t i = range.begin; i < range.end; ++i) {
        const int64_t narrow = i * narrowStep;
        const int64_t wide = (i * range.stride + range.offset) * wideStep;
        addPlane<T, transposed>(in + (transposed ? narrow : wide), out + (transposed ? wide : narrow), taps,
                                ranges, weight, axis + 1);
    }
}

// All taps of one input channel on one output channel.
template <typename T, bool transposed>
void addChannel(const T* in, T* out, const Taps& taps, const T* weights)
{
    const size_t rank = taps.taps.size();
    std::vector<size_t> tap(rank, 0);
    std::vector<const TapRange*> ranges(rank);
    for (int64_t k = 0; k < taps.kernelCount; ++k) {
        bool empty = false;
        for (size_t i = 0; i < rank; ++i) {
            ranges[i] = &taps.taps[i][tap[i]];
            empty = empty || ranges[i]->begin >= ranges[i]->end;
        }
        if (!empty)
            addPlane<T, transposed>(in, out, taps, ranges, weights[k]);
        for (size_t i = rank; i-- > 0;) {
            if (++tap[i] < taps.taps[i].size())
                break;
            tap[i] = 0;
        }
    }
}

template <typename T, bool transposed>
class PlainConvolution final : public Kernel {
public:
    explicit PlainConvolution(const Node& node) : m_node(node) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY_ASSIGN(const ConvolutionShape shape, shapeOfRun(m_node, context, typeOf<T>(), transposed));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), shape.output));
        if (y->count() == 0)
            return {};
        const Tensor& x = context.tensor(0);
        // Without weights there is only bias, and a window that no memory bounds.
        const Taps taps = context.tensor(1).count() > 0 ? makeTaps(shape, x.dims(), transposed) : Taps();
        const T* bias = context.hasInput(2) ? context.tensor(2).data<T>() : nullptr;
        const int64_t outputPlane = y->count() / (shape.batch * shape.outputChannels);
        const int64_t inputPlane = transposed ? taps.narrowCount : taps.wideCount;
        const int64_t inputsPerGroup = shape.inputChannels / shape.groups;
        const int64_t outputsPerGroup = shape.outputChannels / shape.groups;
        const T* weights = context.tensor(1).data<T>();
        std::atomic<bool> stopped = false;
        parallelFor(shape.batch * shape.outputChannels, 1, [&](int64_t begin, int64_t end) {
            const FlushDenormals flush;
            for (int64_t plane = begin; plane < end; ++plane) {
                const int64_t n = plane / shape.outputChannels;
                const int64_t m = plane % shape.outputChannels;
                const int64_t group = m / outputsPerGroup;
                T* out = y->template mutableData<T>() + plane * outputPlane;
                std::fill_n(out, outputPlane, bias ? bias[m] : T{0});
                for (int64_t c = 0; c < inputsPerGroup && !stopped; ++c) {
                    const int64_t inputChannel = group * inputsPerGroup + c;
                    const int64_t pair = transposed ? inputChannel * outputsPerGroup + m % outputsPerGroup
                                                    : m * inputsPerGroup + c;
                    addChannel<T, transposed>(x.data<T>() +
                                                  (n * shape.inputChannels + inputChannel) * inputPlane,
                                              out, taps, weights + pair * taps.kernelCount);
                    if (context.stopRequested())
                        stopped = true;
                }
            }
        });
        if (stopped)
            return cancelled();
        return {};
    }

private:
    const Node m_node;
};

template <bool transposed>
Result<std::unique_ptr<Kernel>> createPlain(const KernelRequest& request)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<PlainConvolution<float, transposed>>(*request.node)};
    case DataType::Double: return {std::make_unique<PlainConvolution<double, transposed>>(*request.node)};
    case DataType::UInt32: return {std::make_unique<PlainConvolution<uint32_t, transposed>>(*request.node)};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createPlainConvolution(const KernelRequest& request)
{
    return createPlain<false>(request);
}

Result<std::unique_ptr<Kernel>> createPlainTransposedConvolution(const KernelRequest& request)
{
    return createPlain<true>(request);
}

Result<ConvolutionShape> shapeOfRun(const Node& node, const KernelContext& context, DataType type,
                                    bool transposed)
{
    TRY(requireTensors(context, {0, 1}, type));
    if (context.hasInput(2))
        TRY(requireTensors(context, {2}, type));
    const Dims* bias = context.hasInput(2) ? &context.tensor(2).dims() : nullptr;
    const auto shape = transposed ? transposedConvolutionShape : convolutionShape;
    return shape(node, context.tensor(0).dims(), context.tensor(1).dims(), bias);
}

} // namespace lapidary
