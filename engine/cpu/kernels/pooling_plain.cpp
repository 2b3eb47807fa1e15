// SPDX-License-Identifier: GPL-3.0-or-later
// Pooling over any number of spatial axes. The taps that a window may use are cut to the input along
// each axis first, so the inner loops never test for borders.
#include "engine/cpu/kernels/pooling.h"

#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

// The taps of one output position along one axis: input positions first, first + step, ...
struct AxisTaps {
    int64_t first = 0;
    int64_t count = 0;     // inside the input
    int64_t countable = 0; // inside input and padding: what an average that counts padding divides by
};

std::vector<AxisTaps> axisTaps(const AxisWindow& axis, const AxisPlacement& placement, int64_t input)
{
    std::vector<AxisTaps> result(static_cast<size_t>(placement.output));
    for (int64_t out = 0; out < placement.output; ++out) {
        const int64_t start = out * axis.stride - placement.padBegin;
        const int64_t skipped = start >= 0 ? 0 : (-start + axis.dilation - 1) / axis.dilation;
        const auto tapsBefore = [&](int64_t limit) { // taps at positions below limit
            return limit <= start ? 0 : std::min(axis.kernel, (limit - start - 1) / axis.dilation + 1);
        };
        AxisTaps& taps = result[static_cast<size_t>(out)];
        taps.first = start + skipped * axis.dilation;
        taps.count = std::max<int64_t>(0, tapsBefore(input) - skipped);
        taps.countable = tapsBefore(input + placement.padEnd);
    }
    return result;
}

struct PoolingGeometry {
    std::vector<std::vector<AxisTaps>> taps; // by axis, by output position
    Dims steps;                              // elements between neighbouring taps, by axis
    Dims strides;                            // of the input, by axis
    Dims input;
    int64_t inputPlane = 1;
    int64_t outputPlane = 1;
};

PoolingGeometry makeGeometry(const PoolingShape& shape, const Dims& x)
{
    PoolingGeometry geometry;
    geometry.input.assign(x.begin() + 2, x.end());
    const size_t rank = geometry.input.size();
    geometry.strides.assign(rank, 1);
    for (size_t i = rank; i-- > 1;)
        geometry.strides[i - 1] = geometry.strides[i] * geometry.input[i];
    for (size_t i = 0; i < rank; ++i) {
        geometry.taps.push_back(axisTaps(shape.window.axes[i], shape.placements[i], geometry.input[i]));
        geometry.steps.push_back(geometry.strides[i] * shape.window.axes[i].dilation);
        geometry.inputPlane *= geometry.input[i];
        geometry.outputPlane *= shape.placements[i].output;
    }
    return geometry;
}

// The taps of one output position along all axes.
struct WindowTaps {
    const AxisTaps* const* axes;
    size_t rank;
};

// Calls visit(offset) for the first tap of each row of the window, with the row's tap count.
template <typename Visit>
void forEachRow(const PoolingGeometry& geometry, const WindowTaps& window, const Visit& visit,
                int64_t offset = 0, size_t axis = 0)
{
    const AxisTaps& taps = *window.axes[axis];
    const int64_t begin = offset + taps.first * geometry.strides[axis];
    if (axis + 1 == window.rank) {
        visit(begin, taps.count);
        return;
    }
    for (int64_t i = 0; i < taps.count; ++i)
        forEachRow(geometry, window, visit, begin + i * geometry.steps[axis], axis + 1);
}

int64_t tapCount(const WindowTaps& window, int64_t AxisTaps::*member)
{
    int64_t count = 1;
    for (size_t i = 0; i < window.rank; ++i)
        count *= window.axes[i]->*member;
    return count;
}

template <typename T>
struct MaxOperation {
    bool columnMajorIndices = false;

    T operator()(const T* plane, const PoolingGeometry& geometry, const WindowTaps& window,
                 int64_t* index) const
    {
        T best = std::numeric_limits<T>::lowest();
        int64_t at = -1;
        const int64_t step = geometry.steps.back();
        forEachRow(geometry, window, [&](int64_t offset, int64_t count) {
            for (int64_t i = 0; i < count; ++i) {
                const T value = plane[offset + i * step];
                if (value > best || at < 0) {
                    best = value;
                    at = offset + i * step;
                }
            }
        });
        if (index)
            *index = columnMajorIndices ? columnMajor(geometry, at) : at;
        return best;
    }

    // The index that the element has when the first spatial axis runs fastest (storage_order 1).
    static int64_t columnMajor(const PoolingGeometry& geometry, int64_t rowMajor)
    {
        int64_t index = 0;
        int64_t step = 1;
        for (size_t i = 0; i < geometry.input.size() && rowMajor >= 0; ++i) {
            index += rowMajor / geometry.strides[i] % geometry.input[i] * step;
            step *= geometry.input[i];
        }
        return rowMajor < 0 ? rowMajor : index;
    }
};

template <typename T>
struct AverageOperation {
    bool countPadding = false;

