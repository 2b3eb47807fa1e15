// SPDX-License-Identifier: GPL-3.0-or-later
// GridSample: each output point has a few taps along each axis; the value is their weighted sum over
// all combinations of taps. Follows the rounding and the borders of ONNX's reference implementation.
#include "engine/cpu/kernels/sampling.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"

#include <atomic>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

enum class SampleMode { Nearest, Linear, Cubic };
enum class Outside { Zeros, Border, Reflection };

// Beyond this many spatial axes a point would have too many taps.
constexpr size_t mostAxes = 8;

struct SampleSettings {
    SampleMode mode = SampleMode::Linear;
    Outside outside = Outside::Zeros;
    bool alignCorners = false;
};

Result<SampleSettings> readSettings(const Node& node)
{
    SampleSettings settings;
    settings.alignCorners = node.intAttribute("align_corners", 0) != 0;
    const std::string mode = node.stringAttribute("mode", "linear"); // "bilinear", "bicubic": opset 16
    if (mode == "nearest")
        settings.mode = SampleMode::Nearest;
    else if (mode == "cubic" || mode == "bicubic")
        settings.mode = SampleMode::Cubic;
    else if (mode != "linear" && mode != "bilinear")
        return makeError(ErrorCode::UnsupportedOp, "GridSample has no mode '" + mode + "'");
    const std::string padding = node.stringAttribute("padding_mode", "zeros");
    if (padding == "border")
        settings.outside = Outside::Border;
    else if (padding == "reflection")
        settings.outside = Outside::Reflection;
    else if (padding != "zeros")
        return makeError(ErrorCode::UnsupportedOp, "GridSample has no padding_mode '" + padding + "'");
    return settings;
}

// Where a coordinate lands when the image is continued by mirrors at low and high.
template <typename F>
F reflected(F x, F low, F high)
{
    const F range = high - low;
    if (x >= low && x <= high)
        return x;
    if (range <= 0)
        return low;
    const F distance = x < low ? low - x : x - high;
    const F turns = std::floor(distance / range);
    const F rest = distance - turns * range;
    const bool backwards = std::fmod(turns, F{2}) != 0;
    return (x < low) == backwards ? high - rest : low + rest;
}

// What one axis adds to a point: places along it (-1: outside, a zero) and their weights.
template <typename F>
struct AxisTaps {
    int count = 1;
    int64_t at[4] = {};
    F weight[4] = {1, 1, 1, 1};
};

template <typename F>
class Axis {
public:
    Axis(int64_t size, const SampleSettings& settings)
        : m_size(size),
          m_settings(settings),
          m_low(settings.alignCorners ? F{0} : F{-0.5}),
          m_high(settings.alignCorners ? static_cast<F>(size - 1) : static_cast<F>(size) - F{0.5})
    {
    }

    // position: in [-1, 1] from one side of the image to the other.
    AxisTaps<F> taps(F position) const
    {
        F x = pixelOf(position);
        if (m_settings.mode == SampleMode::Nearest)
            x = std::nearbyint(x);
        if (x < m_low || x > m_high) {
            if (m_settings.outside == Outside::Border)
                x = std::clamp(x, F{0}, static_cast<F>(m_size - 1));
            else if (m_settings.outside == Outside::Reflection)
                x = reflected(x, m_low, m_high);
        }
        AxisTaps<F> result;
        const F floor = std::floor(x);
        const auto first = static_cast<int64_t>(floor);
        const F t = x - floor;
        if (m_settings.mode == SampleMode::Nearest) {
            result.at[0] = place(static_cast<int64_t>(x));
        } else if (m_settings.mode == SampleMode::Linear) {
            result.count = 2;
            for (int i = 0; i < 2; ++i)
                result.at[i] = place(first + i);
            result.weight[0] = 1 - t;
            result.weight[1] = t;
        } else {
            result.count = 4;
            for (int i = 0; i < 4; ++i) {
                result.at[i] = place(first - 1 + i);
                result.weight[i] = cubicWeight(std::abs(t - static_cast<F>(i - 1)));
            }
        }
        return result;
    }

private:
    F pixelOf(F position) const
    {
        const auto size = static_cast<F>(m_size);
        const F x =
            m_settings.alignCorners ? (position + 1) / 2 * (size - 1) : ((position + 1) * size - 1) / 2;
        if (std::isnan(x))
            return m_settings.outside == Outside::Zeros ? F{-100} : F{0};
        constexpr F farAway = 1 << 30; // what lies beyond is outside of every image
        return std::clamp(x, -farAway, farAway + size);
    }

