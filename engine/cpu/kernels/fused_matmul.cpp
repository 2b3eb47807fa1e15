// SPDX-License-Identifier: GPL-3.0-or-later
// MatMul of rewrittenDomain (engine/ops/rewritten.cpp): few rows with a kernel of our own, others with bias,
// residual and activation inside oneDNN's primitive. What the library does not take runs step by step.
#include "engine/cpu/epilogue.h"
#include "engine/cpu/few_rows.h"
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"

namespace lapidary {

namespace {

// What was prepared for one shape. No primitive: the steps run this shape.
struct Plan {
    Dims output;
    dnnl::primitive primitive;
    onednn::Arguments arguments; // a, y, scratchpad, b and perhaps the bias
    dnnl::memory b;
    dnnl::memory::desc scratchpad;
    std::optional<FewRowsProduct> fewRows; // our own kernel; without pointers to what changes with the run
    std::string implementation;
    bool usesLibrary = false;
};

class FusedMatMul final : public Kernel {
public:
    FusedMatMul(const KernelRequest& request, std::unique_ptr<Kernel> steps)
        : m_node(*request.node),
          m_activation(m_node.stringAttribute("activation", "")),
          m_alpha(m_node.floatAttribute("activation_alpha", 0)),
          m_beta(m_node.floatAttribute("activation_beta", 0)),
          m_known(activationNamed(m_activation, m_alpha, m_beta)),
          m_transB(m_node.intAttribute("transB", 0) != 0),
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
        TRY(requireTensors(context, {0}, DataType::Float));
        for (const size_t input : {2, 3}) {
            if (context.hasInput(input))
                TRY(requireTensors(context, {input}, DataType::Float));
        }
        TRY_ASSIGN(Plan * plan, planFor(context.tensor(0).dims()));
        if (context.hasInput(2) && (context.tensor(2).count() != m_columns || context.tensor(2).rank() > 2))
            return makeError(ErrorCode::ShapeMismatch, "bias: expected " + std::to_string(m_columns) +
                                                           " elements, found " +
                                                           toString(context.tensor(2).dims()));
        if (context.hasInput(3) && context.tensor(3).dims() != plan->output)
            return makeError(ErrorCode::ShapeMismatch, "residual: expected " + toString(plan->output) +
                                                           ", found " + toString(context.tensor(3).dims()));
        if (!plan->usesLibrary && !plan->fewRows)
            return runSteps(context);
        // A residual that nobody else reads is added to where it lies, unless it is the left operand, too.
        const bool over = context.hasInput(3) && context.tensor(3).bytes() != context.tensor(0).bytes();
        TRY_ASSIGN(Tensor * y, over ? context.allocateOver(3, 0, DataType::Float, plan->output)
                                    : context.allocate(0, DataType::Float, plan->output));
        const FlushDenormals flush;
        if (context.hasInput(3))
            copyResidual(context.tensor(3), *y);
        if (plan->fewRows) {
            runFewRows(*plan->fewRows, context, *y);
            return {};
        }
        return onednn::guarded([&] { execute(*plan, context, *y); });
    }

private:
    bool hasInput(size_t index) const
    {
        return index < m_node.inputs.size() && m_node.inputs[index] != noValue;
    }

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
        if (count > 0 && m_known && isWorthwhile(count / m_inner)) {
            TRY(prepareFewRows(plan, count / m_inner));
        } else if (count > 0) {
            const Status prepared = onednn::guarded([&] { prepare(plan, count / m_inner); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        m_implementation = plan.fewRows       ? "vector"
                           : plan.usesLibrary ? "oneDNN " + plan.implementation
                                              : m_steps->implementation();
        return m_plans.add(a, std::move(plan));
    }

    bool isWorthwhile(int64_t rows) const
    {
        constexpr int64_t tiny = 1 << 15; // multiplications that take less time than calling the library
        return rows <= mostFewRows || rows * m_inner * m_columns <= tiny;
    }

    // Reads the matrix as the model has it; a small one is padded, which spares the loops the odd columns.
    Status prepareFewRows(Plan& plan, int64_t rows)
    {
        constexpr int64_t mostPadded = 1 << 18;
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
        if (m_inner * m_columns <= mostPadded && (m_transB || m_columns % fewRowsPadding != 0)) {
            if (m_padded.empty())
                m_padded = padRows(product.b, m_inner, m_columns, m_transB);
            product.transposed = false;
            product.b = m_padded.data();
            product.bStep = static_cast<int64_t>(m_padded.size()) / m_inner;
        }
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
        applyActivation(*m_known, product.y, y.count());
    }

    void prepare(Plan& plan, int64_t rows)
    {
        const auto left = onednn::rowMajor({rows, m_inner});
        const auto destination = onednn::rowMajor({rows, m_columns});
        const auto bias = hasInput(2) ? onednn::rowMajor({1, m_columns}) : onednn::none();
        dnnl::post_ops operations;
        if (hasInput(3))
            operations.append_sum(1.0f);
        if (!onednn::appendActivation(operations, m_activation, m_alpha, m_beta))
            return;
        dnnl::primitive_attr attributes = onednn::userScratchpad();
        attributes.set_post_ops(operations);
        const auto operation =
            onednn::matmul(left, onednn::anyLayout({m_inner, m_columns}), bias, destination, attributes);
        plan.implementation = operation.impl_info_str();
        if (plan.implementation.starts_with("ref"))
            return;
        plan.b = m_right.as(operation.weights_desc());
        plan.scratchpad = operation.scratchpad_desc();
        plan.primitive = dnnl::matmul(operation);
        plan.arguments.add(DNNL_ARG_SRC, left);
        plan.arguments.add(DNNL_ARG_DST, destination);
        plan.arguments.add(DNNL_ARG_SCRATCHPAD, plan.scratchpad);
        plan.arguments.add(DNNL_ARG_WEIGHTS, operation.weights_desc());
        plan.arguments.point(3, plan.b.get_data_handle());
        if (hasInput(2))
            plan.arguments.add(DNNL_ARG_BIAS, bias);
        plan.usesLibrary = true;
    }

    static void execute(Plan& plan, const KernelContext& context, const Tensor& y)
    {
        plan.arguments.point(0, context.tensor(0).bytes());
        plan.arguments.point(1, y.bytes());
        plan.arguments.point(2, onednn::scratchpadData(plan.scratchpad));
        if (context.hasInput(2))
            plan.arguments.point(4, context.tensor(2).bytes());
        plan.arguments.execute(plan.primitive);
    }

    Status runSteps(KernelContext& context)
    {
        TRY_ASSIGN(Tensor right, m_right.plain());
        TRY(runWithInput(*m_steps, context, 1, Value(std::move(right))));
        m_implementation = m_steps->implementation();
        return {};
    }

    const Node m_node;
    const std::string m_activation;
    const float m_alpha;
    const float m_beta;
    const std::optional<Activation> m_known; // as our own kernels know it
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
