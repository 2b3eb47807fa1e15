// SPDX-License-Identifier: GPL-3.0-or-later
// FlexAttention: attention whose scores and probabilities pass through graphs of the model.
#include "engine/cpu/convert_type.h"
#include "engine/cpu/fused_kernel.h"
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/matrix_product.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/attention_rules.h"

#include <atomic>
#include <cmath>

namespace lapidary {

namespace {

constexpr int64_t blockRows = 32; // queries of one matrix product

// What FlexAttention computes in, and what its graphs see.
DataType computeType(DataType input) { return input == DataType::Double ? input : DataType::Float; }

class FlexAttention final : public Kernel {
public:
    FlexAttention(const KernelRequest& request, std::unique_ptr<Body> scoreMod, std::unique_ptr<Body> probMod)
        : m_node(*request.node), m_scoreMod(std::move(scoreMod)), m_probMod(std::move(probMod))
    {
        m_softmax = fusedKernel(request, [](const KernelContext&) {
            FusedPlan plan;
            plan.add("Softmax", {"x0"}, "y0", {makeAttribute("axis", int64_t{-1})});
            return Result<FusedPlan>(std::move(plan));
        });
    }

    std::string implementation() const override { return "oneDNN gemm"; }

    Status run(KernelContext& context) override
    {
        TRY(requireInputs(context, 3));
        const DataType type = computeType(context.tensor(0).type());
        Tensor operands[3];
        for (const size_t input : {0, 1, 2}) {
            if (!isFloatingPoint(context.tensor(input).type()))
                return unsupportedType(context.tensor(input).type());
            TRY_ASSIGN(operands[input], convertType(context.tensor(input), type));
        }
        const Shape q = toShape(operands[0].dims());
        if (q.size() != 4)
            return makeError(ErrorCode::ShapeMismatch, "Q: expected rank 4, found " + toString(q));
        TRY_ASSIGN(const AttentionShape shape, attentionShape(m_node, q, toShape(operands[1].dims()),
                                                              toShape(operands[2].dims()), nullptr, nullptr));
        TRY_ASSIGN(Tensor y, Tensor::allocate(type, concreteDims(shape.output()).value_or(Dims())));
        if (y.count() > 0)
            TRY(dispatch(FloatTypes(), type,
                         [&]<typename T>() { return compute<T>(context, shape, operands, y); }));
        TRY_ASSIGN(y, convertType(y, context.tensor(0).type()));
        context.setOutput(0, std::move(y));
        return {};
    }

private:
    template <typename T>
    Status compute(const KernelContext& context, const AttentionShape& shape, const Tensor (&operands)[3],
                   Tensor& y)
    {
        ScaledAttention<T> a;
        a.batch = shape.batch.value;
        a.heads = shape.heads.value;
        a.kvHeads = shape.kvHeads.value;
        a.queries = shape.queries.value;
        a.keys = shape.keys.value;
        a.headSize = shape.headSize.value;
        a.valueSize = shape.valueSize.value;
        a.scale = m_node.attribute("scale")
                      ? static_cast<double>(m_node.floatAttribute("scale", 1))
                      : 1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, a.headSize)));
        a.q = headsFirst(operands[0].data<T>(), a.heads, a.queries, a.headSize);
        a.k = headsFirst(operands[1].data<T>(), a.kvHeads, a.keys, a.headSize);
        a.v = headsFirst(operands[2].data<T>(), a.kvHeads, a.keys, a.valueSize);
        a.y = headsFirst(y.mutableData<T>(), a.heads, a.queries, a.valueSize);
        if (!m_scoreMod && !m_probMod)
            return runScaledAttention(a, context.job());
        TRY_ASSIGN(Tensor scores, Tensor::allocate(typeOf<T>(), {a.batch, a.heads, a.queries, a.keys}));
        T* values = scores.mutableData<T>();
        TRY(forEachBlock(context, a, [&](int64_t b, int64_t h, int64_t kv, int64_t row, int64_t rows) {
            return multiplyMatrices<T>({a.q.row(b, h, row), a.headSize, false},
                                       {a.k.row(b, kv, 0), a.headSize, true}, rows, a.keys, a.headSize,
                                       static_cast<T>(a.scale),
                                       values + ((b * a.heads + h) * a.queries + row) * a.keys, a.keys);
        }));
        TRY_ASSIGN(scores, modified(m_scoreMod.get(), context, scores));
        TRY_ASSIGN(scores, softmax(context, scores));
        TRY_ASSIGN(scores, modified(m_probMod.get(), context, scores));
        const T* probabilities = scores.data<T>();
        return forEachBlock(context, a, [&](int64_t b, int64_t h, int64_t kv, int64_t row, int64_t rows) {
            return multiplyMatrices<T>(
                {probabilities + ((b * a.heads + h) * a.queries + row) * a.keys, a.keys, false},
                {a.v.row(b, kv, 0), a.valueSize, false}, rows, a.valueSize, a.keys, T{1}, a.y.row(b, h, row),
                a.valueSize);
        });
    }

    // block(batch, head, key head, first query, queries), on several threads.
    template <typename T, typename Block>
    static Status forEachBlock(const KernelContext& context, const ScaledAttention<T>& a, const Block& block)
    {
        const int64_t blocks = (a.queries + blockRows - 1) / blockRows;
        std::atomic<bool> failed = false;
        parallelFor(a.batch * a.heads * blocks, 1, [&](int64_t begin, int64_t end) {
            for (int64_t item = begin; item < end && !failed && !context.stopRequested(); ++item) {
                const int64_t head = item / blocks % a.heads;
                const int64_t row = item % blocks * blockRows;
                if (!block(item / blocks / a.heads, head, head / (a.heads / a.kvHeads), row,
                           std::min(blockRows, a.queries - row))
                         .ok())
                    failed = true;
            }
        });
        if (context.stopRequested())
            return cancelled();
        return failed ? Status(makeError(ErrorCode::BackendFailure, "a matrix product failed")) : Status();
    }

    // What a graph makes of scores or probabilities; the tensor itself when there is none.
    Result<Tensor> modified(Body* body, const KernelContext& context, const Tensor& scores) const
    {
        if (!body)
            return scores;
        TRY_ASSIGN(const Tensor given, convertType(scores, bodyType(m_node, scores.type())));
        const Value input = given;
        TRY_ASSIGN(const std::vector<Value> outputs,
                   body->run(std::span(&input, 1), context.captures(), context.job()));
        const Tensor* result = outputs.size() == 1 ? outputs[0].tensor() : nullptr;
        if (!result || result->dims() != scores.dims())
            return makeError(ErrorCode::ShapeMismatch,
                             "a graph of FlexAttention must give a tensor of shape " +
                                 toString(scores.dims()) + ", found " +
                                 (outputs.empty() ? "nothing" : describe(outputs[0])));
        return convertType(*result, scores.type());
    }

    Result<Tensor> softmax(const KernelContext& context, const Tensor& scores)
    {
        const Value input = scores;
        const Value* inputs[] = {&input};
        std::vector<Value> outputs(1);
        KernelContext inner(inputs, outputs, context.job());
        TRY(m_softmax->run(inner));
        return *outputs[0].tensor();
    }

