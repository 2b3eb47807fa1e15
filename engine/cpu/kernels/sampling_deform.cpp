// SPDX-License-Identifier: GPL-3.0-or-later
// DeformConv: blocks of output positions gather what the shifted taps see into columns, which the
// weights then multiply.
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/sampling.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/convolution.h"

#include <atomic>

namespace lapidary {

namespace {

constexpr int64_t blockSize = 64; // output positions
constexpr size_t mostAxes = 8;

struct DeformShape {
    ConvolutionShape conv;
    Dims image;                 // spatial
    std::vector<int64_t> steps; // between neighbours along each axis
    Dims kernel;
    int64_t taps = 1;         // of the kernel
    int64_t offsetGroups = 1; // channels of a group share offsets
    int64_t pixels = 1;       // of a channel
    int64_t positions = 1;    // of an output channel
};

// The input is there with these dims and the type of input 0.
Status requireDims(const KernelContext& context, size_t index, const Dims& dims)
{
    TRY(requireTensors(context, {index}, context.tensor(0).type()));
    if (context.tensor(index).dims() != dims)
        return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) + ": expected shape " +
                                                       toString(dims) + ", found " +
                                                       toString(context.tensor(index).dims()));
    return {};
}

Result<DeformShape> deformShape(const KernelContext& context, const Node& node)
{
    TRY(requireInputs(context, 3));
    const Dims& x = context.tensor(0).dims();
    const Dims& w = context.tensor(1).dims();
    TRY(requireTensors(context, {1}, context.tensor(0).type()));
    DeformShape shape;
    TRY_ASSIGN(shape.conv, convolutionShape(node, x, w, nullptr));
    shape.image.assign(x.begin() + 2, x.end());
    shape.kernel.assign(w.begin() + 2, w.end());
    const auto axes = static_cast<int64_t>(shape.image.size());
    if (shape.image.size() > mostAxes)
        return makeError(ErrorCode::UnsupportedOp,
                         "DeformConv takes up to 8 spatial axes, found " + std::to_string(axes));
    shape.offsetGroups = node.intAttribute("offset_group", 1);
    if (shape.offsetGroups < 1 || shape.conv.inputChannels % shape.offsetGroups != 0)
        return makeError(ErrorCode::ShapeMismatch,
                         "attribute 'offset_group': " + std::to_string(shape.offsetGroups) +
                             " does not divide the " + std::to_string(shape.conv.inputChannels) +
                             " input channels");
    const auto taps = elementCount(shape.kernel);
    const auto shifts = taps ? elementCount({*taps, shape.offsetGroups, axes}) : std::nullopt;
    if (!shifts)
        return makeError(ErrorCode::ShapeMismatch, "the kernel is too large: " + toString(shape.kernel));
    shape.taps = *taps;
    shape.steps = denseStrides(shape.image);
    Dims offsets = shape.conv.output;
    offsets[1] = *shifts;
    TRY(requireDims(context, 2, offsets));
    if (context.hasInput(3))
        TRY(requireDims(context, 3, {shape.conv.outputChannels}));
    if (context.hasInput(4)) {
        offsets[1] = shape.taps * shape.offsetGroups;
        TRY(requireDims(context, 4, offsets));
    }
    return shape;
}

// The corners around a fractional position that lie inside the image, and their weights.
template <typename T>
struct Corners {
    int count = 0;
    int64_t offset[1 << mostAxes];
    T weight[1 << mostAxes];

    void set(const T* position, const DeformShape& shape)
    {
        count = 1;
        offset[0] = 0;
        weight[0] = 1;
        for (size_t axis = 0; axis < shape.image.size(); ++axis) {
            const auto size = static_cast<T>(shape.image[axis]);
            if (!(position[axis] > -1 && position[axis] < size)) { // also where it is no number
                count = 0;
                return;
            }
            const T floor = std::floor(position[axis]);
            split(static_cast<int64_t>(floor), position[axis] - floor, shape.image[axis], shape.steps[axis]);
        }
    }

private:
    // Each corner so far becomes the one before and the one after along one more axis.
    void split(int64_t at, T t, int64_t size, int64_t step)
    {
        const int before = at >= 0 ? count : 0;
        const int after = at + 1 < size ? count : 0;
        for (int i = 0; i < after; ++i) {
            offset[before + i] = offset[i] + (at + 1) * step;
            weight[before + i] = weight[i] * t;
        }
        for (int i = 0; i < before; ++i) {
            offset[i] += at * step;
            weight[i] *= 1 - t;
        }
        count = before + after;
    }
};

template <typename T>
struct DeformData {
    const T* x;
    const T* w;
    const T* offset;
    const T* bias; // null: none
    const T* mask; // null: none
    T* y;
};

