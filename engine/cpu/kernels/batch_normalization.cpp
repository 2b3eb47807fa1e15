// SPDX-License-Identifier: GPL-3.0-or-later
// y = x * a + b for each channel: bound by memory, so the compiler's vector code is as fast as a
// library's.
#include "engine/ops/batch_normalization.h"

#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/normalization.h"
#include "engine/cpu/parallel.h"

#include <cmath>

namespace lapidary {

namespace {

// Mean and variance of each channel over batch and inner, in double.
template <typename T>
void batchStatistics(const BatchNormalizationShape& shape, const T* x, std::vector<double>& mean,
                     std::vector<double>& variance)
{
    const auto count = static_cast<double>(shape.batch * shape.inner);
    parallelFor(shape.channels, 1 + (1 << 15) / std::max<int64_t>(1, shape.batch * shape.inner),
                [&](int64_t begin, int64_t end) {
                    for (int64_t c = begin; c < end; ++c) {
                        const auto forEach = [&](auto visit) {
                            for (int64_t n = 0; n < shape.batch; ++n) {
                                const T* plane = x + (n * shape.channels + c) * shape.inner;
                                for (int64_t i = 0; i < shape.inner; ++i)
                                    visit(static_cast<double>(plane[i]));
                            }
                        };
                        double sum = 0;
                        forEach([&](double value) { sum += value; });
                        const double center = sum / count;
                        double squares = 0;
                        forEach([&](double value) { squares += (value - center) * (value - center); });
                        mean[static_cast<size_t>(c)] = center;
                        variance[static_cast<size_t>(c)] = squares / count;
                    }
                });
}

template <typename T>
class BatchNormalization final : public Kernel {
public:
    explicit BatchNormalization(const KernelRequest& request)
        : m_node(*request.node),
          m_epsilon(static_cast<double>(m_node.floatAttribute("epsilon", 1e-5f))),
          m_momentum(static_cast<double>(m_node.floatAttribute("momentum", 0.9f))),
          m_training(isTraining(m_node, request.opsetVersion))
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY_ASSIGN(const BatchNormalizationShape shape, checkedShape(context));
        const Tensor& x = context.tensor(0);
        const auto channels = static_cast<size_t>(shape.channels);
        std::vector<double> mean = doubles(context.tensor(3));
        std::vector<double> variance = doubles(context.tensor(4));
        if (m_training) {
            const std::vector<double> oldMean = mean;
            const std::vector<double> oldVariance = variance;
            batchStatistics(shape, x.data<T>(), mean, variance);
            TRY(storeStatistics(context, shape, 1, oldMean, mean));
            TRY(storeStatistics(context, shape, 2, oldVariance, variance));
            TRY(store(context, shape, 3, mean));
            TRY(store(context, shape, 4, variance));
        }
        TRY_ASSIGN(Tensor * y, context.allocateOver(0, 0, typeOf<T>(), x.dims()));
        const std::vector<double> scale = doubles(context.tensor(1));
        const std::vector<double> bias = doubles(context.tensor(2));
        std::vector<T> factors(channels);
        std::vector<T> offsets(channels);
        for (size_t c = 0; c < channels; ++c) {
            const double factor = scale[c] / std::sqrt(variance[c] + m_epsilon);
            factors[c] = static_cast<T>(factor);
            offsets[c] = static_cast<T>(bias[c] - mean[c] * factor);
        }
        apply(shape, x.data<T>(), y->template mutableData<T>(), factors, offsets);
        return {};
    }

private:
    Result<BatchNormalizationShape> checkedShape(const KernelContext& context) const
    {
        TRY(requireTensors(context, {0, 1, 2, 3, 4}, typeOf<T>()));
        TRY_ASSIGN(BatchNormalizationShape shape, batchNormalizationShape(m_node, context.tensor(0).dims()));
        for (size_t i = 1; i <= 4; ++i) {
            const Dims& found = context.tensor(i).dims();
            if (found != shape.parameters && !(found == Dims{shape.channels}))
                return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(i) + ": expected " +
                                                               toString(shape.parameters) + ", found " +
                                                               toString(found));
        }
        return shape;
    }

    static std::vector<double> doubles(const Tensor& tensor)
    {
        const auto values = tensor.values<T>();
        return {values.begin(), values.end()};
    }

    static void apply(const BatchNormalizationShape& shape, const T* x, T* y, const std::vector<T>& factors,
                      const std::vector<T>& offsets)
    {
        if (shape.inner == 1) { // channels are neighbours: go along them
            parallelFor(shape.batch, 1 + (1 << 15) / std::max<int64_t>(1, shape.channels),
                        [&](int64_t begin, int64_t end) {
                            for (int64_t n = begin; n < end; ++n) {
                                const T* from = x + n * shape.channels;
                                T* to = y + n * shape.channels;
                                for (int64_t c = 0; c < shape.channels; ++c)
                                    to[c] = from[c] * factors[static_cast<size_t>(c)] +
                                            offsets[static_cast<size_t>(c)];
                            }
                        });
            return;
        }
        parallelFor(shape.batch * shape.channels, 1 + (1 << 15) / std::max<int64_t>(1, shape.inner),
                    [&](int64_t begin, int64_t end) {
                        for (int64_t plane = begin; plane < end; ++plane) {
                            const auto c = static_cast<size_t>(plane % shape.channels);
                            const T factor = factors[c];
                            const T offset = offsets[c];
                            const T* from = x + plane * shape.inner;
                            T* to = y + plane * shape.inner;
                            for (int64_t i = 0; i < shape.inner; ++i)
                                to[i] = from[i] * factor + offset;
                        }
                    });
    }

    // Output index, when the node has it.
    Status store(KernelContext& context, const BatchNormalizationShape& shape, size_t index,
                 const std::vector<double>& values) const
    {
        if (index >= context.outputCount())
            return {};
        TRY_ASSIGN(Tensor * output, context.allocate(index, typeOf<T>(), shape.parameters));
        std::transform(values.begin(), values.end(), output->template mutableData<T>(),
                       [](double value) { return static_cast<T>(value); });
        return {};
    }

    Status storeStatistics(KernelContext& context, const BatchNormalizationShape& shape, size_t index,
                           const std::vector<double>& old, const std::vector<double>& current) const
    {
        std::vector<double> running(old.size());
        for (size_t i = 0; i < running.size(); ++i)
            running[i] = old[i] * m_momentum + current[i] * (1 - m_momentum);
        return store(context, shape, index, running);
    }

    const Node m_node;
    const double m_epsilon;
    const double m_momentum;
    const bool m_training;
};

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<BatchNormalization<float>>(request)};
    case DataType::Double: return {std::make_unique<BatchNormalization<double>>(request)};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createBatchNormalization(const KernelRequest& request)
{
    // Y has the type of X, running mean and variance those of the inputs mean and variance.
    return createForFloats(request, createForRequest, {0, 3, 4, 3, 4});
}

} // namespace lapidary
