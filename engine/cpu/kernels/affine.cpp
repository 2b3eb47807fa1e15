// SPDX-License-Identifier: GPL-3.0-or-later
// Affine of rewrittenDomain (engine/ops/rewritten.cpp).
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/scale_rows.h"

namespace lapidary {

namespace {

class Affine final : public Kernel {
public:
    Affine(const Node& node, Limits limits)
        : m_channelsLast(node.intAttribute("channels_last", 0) != 0), m_limits(limits)
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
            return makeError(ErrorCode::ShapeMismatch, "scale and shift: expected one element for each channel of " +
                                                           toString(x.dims()) + ", found " + toString(scale.dims()) +
                                                           " and " + toString(shift.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, x.dims()));
        if (x.count() == 0)
            return {};
        const float* from = x.data<float>();
        float* to = y->mutableData<float>();
        constexpr int64_t grain = 1 << 15;
        if (m_channelsLast) {
            parallelFor(x.count() / channels, 1 + grain / channels, [&](int64_t begin, int64_t end) {
                scaleRows(from + begin * channels, scale.data<float>(), shift.data<float>(), to + begin * channels,
                          end - begin, channels, m_limits);
            });
            return {};
        }
        const int64_t plane = x.count() / (x.dims()[0] * channels);
        parallelFor(x.dims()[0] * channels, 1 + grain / plane, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                scaleAll(from + i * plane, scale.data<float>()[i % channels], shift.data<float>()[i % channels],
                         to + i * plane, plane, m_limits);
        });
        return {};
    }

private:
    const bool m_channelsLast;
    const Limits m_limits;
};

// Any activation: the scaled sum, then what follows.
Result<std::unique_ptr<Kernel>> createSteps(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    return fusedKernel(request, [node = *request.node](const KernelContext& context) -> Result<FusedPlan> {
        FusedPlan plan;
        std::string scale = "x1";
        std::string shift = "x2";
        if (node.intAttribute("channels_last", 0) == 0) {
            // Behind the channels lie axes of their own.
            std::vector<int64_t> dims{-1};
            for (int64_t axis = 2; axis < context.tensor(0).rank(); ++axis)
                dims.push_back(1);
            const std::string shape = plan.constantInts("shape", dims);
            scale = plan.add("Reshape", {scale, shape}, "scales");
            shift = plan.add("Reshape", {shift, shape}, "shifts");
        }
        const std::string sum = plan.add("Add", {plan.add("Mul", {"x0", scale}, "scaled"), shift}, "sum");
        TRY(addActivation(plan, node, sum, context.tensor(0)));
        return endsIn(plan, "y0");
    });
}

Result<std::unique_ptr<Kernel>> create(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    const auto limits = limitsOf(*request.node);
    if (!limits)
        return makeError(ErrorCode::UnsupportedOp, "limits only");
    return {std::make_unique<Affine>(*request.node, *limits)};
}

constexpr KernelRow rows[] = {
    {"lapidary", "Affine", 1, newestOpset, "vector", create},
    {"lapidary", "Affine", 1, newestOpset, "plain", createSteps},
};

} // namespace

std::span<const KernelRow> affineKernels() { return rows; }

} // namespace lapidary