// columns[channel, tap, position] for positions [begin, begin + count) of image n.
template <typename T>
void gatherColumns(const DeformShape& shape, const DeformData<T>& data, int64_t n, int64_t begin,
                   int64_t count, T* columns)
{
    const size_t axes = shape.image.size();
    const int64_t channels = shape.conv.inputChannels;
    const int64_t perGroup = channels / shape.offsetGroups;
    Corners<T> corners;
    T position[mostAxes];
    for (int64_t row = 0; row < shape.offsetGroups * shape.taps; ++row) {
        const int64_t group = row / shape.taps;
        const int64_t tap = row % shape.taps;
        const int64_t shifts = (n * shape.offsetGroups * shape.taps + row) * static_cast<int64_t>(axes);
        for (int64_t i = 0; i < count; ++i) {
            int64_t restTap = tap;
            int64_t restPosition = begin + i;
            for (size_t axis = axes; axis-- > 0;) {
                const AxisWindow& window = shape.conv.window.axes[axis];
                const int64_t size = shape.conv.placements[axis].output;
                const int64_t start = restPosition % size * window.stride -
                                      shape.conv.placements[axis].padBegin +
                                      restTap % window.kernel * window.dilation;
                restPosition /= size;
                restTap /= window.kernel;
                position[axis] =
                    static_cast<T>(start) +
                    data.offset[(shifts + static_cast<int64_t>(axis)) * shape.positions + begin + i];
            }
            corners.set(position, shape);
            const T scale =
                data.mask
                    ? data.mask[(n * shape.offsetGroups * shape.taps + row) * shape.positions + begin + i]
                    : T{1};
            for (int64_t c = group * perGroup; c < (group + 1) * perGroup; ++c) {
                const T* image = data.x + (n * channels + c) * shape.pixels;
                T sum = 0;
                for (int corner = 0; corner < corners.count; ++corner)
                    sum += corners.weight[corner] * image[corners.offset[corner]];
                columns[(c * shape.taps + tap) * blockSize + i] = sum * scale;
            }
        }
    }
}

template <typename T>
void multiplyColumns(const DeformShape& shape, const DeformData<T>& data, int64_t n, int64_t begin,
                     int64_t count, const T* columns)
{
    const ConvolutionShape& conv = shape.conv;
    const int64_t depth = conv.inputChannels / conv.groups * shape.taps;
    for (int64_t m = 0; m < conv.outputChannels; ++m) {
        const int64_t group = m / (conv.outputChannels / conv.groups);
        T* to = data.y + (n * conv.outputChannels + m) * shape.positions + begin;
        std::fill_n(to, count, data.bias ? data.bias[m] : T{0});
        for (int64_t k = 0; k < depth; ++k) {
            const T weight = data.w[m * depth + k];
            const T* column = columns + (group * depth + k) * blockSize;
            for (int64_t i = 0; i < count; ++i)
                to[i] += weight * column[i];
        }
    }
}

template <typename T>
Status runDeformConv(KernelContext& context, const DeformShape& shape, Tensor& y)
{
    const auto data = [&](size_t input) {
        return context.hasInput(input) ? context.tensor(input).data<T>() : nullptr;
    };
    const DeformData<T> all{data(0), data(1), data(2), data(3), data(4), y.mutableData<T>()};
    const auto columnCount = elementCount({shape.conv.inputChannels, shape.taps, blockSize});
    if (!columnCount || *columnCount > (int64_t{1} << 32))
        return makeError(ErrorCode::OutOfMemory, "the window over all channels is too large");
    const int64_t blocks = (shape.positions + blockSize - 1) / blockSize;
    std::atomic<bool> stopped = false;
    parallelFor(shape.conv.batch * blocks, 1, [&](int64_t first, int64_t last) {
        std::vector<T> columns(static_cast<size_t>(*columnCount));
        for (int64_t item = first; item < last && !stopped; ++item) {
            const int64_t begin = item % blocks * blockSize;
            const int64_t count = std::min(blockSize, shape.positions - begin);
            gatherColumns(shape, all, item / blocks, begin, count, columns.data());
            multiplyColumns(shape, all, item / blocks, begin, count, columns.data());
            if (context.stopRequested())
                stopped = true;
        }
    });
    return stopped ? Status(cancelled()) : Status();
}

} // namespace

Result<std::unique_ptr<Kernel>> createDeformConv(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([node = *request.node](KernelContext& context) -> Status {
        TRY_ASSIGN(DeformShape shape, deformShape(context, node));
        TRY_ASSIGN(Tensor * y, context.allocate(0, context.tensor(0).type(), shape.conv.output));
        if (y->count() == 0)
            return {};
        shape.positions = y->count() / (shape.conv.batch * shape.conv.outputChannels);
        shape.pixels = shape.conv.inputChannels == 0
                           ? 0
                           : context.tensor(0).count() / (shape.conv.batch * shape.conv.inputChannels);
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() -> Status { return runDeformConv<T>(context, shape, *y); });
    });
}

} // namespace lapidary
