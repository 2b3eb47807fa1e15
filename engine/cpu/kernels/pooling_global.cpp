// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/pooling.h"
#include "engine/cpu/parallel.h"

#include <cmath>

namespace lapidary {

namespace {

enum class GlobalOperation { Max, Average, Norm };

template <typename T>
T maximum(const T* values, int64_t count)
{
    T best = values[0];
    for (int64_t i = 1; i < count; ++i)
        best = values[i] > best ? values[i] : best;
    return best;
}

// Eight partial sums: fast, and far more exact than one sum in order.
template <typename T>
double sum(const T* values, int64_t count)
{
    double partial[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int64_t lane = 0; lane < 8; ++lane)
            partial[lane] += static_cast<double>(values[i + lane]);
    }
    for (; i < count; ++i)
        partial[0] += static_cast<double>(values[i]);
    return partial[0] + partial[1] + partial[2] + partial[3] + partial[4] + partial[5] + partial[6] +
           partial[7];
}

template <typename T>
double norm(const T* values, int64_t count, double p)
{
    double total = 0;
    for (int64_t i = 0; i < count; ++i) {
        const double value = std::abs(static_cast<double>(values[i]));
        total += p == 1 ? value : p == 2 ? value * value : std::pow(value, p);
    }
    return p == 1 ? total : p == 2 ? std::sqrt(total) : std::pow(total, 1 / p);
}

template <typename T>
class GlobalPooling final : public Kernel {
public:
    GlobalPooling(GlobalOperation operation, double p) : m_operation(operation), m_p(p) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an input of rank 2 or more, found " + toString(x.dims()));
        Dims output = x.dims();
        std::fill(output.begin() + 2, output.end(), 1);
        const int64_t planes = output[0] * output[1];
        if (planes > 0 && x.count() == 0)
            return makeError(ErrorCode::ShapeMismatch,
                             "nothing to pool in an input of " + toString(x.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), std::move(output)));
        const int64_t count = planes > 0 ? x.count() / planes : 0;
        T* out = y->template mutableData<T>();
        parallelFor(planes, 1 + (1 << 15) / std::max<int64_t>(1, count), [&](int64_t begin, int64_t end) {
            for (int64_t plane = begin; plane < end; ++plane)
                out[plane] = pool(x.data<T>() + plane * count, count);
        });
        return {};
    }

private:
    T pool(const T* values, int64_t count) const
    {
        switch (m_operation) {
        case GlobalOperation::Max: return maximum(values, count);
        case GlobalOperation::Average: return static_cast<T>(sum(values, count) / static_cast<double>(count));
        default: return static_cast<T>(norm(values, count, m_p));
        }
    }

    const GlobalOperation m_operation;
    const double m_p;
};

// [N, spatial..., C]: whole rows of channels are added up, each thread some of the channels.
class ChannelsLastGlobalPooling final : public Kernel {
public:
    explicit ChannelsLastGlobalPooling(bool average) : m_average(average) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, DataType::Float));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 3 || x.count() == 0)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an input of rank 3 or more with elements, found " +
                                 toString(x.dims()));
        Dims output = x.dims();
        std::fill(output.begin() + 1, output.end() - 1, 1);
        const int64_t channels = output.back();
        const int64_t positions = x.count() / (output[0] * channels);
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, output));
        for (int64_t n = 0; n < output[0]; ++n) {
            const float* from = x.data<float>() + n * positions * channels;
            float* to = y->mutableData<float>() + n * channels;
            parallelFor(channels, 1 + (1 << 16) / positions, [&](int64_t begin, int64_t end) {
                for (int64_t c = begin; c < end; c += blockSize)
                    pool(from + c, to + c, positions, channels, std::min(blockSize, end - c));
            });
        }
        return {};
    }

private:
    static constexpr int64_t blockSize = 64;

    void pool(const float* x, float* y, int64_t positions, int64_t step, int64_t count) const
    {
        if (m_average) {
            double sums[blockSize] = {};
            for (int64_t i = 0; i < positions; ++i) {
                for (int64_t c = 0; c < count; ++c)
                    sums[c] += static_cast<double>(x[i * step + c]);
            }
            for (int64_t c = 0; c < count; ++c)
                y[c] = static_cast<float>(sums[c] / static_cast<double>(positions));
        } else {
            std::copy_n(x, count, y);
            for (int64_t i = 1; i < positions; ++i) {
                for (int64_t c = 0; c < count; ++c)
                    y[c] = x[i * step + c] > y[c] ? x[i * step + c] : y[c];
            }
        }
    }

    const bool m_average;
};

} // namespace

Result<std::unique_ptr<Kernel>> createGlobalPoolChannelsLast(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    return {std::make_unique<ChannelsLastGlobalPooling>(request.node->opType == "GlobalAveragePool")};
}

Result<std::unique_ptr<Kernel>> createGlobalPool(const KernelRequest& request)
{
    const Node& node = *request.node;
    const GlobalOperation operation = node.opType == "GlobalMaxPool"       ? GlobalOperation::Max
                                      : node.opType == "GlobalAveragePool" ? GlobalOperation::Average
                                                                           : GlobalOperation::Norm;
    TRY_ASSIGN(const double p, normExponent(node, request.opsetVersion));
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<GlobalPooling<float>>(operation, p)};
    case DataType::Double: return {std::make_unique<GlobalPooling<double>>(operation, p)};
    default: return refuseType(request);
    }
}

} // namespace lapidary
