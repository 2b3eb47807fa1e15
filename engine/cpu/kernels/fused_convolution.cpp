// SPDX-License-Identifier: GPL-3.0-or-later
// Conv of rewrittenDomain (engine/ops/rewritten.cpp) with channels last: 3x3 kernels after Winograd where
// that is faster, the rest on oneDNN with bias, residual and activation inside the primitive. Other layouts
// and what the library does not take run step by step.
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/convolution_onednn.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/fused_primitive.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"
#include "engine/cpu/winograd.h"

namespace lapidary {

namespace {

// What was prepared for one shape. No primitive: the steps run this shape.
struct Plan {
    Dims output; // channels last
    FusedPrimitive primitive;
    std::optional<WinogradShape> winograd;
};

// The shape, if Winograd's algorithm serves it.
std::optional<WinogradShape> winogradShape(const ConvolutionShape& shape, const Dims& x)
{
    if (shape.placements.size() != 2 || shape.groups != 1)
        return std::nullopt;
    for (const AxisWindow& axis : shape.window.axes) {
        if (axis.kernel != 3 || axis.stride != 1 || axis.dilation != 1)
            return std::nullopt;
    }
    return WinogradShape{x[0],
                         x[2],
                         x[3],
                         x[1],
                         shape.outputChannels,
                         shape.placements[0].padBegin,
                         shape.placements[1].padBegin,
                         shape.output[2] + 2 - x[2] - shape.placements[0].padBegin,
                         shape.output[3] + 2 - x[3] - shape.placements[1].padBegin};
}

class FusedConvolution final : public Kernel {
public:
    FusedConvolution(const KernelRequest& request, std::unique_ptr<Kernel> steps)
        : m_node(*request.node),
          m_terms(m_node),
          m_isExact(request.precision == Precision::Exact),
          m_weightDims(request.constantInputs[1].dims()),
          m_weights(request.constantInputs[1], onednn::rowMajor(groupedDims())),
          m_steps(std::move(steps))
    {
        // What can be done before the first run, where the shape is known.
        const auto& shape = request.inputTypes[0].shape;
        if (const auto dims = shape ? concreteDims(*shape) : std::nullopt) {
            const auto plan = planFor(*dims); // an error is one of the run
            if (plan.ok() && plan.value()->winograd)
                m_weights.letGo();
        }
    }

    std::string implementation() const override { return m_implementation; }
    bool keepsConstant(size_t input) const override { return input == 1; }

    Status run(KernelContext& context) override
    {
        TRY(requireFusedInputs(context));
        TRY_ASSIGN(Plan * plan, planFor(context.tensor(0).dims()));
        if (!plan->primitive.isReady() && !plan->winograd)
            return runSteps(context);
        if (context.hasInput(2) && context.tensor(2).dims() != Dims{m_weightDims[0]})
            return makeError(ErrorCode::ShapeMismatch, "bias: expected " + toString(Dims{m_weightDims[0]}) +
                                                           ", found " + toString(context.tensor(2).dims()));
        if (context.hasInput(3) && context.tensor(3).dims() != plan->output)
            return makeError(ErrorCode::ShapeMismatch, "residual: expected " + toString(plan->output) +
                                                           ", found " + toString(context.tensor(3).dims()));
        TRY_ASSIGN(Tensor * y, allocateFused(context, plan->output));
        const FlushDenormals flush;
        if (plan->winograd)
            return runWinograd(*plan->winograd, context, *y);
        if (context.hasInput(3))
            copyResidual(context.tensor(3), *y);
        return onednn::guarded([&] { plan->primitive.execute(context, *y); });
    }

private:
    // [O, I, kernel...], with groups [G, O / G, I, kernel...].
    Dims groupedDims() const
    {
        const int64_t groups = m_node.intAttribute("group", 1);
        Dims dims = m_weightDims;
        if (groups > 1 && dims[0] % groups == 0) {
            dims[0] /= groups;
            dims.insert(dims.begin(), groups);
        }
        return dims;
    }