public:
    // softmax_precision, or the type that is computed in.
    static DataType bodyType(const Node& node, DataType computed)
    {
        const auto asked = dataTypeFromOnnx(node.intAttribute("softmax_precision", 0));
        return asked && isFloatingPoint(*asked) ? *asked : computed;
    }

private:
    const Node m_node;
    std::unique_ptr<Body> m_scoreMod;
    std::unique_ptr<Body> m_probMod;
    std::unique_ptr<Kernel> m_softmax;
};

// Null when the node does not have the graph.
Result<std::unique_ptr<Body>> compiledBody(const KernelRequest& request, std::string_view name)
{
    const Attribute* attribute = request.node->attribute(name);
    const auto* graph = attribute ? attribute->as<std::shared_ptr<const Graph>>() : nullptr;
    if (!graph || !*graph)
        return std::unique_ptr<Body>();
    if (!request.bodies)
        return makeError(ErrorCode::UnsupportedOp, "nobody can run the graphs of this node");
    if ((*graph)->inputs.size() != 1 || (*graph)->outputs.size() != 1)
        return makeError(ErrorCode::InvalidModel, "attribute '" + std::string(name) +
                                                      "': expected a graph with one input and one output");
    const TypeInfo type =
        TypeInfo::tensor(FlexAttention::bodyType(*request.node, computeType(request.inputDataType(0))));
    return request.bodies->compile(**graph, std::span(&type, 1));
}

} // namespace

Result<std::unique_ptr<Kernel>> createFlexAttention(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    if (type != DataType::Undefined && !isFloatingPoint(type))
        return unsupportedType(type);
    if (type == DataType::Undefined &&
        (request.node->attribute("score_mod") || request.node->attribute("prob_mod")))
        return makeError(ErrorCode::UnsupportedOp, "the type of input 0 is not known");
    TRY_ASSIGN(std::unique_ptr<Body> scoreMod, compiledBody(request, "score_mod"));
    TRY_ASSIGN(std::unique_ptr<Body> probMod, compiledBody(request, "prob_mod"));
    return {std::make_unique<FlexAttention>(request, std::move(scoreMod), std::move(probMod))};
}

} // namespace lapidary
