// SPDX-License-Identifier: GPL-3.0-or-later
// Attention, MultiHeadAttention and DecoderMaskedMultiHeadAttention of com.microsoft.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/fused_kernel.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/microsoft_attention.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// Everything that the softmax needs, from whichever operator.
struct Projected {
    int64_t batch = 0;
    HeadOperand q;
    HeadOperand k; // with the past
    HeadOperand v;
    Tensor padding; // padding bias; empty: none
    Tensor attentionBias;
    bool causal = false;
    double scale = 1;
};

// output: [batch, queries, heads * value size]; scores: of output index scoresOutput, if wanted.
Status attend(const Node& node, KernelContext& context, const Projected& p, size_t scoresOutput)
{
    int64_t hidden = 0;
    if (__builtin_mul_overflow(p.v.heads, p.v.size, &hidden))
        return shapeError("the output is too large");
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, {p.batch, p.q.length, hidden}));
    ScaledAttention<float> attention;
    attention.batch = p.batch;
    attention.heads = p.q.heads;
    attention.kvHeads = p.k.heads;
    attention.queries = p.q.length;
    attention.keys = p.k.length;
    attention.headSize = p.q.size;
    attention.valueSize = p.v.size;
    attention.q = p.q.rows;
    attention.k = p.k.rows;
    attention.v = p.v.rows;
    attention.y = headsLast(y->mutableData<float>(), p.v.heads, p.q.length, p.v.size);
    attention.scale = p.scale;
    if (p.causal) {
        const int64_t offset = p.k.length - p.q.length;
        attention.visibleKeys = [offset](int64_t, int64_t query) { return KeyRange{0, query + offset + 1}; };
    }
    if (wantsOutput(node, scoresOutput)) {
        TRY_ASSIGN(Tensor * scores, context.allocate(scoresOutput, DataType::Float,
                                                     {p.batch, p.q.heads, p.q.length, p.k.length}));
        attention.scores = scores->mutableData<float>();
        attention.stage = ScoreStage::Masked;
    }
    if (y->count() == 0 && !attention.scores)
        return {};
    TRY_ASSIGN(const Tensor bias, addBiases(p.padding, p.attentionBias, attention));
    return runScaledAttention(attention, context.job());
}

Result<int64_t> headCount(const Node& node)
{
    const int64_t heads = node.intAttribute("num_heads", 0);
    if (heads < 1)
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'num_heads' must be 1 or more, found " + std::to_string(heads));
    return heads;
}

Result<Tensor> maskInput(const Node& node, const KernelContext& context, size_t input, const Projected& p)
{
    if (!context.hasInput(input))
        return Tensor();
    return paddingBias(context.tensor(input), p.batch, p.q.length, p.k.length,
                       node.floatAttribute("mask_filter_value", -10000.0f));
}

// ---- Attention: projects its input first.

class MicrosoftAttention final : public Kernel {
public:
    MicrosoftAttention(const Node& node, std::unique_ptr<Kernel> projection)
        : m_node(node), m_projection(std::move(projection))
    {
    }

    std::string implementation() const override { return m_projection->implementation(); }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, DataType::Float));
        if (context.tensor(0).rank() != 3 || context.tensor(1).rank() != 2)
            return shapeError("input and weights: expected rank 3 and 2, found " +
                              toString(context.tensor(0).dims()) + " and " +
                              toString(context.tensor(1).dims()));
        TRY_ASSIGN(const Tensor projected, project(context));
        Projected p;
        TRY(splitProjection(projected, p));
        p.causal = m_node.intAttribute("unidirectional", 0) != 0;
        p.scale = attentionScale(m_node, p.q.size);
        TRY(joinPast(context, p));
        TRY_ASSIGN(p.padding, maskInput(m_node, context, 3, p));
        p.attentionBias = context.tensor(5);
        return attend(m_node, context, p, SIZE_MAX);
    }