    Result<Plan*> planFor(const Dims& x)
    {
        if (Plan* plan = m_plans.find(x))
            return plan;
        Plan plan;
        Dims dims = x; // channels first
        if (dims.size() > 2)
            std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
        TRY_ASSIGN(const ConvolutionShape shape, convolutionShape(m_node, dims, m_weightDims, nullptr));
        const bool empty = elementCount(shape.output).value_or(0) == 0 || elementCount(x).value_or(0) == 0;
        if (!empty)
            TRY(prepareWinograd(plan, shape, dims));
        if (!empty && !plan.winograd && shape.placements.size() <= 3) {
            const Status prepared = onednn::guarded([&] { prepare(plan, shape, dims); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        m_implementation = plan.winograd              ? winogradName()
                           : plan.primitive.isReady() ? plan.primitive.implementation()
                                                      : m_steps->implementation();
        return m_plans.add(x, std::move(plan));
    }

    Status prepareWinograd(Plan& plan, const ConvolutionShape& shape, const Dims& x)
    {
        const auto wanted = m_isExact || !m_terms.activation ? std::nullopt : winogradShape(shape, x);
        const auto tile = wanted ? bestWinogradTile(*wanted) : std::nullopt;
        if (!tile)
            return {};
        if (!m_winograd || m_winograd->tile() != *tile) {
            TRY_ASSIGN(const Tensor weights, m_weights.plain());
            TRY_ASSIGN(m_winograd, WinogradConvolution::create(weights.data<float>(), wanted->outputChannels,
                                                               wanted->inputChannels, *tile));
        }
        plan.winograd = wanted;
        plan.output = {x[0], shape.output[2], shape.output[3], shape.outputChannels};
        return {};
    }

    std::string winogradName() const
    {
        return m_winograd->tile() == WinogradTile::Four ? "Winograd F(4,3)" : "Winograd F(2,3)";
    }

    Status runWinograd(const WinogradShape& shape, const KernelContext& context, Tensor& y) const
    {
        Epilogue epilogue;
        epilogue.activation = *m_terms.activation;
        if (context.hasInput(2))
            epilogue.bias = context.tensor(2).data<float>();
        if (context.hasInput(3))
            epilogue.residual = context.tensor(3).data<float>();
        return m_winograd->run(context.tensor(0).data<float>(), shape, epilogue, y.mutableData<float>());
    }

    void prepare(Plan& plan, const ConvolutionShape& shape, const Dims& x)
    {
        const auto attributes = FusedPrimitive::attributes(m_terms);
        if (!attributes)
            return;
        const auto bias = m_terms.hasBias ? onednn::rowMajor({shape.outputChannels}) : onednn::none();
        const auto operation =
            onednn::convolution(onednn::channelsLast(x), onednn::anyLayout(weightDims(shape)), bias,
                                onednn::channelsLast(shape.output), windowAttributes(shape), *attributes);
        if (!plan.primitive.prepare<dnnl::convolution_forward>(operation, bias, m_weights))
            return;
        plan.output = shape.output;
        std::rotate(plan.output.begin() + 1, plan.output.begin() + 2, plan.output.end());
    }

    Status runSteps(KernelContext& context)
    {
        TRY_ASSIGN(Tensor weights, m_weights.plain());
        TRY(runWithInput(*m_steps, context, 1, Value(std::move(weights))));
        m_implementation = m_steps->implementation();
        return {};
    }

    const Node m_node;
    const FusedTerms m_terms;
    const bool m_isExact;
    const Dims m_weightDims;
    onednn::PackedWeights m_weights;
    std::optional<WinogradConvolution> m_winograd;
    std::unique_ptr<Kernel> m_steps;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    if (request.node->intAttribute("channels_last", 0) == 0)
        return makeError(ErrorCode::UnsupportedOp, "wants channels last");
    if (request.constantInputs.size() < 2 || request.constantInputs[1].type() != DataType::Float ||
        request.constantInputs[1].count() == 0 || request.constantInputs[1].rank() < 3)
        return makeError(ErrorCode::UnsupportedOp, "wants constant weights");
    KernelRequest variable = request; // the steps need not hold weights that are packed here
    variable.constantInputs[1] = {};
    TRY_ASSIGN(std::unique_ptr<Kernel> steps, createFusedConv(variable));
    return {std::make_unique<FusedConvolution>(request, std::move(steps))};
}

constexpr KernelRow rows[] = {
    {"lapidary", "Conv", 1, newestOpset, "oneDNN", createOneDnn},
    {"lapidary", "Conv", 1, newestOpset, "plain", createFusedConv},
};

} // namespace

std::span<const KernelRow> fusedConvolutionKernels() { return rows; }

} // namespace lapidary
