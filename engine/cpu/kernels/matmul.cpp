// SPDX-License-Identifier: GPL-3.0-or-later
// MatMul and Gemm on oneDNN's matmul primitive. Constant right operands are packed once.
#include "engine/cpu/kernels/matmul.h"

#include "engine/cpu/few_rows.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"

namespace lapidary {

namespace {

using onednn::Operand;
using onednn::Slot;

// A product in the library's terms; ranks are equal.
struct Product {
    dnnl::memory::desc a;
    dnnl::memory::desc b;
    dnnl::memory::desc y;
    Dims bDims;
    dnnl::memory::desc bias = onednn::none();
    float alpha = 1;
    bool addsToOutput = false; // y holds beta * c before
};

// What was prepared for one shape. No primitive: plain C++ runs this shape.
struct Plan {
    Dims output;
    GemmShape gemm;
    Product product;
    Operand b;
    dnnl::primitive primitive;
    dnnl::memory::desc scratchpad;
    onednn::Arguments arguments; // a, b, y, scratchpad and perhaps the bias
    std::string implementation;
    bool usesLibrary = false;
    // A product of few rows: sizes, and what is the same in every run.
    FewRowsProduct fewRows;
    bool isFewRows = false;
};

void prepareProduct(Plan& plan, bool packs)
{
    const Product& product = plan.product;
    dnnl::primitive_attr attributes = onednn::userScratchpad();
    dnnl::post_ops postOps;
    if (product.alpha != 1)
        onednn::appendScale(postOps, product.alpha);
    if (product.addsToOutput)
        postOps.append_sum(1.0f);
    attributes.set_post_ops(postOps);
    const auto operation = onednn::matmul(product.a, packs ? onednn::anyLayout(product.bDims) : product.b,
                                          product.bias, product.y, attributes);
    const std::string implementation = operation.impl_info_str();
    if (implementation.starts_with("ref"))
        return;
    plan.implementation = "oneDNN " + implementation;
    plan.b = Operand(product.b, operation.weights_desc(), Slot::Weights);
    plan.scratchpad = operation.scratchpad_desc();
    plan.primitive = dnnl::matmul(operation);
    plan.arguments.add(DNNL_ARG_SRC, product.a);
    plan.arguments.add(DNNL_ARG_WEIGHTS, plan.b.inside());
    plan.arguments.add(DNNL_ARG_DST, product.y);
    plan.arguments.add(DNNL_ARG_SCRATCHPAD, plan.scratchpad);
    if (product.bias != onednn::none())
        plan.arguments.add(DNNL_ARG_BIAS, product.bias);
    plan.usesLibrary = true;
}

// Whether a row c is added to each row of the product, as it is.
bool addsRow(const GemmShape& shape)
{
    const bool isRow = shape.cRowStep == 0 && (shape.cColumnStep == 1 || shape.n == 1);
    return isRow && shape.beta == 1;
}

// Sizes of a product of few rows with one matrix; m is 0 where it is none.
FewRowsProduct fewRowsOf(const MatMulShape& shape)
{
    FewRowsProduct product;
    if (elementCount(shape.bBatch) != 1)
        return product;
    product.m = elementCount(shape.aBatch).value_or(0) * shape.m;
    product.k = shape.k;
    product.n = shape.n;
    product.bStep = shape.n;
    return product;
}

FewRowsProduct fewRowsOf(const GemmShape& shape)
{
    FewRowsProduct product;
    if (shape.transA && shape.m != 1)
        return product;
    product.m = shape.m;
    product.k = shape.k;
    product.n = shape.n;
    product.transposed = shape.transB;
    product.bStep = shape.transB ? shape.k : shape.n;
    product.alpha = shape.alpha;
    return product;
}

// The stacks of matrices with as few batch axes as broadcasting allows.
Product matMulProduct(const MatMulShape& shape)
{
    const int64_t aCount = elementCount(shape.aBatch).value_or(0);
    const int64_t bCount = elementCount(shape.bBatch).value_or(0);
    Dims a;
    Dims b;
    Dims y;
    if (bCount == 1) { // one right matrix: all left ones stand on top of each other
        a = {aCount * shape.m, shape.k};
        b = {shape.k, shape.n};
        y = {aCount * shape.m, shape.n};
    } else if (shape.aBatch == shape.bBatch) {
        a = {aCount, shape.m, shape.k};
        b = {bCount, shape.k, shape.n};
        y = {aCount, shape.m, shape.n};
    } else {
        a = shape.aBatch;
        b = shape.bBatch;
        y = shape.batch;
        a.insert(a.end(), {shape.m, shape.k});
        b.insert(b.end(), {shape.k, shape.n});
        y.insert(y.end(), {shape.m, shape.n});
    }
    Product product;
    product.a = onednn::rowMajor(a);
    product.b = onednn::rowMajor(b);
    product.y = onednn::rowMajor(y);
    product.bDims = std::move(b);
    return product;
}

Product gemmProduct(const GemmShape& shape, bool hasC)
{
    Product product;
    product.a = shape.transA ? onednn::strided({shape.m, shape.k}, {1, shape.m})
                             : onednn::rowMajor({shape.m, shape.k});
    product.bDims = {shape.k, shape.n};
    product.b = shape.transB ? onednn::strided(product.bDims, {1, shape.k}) : onednn::rowMajor(product.bDims);
    product.y = onednn::rowMajor({shape.m, shape.n});
    product.alpha = shape.alpha;
    // A row added to each row is what the library calls bias; it is added before alpha multiplies.
    if (hasC && addsRow(shape) && shape.alpha == 1)
        product.bias = onednn::rowMajor({1, shape.n});
    else
        product.addsToOutput = hasC && shape.beta != 0;
    return product;
}

class OneDnnProduct : public Kernel {
public:
    OneDnnProduct(const KernelRequest& request, std::unique_ptr<Kernel> plain)
        : m_node(*request.node), m_isGemm(request.node->opType == "Gemm"), m_plain(std::move(plain))
    {
        if (request.constantInputs.size() > 1)
            m_right = request.constantInputs[1];
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, DataType::Float));
        const bool hasC = m_isGemm && context.hasInput(2);
        if (hasC)
            TRY(requireTensors(context, {2}, DataType::Float));
        TRY_ASSIGN(Plan * plan, planFor(context, hasC));
        if (!plan->usesLibrary && !plan->isFewRows) {
            m_implementation = m_plain->implementation();
            return m_plain->run(context);
        }
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, plan->output));
        if (m_implementation != plan->implementation)
            m_implementation = plan->implementation;
        if (plan->isFewRows) {
            runFewRows(*plan, context, hasC, *y);
            return {};
        }
        if (plan->product.addsToOutput)
            stretchC<float>(plan->gemm, context.tensor(2).data<float>(), plan->gemm.beta,
                            y->mutableData<float>());
        const FlushDenormals flush;
        return onednn::guarded([&] { execute(*plan, context, *y); });
    }

