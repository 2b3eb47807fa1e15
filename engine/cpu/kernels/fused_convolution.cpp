// SPDX-License-Identifier: GPL-3.0-or-later
// Conv of rewrittenDomain (engine/ops/rewritten.cpp): bias, residual and activation inside oneDNN's primitive, the
// tensors with channels last as they are. Other layouts and what the library does not take run step by step.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/convolution_onednn.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"

namespace lapidary {

namespace {

using onednn::Operand;
using onednn::Slot;

// What was prepared for one shape. No primitive: the steps run this shape.
struct Plan {
    Dims output; // channels last
    dnnl::primitive primitive;
    dnnl::memory::desc x;
    dnnl::memory::desc y;
    dnnl::memory::desc bias;
    Operand w;
    dnnl::memory::desc scratchpad;
    std::string implementation;
    bool usesLibrary = false;
};

class FusedConvolution final : public Kernel {
public:
    FusedConvolution(const KernelRequest& request, std::unique_ptr<Kernel> steps)
        : m_node(*request.node),
          m_activation(m_node.stringAttribute("activation", "")),
          m_alpha(m_node.floatAttribute("activation_alpha", 0)),
          m_beta(m_node.floatAttribute("activation_beta", 0)),
          m_steps(std::move(steps))
    {
        if (request.constantInputs.size() > 1)
            m_weights = request.constantInputs[1];
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, DataType::Float));
        for (const size_t input : {2, 3}) {
            if (context.hasInput(input))
                TRY(requireTensors(context, {input}, DataType::Float));
        }
        TRY_ASSIGN(Plan * plan, planFor(context));
        if (!plan->usesLibrary) {
            m_implementation = m_steps->implementation();
            return m_steps->run(context);
        }
        if (context.hasInput(3) && context.tensor(3).dims() != plan->output)
            return makeError(ErrorCode::ShapeMismatch, "residual: expected " + toString(plan->output) + ", found " +
                                                           toString(context.tensor(3).dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, plan->output));
        m_implementation = "oneDNN " + plan->implementation;
        const FlushDenormals flush;
        return onednn::guarded([&] { execute(*plan, context, *y); });
    }

private:
    Result<Plan*> planFor(const KernelContext& context)
    {
        const Dims& x = context.tensor(0).dims();
        const Dims key = joinedKey(x, context.tensor(1).dims(), Dims{context.hasInput(2), context.hasInput(3)});
        if (Plan* plan = m_plans.find(key))
            return plan;
        Plan plan;
        Dims dims = x; // channels first
        if (dims.size() > 2)
            std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
        const Dims* bias = context.hasInput(2) ? &context.tensor(2).dims() : nullptr;
        TRY_ASSIGN(const ConvolutionShape shape, convolutionShape(m_node, dims, context.tensor(1).dims(), bias));
        const bool empty = elementCount(shape.output).value_or(0) == 0 || context.tensor(0).count() == 0 ||
                           context.tensor(1).count() == 0;
        if (!empty && shape.placements.size() <= 3) {
            const Status prepared =
                onednn::guarded([&] { prepare(plan, shape, dims, bias != nullptr, context.hasInput(3)); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        return m_plans.add(key, std::move(plan));
    }

    void prepare(Plan& plan, const ConvolutionShape& shape, const Dims& x, bool hasBias, bool hasResidual) const
    {
        const Dims weights = weightDims(shape);
        plan.x = onednn::channelsLast(x);
        plan.y = onednn::channelsLast(shape.output);
        plan.bias = hasBias ? onednn::rowMajor({shape.outputChannels}) : onednn::none();
        dnnl::post_ops operations;
        if (hasResidual)
            operations.append_binary(dnnl::algorithm::binary_add, plan.y);
        if (!onednn::appendActivation(operations, m_activation, m_alpha, m_beta))
            return;
        dnnl::primitive_attr attributes = onednn::userScratchpad();
        attributes.set_post_ops(operations);
        const auto operation = onednn::convolution(plan.x, onednn::anyLayout(weights), plan.bias, plan.y,
                                                   windowAttributes(shape), attributes);
        plan.implementation = operation.impl_info_str();
        if (plan.implementation.starts_with("ref"))
            return;
        plan.w = Operand(onednn::rowMajor(weights), operation.weights_desc(), Slot::Weights);
        plan.scratchpad = operation.scratchpad_desc();
        plan.primitive = dnnl::convolution_forward(operation);
        plan.output = shape.output;
        std::rotate(plan.output.begin() + 1, plan.output.begin() + 2, plan.output.end());
        plan.usesLibrary = true;
    }

    void execute(Plan& plan, KernelContext& context, Tensor& y)
    {
        std::unordered_map<int, dnnl::memory> arguments{
            {DNNL_ARG_SRC, onednn::wrap(plan.x, context.tensor(0).bytes())},
            {DNNL_ARG_WEIGHTS, weightsFor(plan, context)},
            {DNNL_ARG_DST, onednn::wrap(plan.y, y.mutableBytes())},
            {DNNL_ARG_SCRATCHPAD, onednn::scratchpad(plan.scratchpad)}};
        if (context.hasInput(2))
            arguments.emplace(DNNL_ARG_BIAS, onednn::wrap(plan.bias, context.tensor(2).bytes()));
        if (context.hasInput(3))
            arguments.emplace(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1,
                              onednn::wrap(plan.y, context.tensor(3).bytes()));
        plan.primitive.execute(onednn::stream(), arguments);
    }

    dnnl::memory weightsFor(const Plan& plan, const KernelContext& context)
    {
        if (m_weights.empty() || !plan.w.reorders())
            return plan.w.read(context.tensor(1).bytes());
        for (const dnnl::memory& packed : m_packed) { // shapes often agree on one layout
            if (packed.get_desc() == plan.w.inside())
                return packed;
        }
        m_packed.push_back(plan.w.pack(m_weights.bytes()));
        return m_packed.back();
    }

    const Node m_node;
    const std::string m_activation;
    const float m_alpha;
    const float m_beta;
    std::unique_ptr<Kernel> m_steps;
    Tensor m_weights; // empty when they are not constant
    std::vector<dnnl::memory> m_packed;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    if (request.node->intAttribute("channels_last", 0) == 0)
        return makeError(ErrorCode::UnsupportedOp, "wants channels last");
    TRY_ASSIGN(std::unique_ptr<Kernel> steps, createFusedConv(request));
    return {std::make_unique<FusedConvolution>(request, std::move(steps))};
}

constexpr KernelRow rows[] = {
    {"lapidary", "Conv", 1, newestOpset, "oneDNN", createOneDnn},
    {"lapidary", "Conv", 1, newestOpset, "plain", createFusedConv},
};

} // namespace

std::span<const KernelRow> fusedConvolutionKernels() { return rows; }

} // namespace lapidary
