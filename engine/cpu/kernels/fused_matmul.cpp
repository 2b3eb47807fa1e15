// SPDX-License-Identifier: GPL-3.0-or-later
// MatMul of rewrittenDomain (engine/ops/rewritten.cpp): bias, residual and activation inside oneDNN's primitive. What
// the library does not take runs step by step.
#include "engine/cpu/float_convert.h"
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
    Dims output;
    dnnl::primitive primitive;
    dnnl::memory::desc a;
    dnnl::memory::desc bias;
    dnnl::memory::desc y;
    Operand b;
    dnnl::memory::desc scratchpad;
    std::string implementation;
    bool usesLibrary = false;
};

class FusedMatMul final : public Kernel {
public:
    FusedMatMul(const KernelRequest& request, std::unique_ptr<Kernel> steps)
        : m_activation(request.node->stringAttribute("activation", "")),
          m_alpha(request.node->floatAttribute("activation_alpha", 0)),
          m_beta(request.node->floatAttribute("activation_beta", 0)),
          m_transB(request.node->intAttribute("transB", 0) != 0),
          m_right(request.constantInputs[1]),
          m_steps(std::move(steps))
    {
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, DataType::Float));
        for (const size_t input : {2, 3}) {
            if (context.hasInput(input))
                TRY(requireTensors(context, {input}, DataType::Float));
        }
        TRY_ASSIGN(Plan * plan, planFor(context));
        const bool fits = (!context.hasInput(2) || context.tensor(2).count() == m_right.dims()[m_transB ? 0 : 1]) &&
                          (!context.hasInput(3) || context.tensor(3).dims() == plan->output);
        if (!plan->usesLibrary || !fits) {
            m_implementation = m_steps->implementation();
            return m_steps->run(context);
        }
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, plan->output));
        m_implementation = "oneDNN " + plan->implementation;
        const FlushDenormals flush;
        return onednn::guarded([&] { execute(*plan, context, *y); });
    }

private:
    Result<Plan*> planFor(const KernelContext& context)
    {
        const Tensor& a = context.tensor(0);
        const Dims key = joinedKey(a.dims(), Dims{context.hasInput(2), context.hasInput(3)});
        if (Plan* plan = m_plans.find(key))
            return plan;
        const int64_t inner = m_right.dims()[m_transB ? 1 : 0];
        const int64_t columns = m_right.dims()[m_transB ? 0 : 1];
        if (a.rank() < 2 || a.dims().back() != inner)
            return makeError(ErrorCode::ShapeMismatch, "expected a left operand with " + std::to_string(inner) +
                                                           " columns, found " + toString(a.dims()));
        Plan plan;
        plan.output = a.dims();
        plan.output.back() = columns;
        if (a.count() > 0) {
            const Status prepared = onednn::guarded(
                [&] { prepare(plan, a.count() / inner, inner, columns, context.hasInput(2), context.hasInput(3)); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        return m_plans.add(key, std::move(plan));
    }

    void prepare(Plan& plan, int64_t rows, int64_t inner, int64_t columns, bool hasBias, bool hasResidual) const
    {
        plan.a = onednn::rowMajor({rows, inner});
        plan.y = onednn::rowMajor({rows, columns});
        plan.bias = hasBias ? onednn::rowMajor({1, columns}) : onednn::none();
        dnnl::post_ops operations;
        if (hasResidual)
            operations.append_binary(dnnl::algorithm::binary_add, plan.y);
        if (!onednn::appendActivation(operations, m_activation, m_alpha, m_beta))
            return;
        dnnl::primitive_attr attributes = onednn::userScratchpad();
        attributes.set_post_ops(operations);
        const auto operation = onednn::matmul(plan.a, onednn::anyLayout({inner, columns}), plan.bias, plan.y, attributes);
        plan.implementation = operation.impl_info_str();
        if (plan.implementation.starts_with("ref"))
            return;
        const auto outside = m_transB ? onednn::strided({inner, columns}, {1, inner}) : onednn::rowMajor({inner, columns});
        plan.b = Operand(outside, operation.weights_desc(), Slot::Weights);
        plan.scratchpad = operation.scratchpad_desc();
        plan.primitive = dnnl::matmul(operation);
        plan.usesLibrary = true;
    }

    void execute(const Plan& plan, const KernelContext& context, Tensor& y)
    {
        std::unordered_map<int, dnnl::memory> arguments{
            {DNNL_ARG_SRC, onednn::wrap(plan.a, context.tensor(0).bytes())},
            {DNNL_ARG_WEIGHTS, rightFor(plan)},
            {DNNL_ARG_DST, onednn::wrap(plan.y, y.mutableBytes())},
            {DNNL_ARG_SCRATCHPAD, onednn::scratchpad(plan.scratchpad)}};
        if (context.hasInput(2))
            arguments.emplace(DNNL_ARG_BIAS, onednn::wrap(plan.bias, context.tensor(2).bytes()));
        if (context.hasInput(3))
            arguments.emplace(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1,
                              onednn::wrap(plan.y, context.tensor(3).bytes()));
        plan.primitive.execute(onednn::stream(), arguments);
    }

    dnnl::memory rightFor(const Plan& plan)
    {
        if (!plan.b.reorders())
            return plan.b.read(m_right.bytes());
        for (const dnnl::memory& packed : m_packed) { // shapes often agree on one layout
            if (packed.get_desc() == plan.b.inside())
                return packed;
        }
        m_packed.push_back(plan.b.pack(m_right.bytes()));
        return m_packed.back();
    }

    const std::string m_activation;
    const float m_alpha;
    const float m_beta;
    const bool m_transB;
    const Tensor m_right;
    std::unique_ptr<Kernel> m_steps;
    std::vector<dnnl::memory> m_packed;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

Result<std::unique_ptr<Kernel>> createSteps(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    return fusedKernel(request, [node = *request.node](const KernelContext& context) -> Result<FusedPlan> {
        FusedPlan plan;
        std::string b = "x1";
        if (node.intAttribute("transB", 0) != 0)
            b = plan.add("Transpose", {b}, "transposed", {makeAttribute("perm", std::vector<int64_t>{1, 0})});
        std::string value = plan.add("MatMul", {"x0", b}, "product");
        if (context.hasInput(2))
            value = plan.add("Add", {value, "x2"}, "with bias");
        if (context.hasInput(3))
            value = plan.add("Add", {value, "x3"}, "sum");
        TRY(addActivation(plan, node, value, context.tensor(0)));
        return endsIn(plan, "y0");
    });
}

Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    if (request.constantInputs.size() < 2 || request.constantInputs[1].type() != DataType::Float ||
        request.constantInputs[1].rank() != 2 || request.constantInputs[1].count() == 0)
        return makeError(ErrorCode::UnsupportedOp, "wants a constant matrix on the right");
    TRY_ASSIGN(std::unique_ptr<Kernel> steps, createSteps(request));
    return {std::make_unique<FusedMatMul>(request, std::move(steps))};
}

constexpr KernelRow rows[] = {
    {"lapidary", "MatMul", 1, newestOpset, "oneDNN", createOneDnn},
    {"lapidary", "MatMul", 1, newestOpset, "plain", createSteps},
};

} // namespace

std::span<const KernelRow> fusedMatMulKernels() { return rows; }

} // namespace lapidary