private:
    Result<Tensor> project(const KernelContext& context)
    {
        std::vector<const Value*> inputs;
        for (size_t i = 0; i < std::min<size_t>(3, context.inputCount()); ++i)
            inputs.push_back(&context.input(i));
        std::vector<Value> outputs(1);
        KernelContext inner(inputs, outputs, context.job());
        TRY(m_projection->run(inner));
        return *outputs[0].tensor();
    }

    Status splitProjection(const Tensor& projected, Projected& p) const
    {
        TRY_ASSIGN(const int64_t heads, headCount(m_node));
        const int64_t width = projected.dims()[2];
        const std::vector<int64_t> sizes =
            m_node.intsAttribute("qkv_hidden_sizes", {width / 3, width / 3, width / 3});
        if (sizes.size() != 3 || sizes[0] != sizes[1] || sizes[0] < 0 || sizes[2] < 0 || sizes[0] > width ||
            sizes[0] + sizes[1] + sizes[2] != width || sizes[0] % heads != 0 || sizes[2] % heads != 0)
            return shapeError("weights: " + std::to_string(width) + " columns are not Q, K and V of " +
                              std::to_string(heads) + " heads");
        p.batch = projected.dims()[0];
        const int64_t length = projected.dims()[1];
        int64_t offset = 0;
        for (HeadOperand* operand : {&p.q, &p.k, &p.v}) {
            const int64_t hidden = operand == &p.v ? sizes[2] : sizes[0];
            const int64_t size = hidden / heads;
            *operand = {{projected.data<float>() + offset, length * width, size, width},
                        heads,
                        length,
                        size,
                        projected};
            offset += hidden;
        }
        return {};
    }

    // past and present: [2, batch, heads, keys, size], keys first.
    Status joinPast(KernelContext& context, Projected& p) const
    {
        const bool hasPast = context.hasInput(4);
        if (!hasPast && !wantsOutput(m_node, 1))
            return {};
        int64_t pastLength = 0;
        const float* past = nullptr;
        if (p.k.size != p.v.size)
            return shapeError("past and present: keys and values must have the same head size");
        if (hasPast) {
            TRY(requireTensors(context, {4}, DataType::Float));
            const Tensor& tensor = context.tensor(4);
            const Dims& dims = tensor.dims();
            if (dims.size() != 5 || dims[0] != 2 || dims[1] != p.batch || dims[2] != p.k.heads ||
                dims[4] != p.k.size)
                return shapeError("past: expected 2×" + std::to_string(p.batch) + "×" +
                                  std::to_string(p.k.heads) + "×?×" + std::to_string(p.k.size) + ", found " +
                                  toString(dims));
            pastLength = dims[3];
            past = tensor.data<float>();
        }
        const int64_t keys = pastLength + p.k.length;
        TRY_ASSIGN(Tensor present,
                   Tensor::allocate(DataType::Float, {2, p.batch, p.k.heads, keys, p.k.size}));
        const int64_t half = present.count() / 2;
        for (HeadOperand* operand : {&p.k, &p.v}) {
            float* to = present.mutableData<float>() + (operand == &p.v ? half : 0);
            const float* from =
                past ? past + (operand == &p.v ? p.batch * p.k.heads * pastLength * p.k.size : 0) : nullptr;
            joinCache(from, pastLength, operand->rows, p.batch, operand->heads, operand->length,
                      operand->size, to);
            operand->rows = headsFirst<const float>(to, operand->heads, keys, operand->size);
            operand->length = keys;
            operand->owner = present;
        }
        if (wantsOutput(m_node, 1))
            context.setOutput(1, std::move(present));
        return {};
    }

    const Node m_node;
    std::unique_ptr<Kernel> m_projection;
};