    T operator()(const T* plane, const PoolingGeometry& geometry, const WindowTaps& window, int64_t*) const
    {
        double sum = 0;
        const int64_t step = geometry.steps.back();
        forEachRow(geometry, window, [&](int64_t offset, int64_t count) {
            for (int64_t i = 0; i < count; ++i)
                sum += static_cast<double>(plane[offset + i * step]);
        });
        const int64_t count = tapCount(window, countPadding ? &AxisTaps::countable : &AxisTaps::count);
        return count > 0 ? static_cast<T>(sum / static_cast<double>(count)) : T{0};
    }
};

template <typename T>
struct NormOperation {
    double p = 2;

    T operator()(const T* plane, const PoolingGeometry& geometry, const WindowTaps& window, int64_t*) const
    {
        double sum = 0;
        const int64_t step = geometry.steps.back();
        forEachRow(geometry, window, [&](int64_t offset, int64_t count) {
            for (int64_t i = 0; i < count; ++i) {
                const double value = std::abs(static_cast<double>(plane[offset + i * step]));
                sum += p == 1 ? value : p == 2 ? value * value : std::pow(value, p);
            }
        });
        return static_cast<T>(p == 1 ? sum : p == 2 ? std::sqrt(sum) : std::pow(sum, 1 / p));
    }
};

// Runs the operation on one plane of the input.
template <typename T, typename Operation>
void poolPlane(const PoolingGeometry& geometry, const Operation& operation, const T* in, T* out,
               int64_t* indices)
{
    const size_t rank = geometry.taps.size();
    std::vector<size_t> position(rank, 0);
    std::vector<const AxisTaps*> taps(rank);
    for (size_t i = 0; i < rank; ++i)
        taps[i] = &geometry.taps[i][0];
    for (int64_t o = 0; o < geometry.outputPlane; ++o) {
        out[o] = operation(in, geometry, {taps.data(), rank}, indices ? indices + o : nullptr);
        for (size_t i = rank; i-- > 0;) {
            if (++position[i] == geometry.taps[i].size())
                position[i] = 0;
            taps[i] = &geometry.taps[i][position[i]];
            if (position[i] != 0)
                break;
        }
    }
}

template <typename T, typename Operation>
class PlainPooling final : public Kernel {
public:
    PlainPooling(const Node& node, Operation operation) : m_node(node), m_operation(operation) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const PoolingShape shape, poolingShape(m_node, x.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), shape.output));
        int64_t* indices = nullptr;
        if (context.outputCount() > 1) {
            TRY_ASSIGN(Tensor * positions, context.allocate(1, DataType::Int64, shape.output));
            indices = positions->mutableData<int64_t>();
        }
        if (y->count() == 0)
            return {};
        const PoolingGeometry geometry = makeGeometry(shape, x.dims());
        const int64_t grain = 1 + (1 << 14) / geometry.outputPlane;
        return stoppableFor(context.job(), x.dims()[0] * x.dims()[1], grain, [&](int64_t plane) {
            int64_t* planeIndices = indices ? indices + plane * geometry.outputPlane : nullptr;
            poolPlane(geometry, m_operation, x.data<T>() + plane * geometry.inputPlane,
                      y->template mutableData<T>() + plane * geometry.outputPlane, planeIndices);
            for (int64_t i = 0; planeIndices && i < geometry.outputPlane; ++i) {
                if (planeIndices[i] >= 0) // ONNX counts from the first element of the whole tensor
                    planeIndices[i] += plane * geometry.inputPlane;
            }
        });
    }

private:
    const Node m_node;
    const Operation m_operation;
};

template <typename T>
std::unique_ptr<Kernel> makeMaxPool(const Node& node)
{
    const MaxOperation<T> operation{node.intAttribute("storage_order", 0) != 0};
    return std::make_unique<PlainPooling<T, MaxOperation<T>>>(node, operation);
}

template <template <typename> typename Operation, typename Option>
Result<std::unique_ptr<Kernel>> makeForFloatOrDouble(const KernelRequest& request, Option option)
{
    const Node& node = *request.node;
    switch (request.inputDataType(0)) {
    case DataType::Float:
        return {std::make_unique<PlainPooling<float, Operation<float>>>(node, Operation<float>{option})};
    case DataType::Double:
        return {std::make_unique<PlainPooling<double, Operation<double>>>(node, Operation<double>{option})};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createPlainMaxPool(const KernelRequest& request)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return makeMaxPool<float>(*request.node);
    case DataType::Double: return makeMaxPool<double>(*request.node);
    case DataType::Int8: return makeMaxPool<int8_t>(*request.node);
    case DataType::UInt8: return makeMaxPool<uint8_t>(*request.node);
    default: return refuseType(request);
    }
}

Result<std::unique_ptr<Kernel>> createPlainAveragePool(const KernelRequest& request)
{
    return makeForFloatOrDouble<AverageOperation>(request,
                                                  request.node->intAttribute("count_include_pad", 0) != 0);
}

Result<std::unique_ptr<Kernel>> createPlainLpPool(const KernelRequest& request)
{
    TRY_ASSIGN(const double p, normExponent(*request.node, request.opsetVersion));
    return makeForFloatOrDouble<NormOperation>(request, p);
}

} // namespace lapidary