    int64_t place(int64_t i) const
    {
        if (i >= 0 && i < m_size)
            return i;
        if (m_settings.outside == Outside::Zeros)
            return -1;
        if (m_settings.outside == Outside::Border)
            return std::clamp<int64_t>(i, 0, m_size - 1);
        const auto mirrored = static_cast<int64_t>(reflected(static_cast<F>(i), m_low, m_high));
        return std::clamp<int64_t>(mirrored, 0, m_size - 1);
    }

    // Keys' kernel with a = -0.75.
    static F cubicWeight(F distance)
    {
        constexpr F a = F{-0.75};
        if (distance <= 1)
            return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
        return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : F{0};
    }

    int64_t m_size;
    SampleSettings m_settings;
    F m_low;
    F m_high;
};

struct SampleShape {
    int64_t batch = 0;
    int64_t channels = 0;
    Dims image;         // spatial
    int64_t pixels = 1; // of one channel
    int64_t points = 1; // of one channel of the output
    Dims output;
};

Result<SampleShape> sampleShape(const Dims& x, const Dims& grid)
{
    const bool fits = x.size() >= 3 && grid.size() == x.size() && x[0] == grid[0] &&
                      grid.back() == static_cast<int64_t>(x.size()) - 2;
    if (!fits)
        return makeError(
            ErrorCode::ShapeMismatch,
            "expected an image [N, C, spatial...] and a grid [N, spatial..., spatial axes], found " +
                toString(x) + " and " + toString(grid));
    if (x.size() - 2 > mostAxes)
        return makeError(ErrorCode::UnsupportedOp,
                         "GridSample takes up to 8 spatial axes, found " + std::to_string(x.size() - 2));
    SampleShape shape{x[0], x[1], Dims(x.begin() + 2, x.end()), 1, 1, {x[0], x[1]}};
    shape.output.insert(shape.output.end(), grid.begin() + 1, grid.end() - 1);
    return shape;
}

// The taps of one point over all axes: the product of the taps along each.
template <typename F>
class PointTaps {
public:
    PointTaps(const SampleShape& shape, const SampleSettings& settings) : m_strides(denseStrides(shape.image))
    {
        for (const int64_t size : shape.image)
            m_axes.emplace_back(size, settings);
    }

    // position: one coordinate for each axis, the last axis first.
    template <typename P>
    void set(const P* position)
    {
        offsets.assign(1, 0);
        weights.assign(1, F{1});
        for (size_t axis = 0; axis < m_axes.size(); ++axis) {
            const AxisTaps<F> taps = m_axes[axis].taps(static_cast<F>(position[m_axes.size() - 1 - axis]));
            m_nextOffsets.clear();
            m_nextWeights.clear();
            for (size_t i = 0; i < offsets.size(); ++i) {
                for (int tap = 0; tap < taps.count; ++tap) {
                    if (taps.at[tap] < 0)
                        continue;
                    m_nextOffsets.push_back(offsets[i] + taps.at[tap] * m_strides[axis]);
                    m_nextWeights.push_back(weights[i] * taps.weight[tap]);
                }
            }
            offsets.swap(m_nextOffsets);
            weights.swap(m_nextWeights);
        }
    }

    std::vector<int64_t> offsets; // those inside the image
    std::vector<F> weights;

private:
    std::vector<Axis<F>> m_axes;
    std::vector<int64_t> m_strides;
    std::vector<int64_t> m_nextOffsets;
    std::vector<F> m_nextWeights;
};