Result<std::unique_ptr<Kernel>> createAttentionOfFloats(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<float>(), request));
    const Node& node = *request.node;
    if (node.intAttribute("do_rotary", 0) != 0 || node.intAttribute("past_present_share_buffer", 0) != 0)
        return makeError(ErrorCode::UnsupportedOp, "does not take do_rotary or past_present_share_buffer");
    auto projection = fusedKernel(request, [](const KernelContext& context) {
        FusedPlan plan;
        const std::string product = plan.add("MatMul", {"x0", "x1"}, context.hasInput(2) ? "product" : "y0");
        if (context.hasInput(2))
            plan.add("Add", {product, "x2"}, "y0");
        return Result<FusedPlan>(std::move(plan));
    });
    return {std::make_unique<MicrosoftAttention>(node, std::move(projection))};
}

// ---- MultiHeadAttention: gets Q, K and V, in one of many layouts.

struct MultiHeadInputs {
    size_t bias;
    size_t mask;
    size_t attentionBias;
    size_t pastKey;
    size_t pastValue;
};

// One of parts operands that lie beside each other in [batch, length, heads, parts, size].
HeadOperand packedPart(const Tensor& tensor, int64_t part)
{
    const Dims& d = tensor.dims();
    const int64_t row = d[2] * d[3] * d[4];
    return {{tensor.data<float>() + part * d[4], d[1] * row, d[3] * d[4], row}, d[2], d[1], d[4], tensor};
}

// [batch, length, heads * size] or [batch, heads, length, size]
Result<HeadOperand> plainOperand(const Tensor& tensor, int64_t heads, int64_t batch, std::string_view name)
{
    const Dims& d = tensor.dims();
    if (d.size() == 4 && d[0] == batch && d[1] == heads)
        return HeadOperand{headsFirst(tensor.data<float>(), heads, d[2], d[3]), heads, d[2], d[3], tensor};
    if (d.size() == 3 && d[0] == batch && d[2] % heads == 0)
        return HeadOperand{headsLast(tensor.data<float>(), heads, d[1], d[2] / heads), heads, d[1],
                           d[2] / heads, tensor};
    return shapeError(std::string(name) + ": expected " + std::to_string(batch) + " batches of " +
                      std::to_string(heads) + " heads, found " + toString(d));
}

Status readOperands(const KernelContext& context, int64_t heads, Projected& p)
{
    TRY(requireTensors(context, {0}, DataType::Float));
    const Tensor& query = context.tensor(0);
    if (query.rank() != 3 && query.rank() != 5)
        return shapeError("query: expected rank 3 or 5, found " + toString(query.dims()));
    p.batch = query.dims()[0];
    if (query.rank() == 5) {
        if (query.dims()[2] != heads || query.dims()[3] != 3)
            return shapeError("query: expected Q, K and V of " + std::to_string(heads) + " heads, found " +
                              toString(query.dims()));
        p.q = packedPart(query, 0);
        p.k = packedPart(query, 1);
        p.v = packedPart(query, 2);
        return {};
    }
    TRY_ASSIGN(p.q, plainOperand(query, heads, p.batch, "query"));
    TRY(requireTensors(context, {1}, DataType::Float));
    const Tensor& key = context.tensor(1);
    if (key.rank() == 5) {
        if (key.dims()[0] != p.batch || key.dims()[2] != heads || key.dims()[3] != 2)
            return shapeError("key: expected K and V of " + std::to_string(heads) + " heads, found " +
                              toString(key.dims()));
        p.k = packedPart(key, 0);
        p.v = packedPart(key, 1);
        return {};
    }
    TRY(requireTensors(context, {2}, DataType::Float));
    TRY_ASSIGN(p.k, plainOperand(key, heads, p.batch, "key"));
    TRY_ASSIGN(p.v, plainOperand(context.tensor(2), heads, p.batch, "value"));
    return {};
}