private:
    Result<Plan*> planFor(const KernelContext& context, bool hasC)
    {
        const Dims& a = context.tensor(0).dims();
        const Dims& b = context.tensor(1).dims();
        static const Dims none = {-1};
        const Dims& c = hasC ? context.tensor(2).dims() : none;
        if (Plan* plan = m_plans.find(a, b, c))
            return plan;
        Plan plan;
        MatMulShape matMul;
        if (m_isGemm) {
            TRY_ASSIGN(plan.gemm, gemmShape(m_node, a, b, hasC ? &context.tensor(2).dims() : nullptr));
            plan.output = {plan.gemm.m, plan.gemm.n};
        } else {
            TRY_ASSIGN(matMul, matMulShape(a, b));
            plan.output = matMul.output;
        }
        const bool empty = context.tensor(0).count() == 0 || context.tensor(1).count() == 0;
        plan.fewRows = m_isGemm ? fewRowsOf(plan.gemm) : fewRowsOf(matMul);
        plan.isFewRows = !empty && isForFewRows(plan.fewRows.m, plan.fewRows.k, plan.fewRows.n);
        if (plan.isFewRows) {
            plan.implementation = "vector";
            plan.fewRows.b = m_right.empty() ? nullptr : m_right.data<float>();
            if (plan.fewRows.b)
                padSmallRight(plan.fewRows, m_padded);
        } else if (!empty && plan.output.size() <= DNNL_MAX_NDIMS) {
            const Status prepared = onednn::guarded([&] {
                plan.product = m_isGemm ? gemmProduct(plan.gemm, hasC) : matMulProduct(matMul);
                prepareProduct(plan, !m_right.empty() && plan.product.bDims.size() == 2);
            });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        return m_plans.add(joinedKey(a, b, c), std::move(plan));
    }

    static void runFewRows(const Plan& plan, const KernelContext& context, bool hasC, Tensor& y)
    {
        FewRowsProduct product = plan.fewRows;
        product.a = context.tensor(0).data<float>();
        if (!product.b)
            product.b = context.tensor(1).data<float>();
        product.y = y.mutableData<float>();
        if (hasC && addsRow(plan.gemm)) {
            product.bias = context.tensor(2).data<float>();
        } else if (hasC && plan.gemm.beta != 0) {
            stretchC<float>(plan.gemm, context.tensor(2).data<float>(), plan.gemm.beta, product.y);
            product.adds = true;
        }
        multiplyFewRows(product);
    }

    void execute(Plan& plan, const KernelContext& context, Tensor& y)
    {
        plan.arguments.point(0, context.tensor(0).bytes());
        if (m_right.empty() || !plan.b.reorders())
            plan.arguments.point(1, plan.b.reorders() ? rightFor(plan, context).get_data_handle()
                                                      : context.tensor(1).bytes());
        else if (!plan.arguments.pointsAnywhere(1))
            plan.arguments.point(1, rightFor(plan, context).get_data_handle());
        plan.arguments.point(2, y.mutableBytes());
        plan.arguments.point(3, onednn::scratchpadData(plan.scratchpad));
        if (plan.product.bias != onednn::none())
            plan.arguments.point(4, context.tensor(2).bytes());
        plan.arguments.execute(plan.primitive);
    }

    dnnl::memory rightFor(const Plan& plan, const KernelContext& context)
    {
        if (m_right.empty() || !plan.b.reorders())
            return plan.b.read(context.tensor(1).bytes());
        for (const dnnl::memory& packed : m_packed) { // shapes often agree on one layout
            if (packed.get_desc() == plan.b.inside())
                return packed;
        }
        m_packed.push_back(plan.b.pack(m_right.bytes()));
        return m_packed.back();
    }

    const Node m_node;
    const bool m_isGemm;
    std::unique_ptr<Kernel> m_plain;
    Tensor m_right; // empty when it is not constant
    std::vector<dnnl::memory> m_packed;
    std::vector<float> m_padded; // the right operand for products of few rows, where it is padded
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

template <KernelFactory createPlain>
Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    TRY_ASSIGN(std::unique_ptr<Kernel> plain, createPlain(request));
    return {std::make_unique<OneDnnProduct>(request, std::move(plain))};
}

constexpr KernelRow rows[] = {
    {"", "MatMul", 1, newestOpset, "oneDNN", forFloats<createOneDnn<createPlainMatMul>>},
    {"", "MatMul", 1, newestOpset, "plain", forFloats<createPlainMatMul>},
    {"", "Gemm", 1, newestOpset, "oneDNN", forFloats<createOneDnn<createPlainGemm>>},
    {"", "Gemm", 1, newestOpset, "plain", forFloats<createPlainGemm>},
};

} // namespace

std::span<const KernelRow> matmulKernels() { return rows; }

} // namespace lapidary