// Calls point(taps, n, index) for each point of each image.
template <typename F, typename Point>
Status forEachPoint(const KernelContext& context, const SampleShape& shape, const SampleSettings& settings,
                    const F* grid, const Point& point)
{
    std::atomic<bool> stopped = false;
    parallelFor(shape.batch * shape.points, 256, [&](int64_t begin, int64_t end) {
        PointTaps<F> taps(shape, settings);
        for (int64_t i = begin; i < end && !stopped; ++i) {
            taps.set(grid + i * static_cast<int64_t>(shape.image.size()));
            point(taps, i / shape.points, i % shape.points);
            if (i % 4096 == 0 && context.stopRequested())
                stopped = true;
        }
    });
    return stopped ? Status(cancelled()) : Status();
}

template <typename F>
Status sampleNearest(KernelContext& context, const SampleShape& shape, const SampleSettings& settings,
                     const F* grid, Tensor& y)
{
    const Tensor& x = context.tensor(0);
    return dispatchElement(x.type(), [&]<typename T>() -> Status {
        return forEachPoint(context, shape, settings, grid, [&](PointTaps<F>& taps, int64_t n, int64_t at) {
            for (int64_t c = n * shape.channels; c < (n + 1) * shape.channels; ++c)
                mutableElements<T>(y)[c * shape.points + at] =
                    taps.offsets.empty() ? T{} : elements<T>(x)[c * shape.pixels + taps.offsets[0]];
        });
    });
}

// x and y: float32 or float64.
template <typename F>
Status sampleSmooth(KernelContext& context, const Tensor& x, const SampleShape& shape,
                    const SampleSettings& settings, const F* grid, Tensor& y)
{
    return dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
        return forEachPoint(context, shape, settings, grid, [&](PointTaps<F>& taps, int64_t n, int64_t at) {
            for (int64_t c = n * shape.channels; c < (n + 1) * shape.channels; ++c) {
                const T* image = x.data<T>() + c * shape.pixels;
                T sum = 0;
                for (size_t i = 0; i < taps.offsets.size(); ++i)
                    sum += static_cast<T>(taps.weights[i]) * image[taps.offsets[i]];
                y.mutableData<T>()[c * shape.points + at] = sum;
            }
        });
    });
}

template <typename F>
Status runGridSample(KernelContext& context, const SampleSettings& settings, const F* grid)
{
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(SampleShape shape, sampleShape(x.dims(), context.tensor(1).dims()));
    TRY_ASSIGN(Tensor y, Tensor::allocate(x.type(), shape.output));
    if (y.count() > 0 && x.count() == 0)
        return makeError(ErrorCode::ShapeMismatch, "there is nothing to sample in " + toString(x.dims()));
    if (y.count() == 0) {
        context.setOutput(0, std::move(y));
        return {};
    }
    shape.pixels = x.count() / (shape.batch * shape.channels);
    shape.points = y.count() / (shape.batch * shape.channels);
    if (settings.mode == SampleMode::Nearest) {
        TRY(sampleNearest(context, shape, settings, grid, y));
    } else { // integers are interpolated as floats and cut off
        const bool wide = x.type() == DataType::Double || (isInteger(x.type()) && bitWidth(x.type()) > 16);
        const DataType computed = wide ? DataType::Double : DataType::Float;
        TRY_ASSIGN(const Tensor floats, convertType(x, computed));
        TRY_ASSIGN(Tensor sampled, Tensor::allocate(computed, y.dims()));
        TRY(sampleSmooth(context, floats, shape, settings, grid, sampled));
        TRY_ASSIGN(y, convertType(sampled, x.type()));
    }
    context.setOutput(0, std::move(y));
    return {};
}