// Of the projections before; keys and values that come from a cache have theirs already.
Status addProjectionBias(const KernelContext& context, size_t input, bool cachedKeys, Projected& p)
{
    if (!context.hasInput(input))
        return {};
    TRY(requireTensors(context, {input}, DataType::Float));
    const Tensor& bias = context.tensor(input);
    const int64_t hidden = p.q.heads * p.q.size;
    const int64_t valueHidden = p.v.heads * p.v.size;
    if (bias.dims() != Dims{2 * hidden + valueHidden})
        return shapeError("bias: expected " + std::to_string(2 * hidden + valueHidden) + ", found " +
                          toString(bias.dims()));
    TRY_ASSIGN(p.q, separated(p.q, p.batch, bias.data<float>()));
    if (cachedKeys)
        return {};
    TRY_ASSIGN(p.k, separated(p.k, p.batch, bias.data<float>() + hidden));
    TRY_ASSIGN(p.v, separated(p.v, p.batch, bias.data<float>() + 2 * hidden));
    return {};
}

Status runMultiHead(const Node& node, const MultiHeadInputs& inputs, KernelContext& context)
{
    TRY_ASSIGN(const int64_t heads, headCount(node));
    Projected p;
    TRY(readOperands(context, heads, p));
    if (p.k.size != p.q.size || p.k.length != p.v.length)
        return shapeError("query, key and value: heads of " + std::to_string(p.q.size) + " and " +
                          std::to_string(p.k.size) + " elements, " + std::to_string(p.k.length) +
                          " keys and " + std::to_string(p.v.length) + " values do not fit");
    TRY(addProjectionBias(context, inputs.bias, context.tensor(1).rank() == 4, p));
    if (context.hasInput(inputs.pastKey) != context.hasInput(inputs.pastValue))
        return shapeError("past_key and past_value go together: one of them is missing");
    if (context.hasInput(inputs.pastKey) || wantsOutput(node, 1) || wantsOutput(node, 2)) {
        TRY_ASSIGN(p.k, withPast(context.tensor(inputs.pastKey), p.k, p.batch));
        TRY_ASSIGN(p.v, withPast(context.tensor(inputs.pastValue), p.v, p.batch));
        if (p.k.length != p.v.length)
            return shapeError("past_key and past_value: their lengths differ");
        if (wantsOutput(node, 1))
            context.setOutput(1, p.k.owner);
        if (wantsOutput(node, 2))
            context.setOutput(2, p.v.owner);
    }
    p.causal = node.intAttribute("unidirectional", 0) != 0;
    p.scale = attentionScale(node, p.q.size);
    TRY_ASSIGN(p.padding, maskInput(node, context, inputs.mask, p));
    p.attentionBias = context.tensor(inputs.attentionBias);
    return attend(node, context, p, 3);
}

Result<std::unique_ptr<Kernel>> createMultiHeadOfFloats(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<float>(), request));
    const Node& node = *request.node;
    const bool isDecoder = node.opType == "DecoderMaskedMultiHeadAttention";
    const MultiHeadInputs inputs =
        isDecoder ? MultiHeadInputs{10, 3, 4, 5, 6} : MultiHeadInputs{3, 4, 5, 6, 7};
    const size_t firstOfBuffers = isDecoder ? 7 : 8; // past_sequence_length and what goes with it
    for (size_t i = firstOfBuffers;
         i < std::min<size_t>(firstOfBuffers + (isDecoder ? 3 : 2), node.inputs.size()); ++i) {
        if (node.inputs[i] != noValue)
            return makeError(ErrorCode::UnsupportedOp, "does not share buffers of past and present");
    }
    return plainKernel([node, inputs](KernelContext& context) { return runMultiHead(node, inputs, context); },
                       "oneDNN gemm");
}

} // namespace

Result<std::unique_ptr<Kernel>> createMicrosoftAttention(const KernelRequest& request)
{
    return createForFloats(request, createAttentionOfFloats);
}

Result<std::unique_ptr<Kernel>> createMultiHeadAttention(const KernelRequest& request)
{
    return createForFloats(request, createMultiHeadOfFloats);
}

} // namespace lapidary
