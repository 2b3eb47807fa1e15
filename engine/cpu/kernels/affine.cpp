// SPDX-License-Identifier: GPL-3.0-or-later
// Affine of rewrittenDomain (engine/ops/rewritten.cpp).
#include "engine/cpu/epilogue.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/scale_rows.h"

namespace lapidary {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

class Affine final : public Kernel {
public:
    Affine(const Node& node, const Activation& activation)
        : m_channelsLast(node.intAttribute("channels_last", 0) != 0),
          m_limits(limitsOf(activation).value_or(Limits{-infinity, infinity})),
          m_rest(limitsOf(activation) ? Activation() : activation)
    {
    }

    std::string implementation() const override { return "vector"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1, 2}, DataType::Float));
        const Tensor& x = context.tensor(0);
        const Tensor& scale = context.tensor(1);
        const Tensor& shift = context.tensor(2);
        const int64_t channels = x.rank() < 2 ? -1 : m_channelsLast ? x.dims().back() : x.dims()[1];
        if (scale.dims() != Dims{channels} || shift.dims() != Dims{channels})
            return makeError(ErrorCode::ShapeMismatch,
                             "scale and shift: expected one element for each channel of " +
                                 toString(x.dims()) + ", found " + toString(scale.dims()) + " and " +
                                 toString(shift.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, x.dims()));
        if (x.count() == 0)
            return {};
        const float* from = x.data<float>();
        float* to = y->mutableData<float>();
        constexpr int64_t grain = 1 << 15;
        if (m_channelsLast) {
            parallelFor(x.count() / channels, 1 + grain / channels, [&](int64_t begin, int64_t end) {
                scaleRows(from + begin * channels, scale.data<float>(), shift.data<float>(),
                          to + begin * channels, end - begin, channels, m_limits);
                applyActivation(m_rest, to + begin * channels, (end - begin) * channels);
            });
            return {};
        }
        const int64_t plane = x.count() / (x.dims()[0] * channels);
        parallelFor(x.dims()[0] * channels, 1 + grain / plane, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                scaleAll(from + i * plane, scale.data<float>()[i % channels],
                         shift.data<float>()[i % channels], to + i * plane, plane, m_limits);
            applyActivation(m_rest, to + begin * plane, (end - begin) * plane);
        });
        return {};
    }

private:
    const bool m_channelsLast;
    const Limits m_limits;
    const Activation m_rest; // after the limits
};

Result<std::unique_ptr<Kernel>> create(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    const Node& node = *request.node;
    const auto activation =
        activationNamed(node.stringAttribute("activation", ""), node.floatAttribute("activation_alpha", 0),
                        node.floatAttribute("activation_beta", 0));
    if (!activation)
        return makeError(ErrorCode::UnsupportedOp, "does not know the activation");
    return {std::make_unique<Affine>(node, *activation)};
}

constexpr KernelRow rows[] = {
    {"lapidary", "Affine", 1, newestOpset, "vector", create},
};

} // namespace

std::span<const KernelRow> affineKernels() { return rows; }

} // namespace lapidary