KernelResult createGridSample(const KernelRequest& request)
{
    TRY_ASSIGN(const SampleSettings settings, readSettings(*request.node));
    return plainKernel([settings](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const bool smooth = settings.mode != SampleMode::Nearest;
        const DataType type = context.tensor(0).type();
        if (smooth && (type == DataType::String || type == DataType::Bool || type == DataType::Complex64 ||
                       type == DataType::Complex128))
            return unsupportedType(type);
        TRY_ASSIGN(const Tensor grid, widened(context.tensor(1)));
        return dispatch(FloatTypes(), grid.type(), [&]<typename F>() -> Status {
            return runGridSample(context, settings, grid.data<F>());
        });
    });
}

// Coordinates of the centres (or, with alignCorners, of points from border to border) along one axis.
std::vector<double> axisCoordinates(int64_t size, bool alignCorners)
{
    std::vector<double> coordinates(static_cast<size_t>(size));
    for (int64_t i = 0; i < size; ++i) {
        const auto at = static_cast<double>(i);
        const auto count = static_cast<double>(size);
        double& value = coordinates[static_cast<size_t>(i)];
        if (alignCorners)
            value = size == 1 ? 0 : -1 + 2 * at / (count - 1); // a single point stands in the middle
        else
            value = (2 * at + 1) / count - 1;
    }
    return coordinates;
}

Result<Dims> affineGridDims(const Dims& theta, const Ints& size)
{
    const auto axes = static_cast<int64_t>(size.size()) - 2;
    if ((axes != 2 && axes != 3) || theta != Dims{size[0], axes, axes + 1})
        return makeError(
            ErrorCode::ShapeMismatch,
            "expected theta [N, axes, axes + 1] and the sizes [N, C, spatial...] of 2 or 3 axes, "
            "found theta " +
                toString(theta) + " and sizes " + toString(size));
    Dims dims{size[0]};
    dims.insert(dims.end(), size.begin() + 2, size.end());
    dims.push_back(axes);
    return dims;
}

KernelResult createAffineGrid(const KernelRequest& request)
{
    const bool alignCorners = request.node->intAttribute("align_corners", 0) != 0;
    return plainKernel([alignCorners](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& theta = context.tensor(0);
        TRY_ASSIGN(const Ints size, listInput(context, 1));
        TRY_ASSIGN(const Dims dims, affineGridDims(theta.dims(), size));
        TRY_ASSIGN(Tensor * grid, context.allocate(0, theta.type(), dims));
        if (grid->count() == 0)
            return {};
        const int64_t axes = dims.back();
        std::vector<std::vector<double>> along; // x, y, z: the last axis first
        for (int64_t axis = axes; axis > 0; --axis)
            along.push_back(axisCoordinates(dims[static_cast<size_t>(axis)], alignCorners));
        return dispatch(FloatTypes(), theta.type(), [&]<typename T>() -> Status {
            const int64_t points = grid->count() / axes / dims[0];
            parallelFor(dims[0] * points, 4096, [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const T* matrix = theta.data<T>() + i / points * axes * (axes + 1);
                    for (int64_t row = 0; row < axes; ++row) {
                        double sum = static_cast<double>(matrix[row * (axes + 1) + axes]);
                        int64_t rest = i % points;
                        for (int64_t axis = 0; axis < axes; ++axis) {
                            const std::vector<double>& values = along[static_cast<size_t>(axis)];
                            const auto length = static_cast<int64_t>(values.size());
                            sum += static_cast<double>(matrix[row * (axes + 1) + axis]) *
                                   values[static_cast<size_t>(rest % length)];
                            rest /= length;
                        }
                        grid->mutableData<T>()[i * axes + row] = static_cast<T>(sum);
                    }
                }
            });
            return {};
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "GridSample", 16, newestOpset, "plain", createGridSample},
    {"", "AffineGrid", 20, newestOpset, "plain", forFloats<createAffineGrid>},
    {"", "DeformConv", 19, newestOpset, "plain", forFloats<createDeformConv>},
};

} // namespace

std::span<const KernelRow> samplingKernels() { return rows; }

} // namespace lapidary
