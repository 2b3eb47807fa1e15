// SPDX-License-Identifier: GPL-3.0-or-later
// MatMul of rewrittenDomain (engine/ops/rewritten.cpp): few rows with a kernel of our own, others with bias,
// residual and activation inside oneDNN's primitive. What the library does not take runs step by step.
#include "engine/cpu/few_rows.h"
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/fused_primitive.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"

namespace lapidary {

namespace {

// What was prepared for one shape. No primitive: the steps run this shape.
struct Plan {
    Dims output;
    FusedPrimitive primitive;
    std::optional<FewRowsProduct> fewRows; // our own kernel; without pointers to what changes with the run
};

class FusedMatMul final : public Kernel {
public:
    FusedMatMul(const KernelRequest& request, std::unique_ptr<Kernel> steps)
        : m_terms(*request.node),
          m_transB(request.node->intAttribute("transB", 0) != 0),
          m_inner(request.constantInputs[1].dims()[m_transB ? 1 : 0]),
          m_columns(request.constantInputs[1].dims()[m_transB ? 0 : 1]),
          m_right(request.constantInputs[1], m_transB ? onednn::strided({m_inner, m_columns}, {1, m_inner})
                                                      : onednn::rowMajor({m_inner, m_columns})),
          m_steps(std::move(steps))
    {
        // What can be done before the first run, where the shape is known.
        const auto& shape = request.inputTypes[0].shape;
        if (const auto dims = shape ? concreteDims(*shape) : std::nullopt)
            (void)planFor(*dims); // an error is one of the run
    }

    std::string implementation() const override { return m_implementation; }
    bool keepsConstant(size_t input) const override { return input == 1; }

    Status run(KernelContext& context) override
    {
        TRY(requireFusedInputs(context));
        TRY_ASSIGN(Plan * plan, planFor(context.tensor(0).dims()));
        if (context.hasInput(2) && (context.tensor(2).count() != m_columns || context.tensor(2).rank() > 2))
            return makeError(ErrorCode::ShapeMismatch, "bias: expected " + std::to_string(m_columns) +
                                                           " elements, found " +
                                                           toString(context.tensor(2).dims()));
        if (context.hasInput(3) && context.tensor(3).dims() != plan->output)
            return makeError(ErrorCode::ShapeMismatch, "residual: expected " + toString(plan->output) +
                                                           ", found " + toString(context.tensor(3).dims()));
        if (!plan->primitive.isReady() && !plan->fewRows)
            return runSteps(context);
        TRY_ASSIGN(Tensor * y, allocateFused(context, plan->output));
        const FlushDenormals flush;
        if (context.hasInput(3))
            copyResidual(context.tensor(3), *y);
        if (plan->fewRows) {
            runFewRows(*plan->fewRows, context, *y);
            return {};
        }
        return onednn::guarded([&] { plan->primitive.execute(context, *y); });
    }

private:
    Result<Plan*> planFor(const Dims& a)
    {
        if (Plan* plan = m_plans.find(a))
            return plan;
        if (a.size() < 2 || a.back() != m_inner)
            return makeError(ErrorCode::ShapeMismatch, "expected a left operand with " +
                                                           std::to_string(m_inner) + " columns, found " +
                                                           toString(a));
        Plan plan;
        plan.output = a;
        plan.output.back() = m_columns;
        const int64_t count = elementCount(a).value_or(0);
        if (count > 0 && m_terms.activation && isForFewRows(count / m_inner, m_inner, m_columns)) {
            TRY(prepareFewRows(plan, count / m_inner));
        } else if (count > 0) {
            const Status prepared = onednn::guarded([&] { prepare(plan, count / m_inner); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        m_implementation = plan.fewRows               ? "vector"
                           : plan.primitive.isReady() ? plan.primitive.implementation()
                                                      : m_steps->implementation();
        return m_plans.add(a, std::move(plan));
    }

    // Reads the matrix as the model has it.
    Status prepareFewRows(Plan& plan, int64_t rows)
    {
        if (m_plain.empty()) {
            TRY_ASSIGN(m_plain, m_right.plain());
        }
        FewRowsProduct product;
        product.m = rows;
        product.k = m_inner;
        product.n = m_columns;
        product.b = m_plain.data<float>();
        product.transposed = m_transB;
        product.bStep = m_transB ? m_inner : m_columns;
        padSmallRight(product, m_padded);
        plan.fewRows = product;
        return {};
    }

    void runFewRows(FewRowsProduct product, const KernelContext& context, Tensor& y) const
    {
        product.a = context.tensor(0).data<float>();
        product.y = y.mutableData<float>();
        if (context.hasInput(2))
            product.bias = context.tensor(2).data<float>();
        product.adds = context.hasInput(3);
        multiplyFewRows(product);
        applyActivation(*m_terms.activation, product.y, y.count());
    }

    void prepare(Plan& plan, int64_t rows)
    {
        const auto attributes = FusedPrimitive::attributes(m_terms);
        if (!attributes)
            return;
        const auto bias = m_terms.hasBias ? onednn::rowMajor({1, m_columns}) : onednn::none();
        const auto operation =
            onednn::matmul(onednn::rowMajor({rows, m_inner}), onednn::anyLayout({m_inner, m_columns}), bias,
                           onednn::rowMajor({rows, m_columns}), *attributes);
        plan.primitive.prepare<dnnl::matmul>(operation, bias, m_right);
    }

    Status runSteps(KernelContext& context)
    {
        TRY_ASSIGN(Tensor right, m_right.plain());
        TRY(runWithInput(*m_steps, context, 1, Value(std::move(right))));
        m_implementation = m_steps->implementation();
        return {};
    }

    const FusedTerms m_terms;
    const bool m_transB;
    const int64_t m_inner;
    const int64_t m_columns;
    onednn::PackedWeights m_right;
    Tensor m_plain;              // the matrix for products of few rows
    std::vector<float> m_padded; // and where it is padded
    std::unique_ptr<Kernel> m_steps;
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
    KernelRequest variable = request; // the steps need not hold a matrix that is packed here
    variable.constantInputs[1] = {};
    TRY_ASSIGN(std::unique_ptr<Kernel> steps, createSteps(variable));
    return {std::make_unique<FusedMatMul>(request, std::move(steps))};
}

constexpr KernelRow rows[] = {
    {"lapidary", "MatMul", 1, newestOpset, "oneDNN", createOneDnn},
};

} // namespace

std::span<const KernelRow> fusedMatMulKernels() { return rows; }

} // namespace lapidary
