// SPDX-License-Identifier: GPL-3.0-or-later
// LRN: y = x / (bias + alpha / size * (sum of squares over neighbouring channels)) ^ beta. Positions go
// in blocks, so that squares and sums of all channels stay in cache; beta 0.75, which models use, is
// two square roots instead of a power.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/normalization.h"
#include "engine/cpu/parallel.h"

#include <cmath>

namespace lapidary {

namespace {

constexpr int64_t positionBlock = 64;

struct LrnAttributes {
    double alpha = 1e-4;
    double beta = 0.75;
    double bias = 1;
    int64_t size = 1;
};

// Positions [0, count) of all channels of a sample; step: elements from one channel to the next.
template <typename T>
struct Slice {
    const T* x;
    T* y;
    int64_t channels;
    int64_t step;
    int64_t count;
};

template <typename T>
void divideByPower(const T* x, T* y, const T* sums, const LrnAttributes& attributes, int64_t count)
{
    const T alpha = static_cast<T>(attributes.alpha / static_cast<double>(attributes.size));
    const T bias = static_cast<T>(attributes.bias);
    const T beta = static_cast<T>(attributes.beta);
    if (attributes.beta == 0.75) {
        for (int64_t i = 0; i < count; ++i) {
            const T root = std::sqrt(bias + alpha * sums[i]);
            y[i] = x[i] / (root * std::sqrt(root));
        }
    } else {
        for (int64_t i = 0; i < count; ++i)
            y[i] = x[i] / std::pow(bias + alpha * sums[i], beta);
    }
}

template <typename T>
void normalizeSlice(const Slice<T>& slice, const LrnAttributes& attributes)
{
    const int64_t before = (attributes.size - 1) / 2;
    const int64_t after = attributes.size - 1 - before;
    T sums[positionBlock];
    for (int64_t c = 0; c < slice.channels; ++c) {
        std::fill_n(sums, slice.count, T{0});
        const int64_t last = std::min(slice.channels - 1, c + after);
        for (int64_t other = std::max<int64_t>(0, c - before); other <= last; ++other) {
            const T* x = slice.x + other * slice.step;
            for (int64_t i = 0; i < slice.count; ++i)
                sums[i] += x[i] * x[i];
        }
        divideByPower(slice.x + c * slice.step, slice.y + c * slice.step, sums, attributes, slice.count);
    }
}

template <typename T>
class Lrn final : public Kernel {
public:
    explicit Lrn(LrnAttributes attributes) : m_attributes(attributes) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an input of rank 2 or more, found " + toString(x.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), x.dims()));
        if (x.count() == 0)
            return {};
        const int64_t channels = x.dims()[1];
        const int64_t inner = x.count() / x.dims()[0] / channels;
        const int64_t blocks = (inner + positionBlock - 1) / positionBlock;
        const int64_t grain = 1 + (1 << 13) / (channels * std::min(inner, positionBlock));
        const FlushDenormals flush;
        return stoppableFor(context.job(), x.dims()[0] * blocks, grain, [&](int64_t i) {
            const int64_t first = i % blocks * positionBlock;
            const int64_t offset = i / blocks * channels * inner + first;
            normalizeSlice<T>({x.data<T>() + offset, y->template mutableData<T>() + offset, channels, inner,
                               std::min(positionBlock, inner - first)},
                              m_attributes);
        });
    }

private:
    const LrnAttributes m_attributes;
};

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    const Node& node = *request.node;
    LrnAttributes attributes;
    attributes.alpha = static_cast<double>(node.floatAttribute("alpha", 1e-4f));
    attributes.beta = static_cast<double>(node.floatAttribute("beta", 0.75f));
    attributes.bias = static_cast<double>(node.floatAttribute("bias", 1.0f));
    attributes.size = node.intAttribute("size", 0);
    if (attributes.size < 1 || attributes.size > (int64_t{1} << 31))
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'size': expected 1 or more, found " + std::to_string(attributes.size));
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<Lrn<float>>(attributes)};
    case DataType::Double: return {std::make_unique<Lrn<double>>(attributes)};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createLrn(const KernelRequest& request)
{
    return createForFloats(request, createForRequest);
}

} // namespace lapidary
