// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/attention_rules.h"
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// Y; present_key, present_value; qk_matmul_output.
Status inferAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const DataType valueType = context.inputDataType(2);
    context.setOutput(0, type);
    context.setOutput(1, context.inputDataType(1));
    context.setOutput(2, valueType);
    context.setOutput(3, type);
    const Shape* q = context.inputShape(0);
    const Shape* k = context.inputShape(1);
    const Shape* v = context.inputShape(2);
    if (!q || !k || !v)
        return {};
    const bool hasPast = context.hasInput(4) || context.hasInput(5);
    const Shape* pastKey = context.inputShape(4);
    const Shape* pastValue = context.inputShape(5);
    const bool knowsPast = hasPast && pastKey && pastValue;
    TRY_ASSIGN(AttentionShape shape, attentionShape(context.node(), *q, *k, *v, knowsPast ? pastKey : nullptr,
                                                    knowsPast ? pastValue : nullptr));
    if (hasPast && !knowsPast)
        shape.keys = Dim();
    context.setOutput(0, type, shape.output());
    context.setOutput(1, context.inputDataType(1), shape.presentKey());
    context.setOutput(2, valueType, shape.presentValue());
    context.setOutput(3, type, shape.scores());
    return {};
}

// Y [B, q heads, L, v size]; Q, K and V have rank 4.
Status inferFlexAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type);
    const Shape* q = context.inputShape(0);
    const Shape* k = context.inputShape(1);
    const Shape* v = context.inputShape(2);
    if (!q || !k || !v)
        return {};
    if (q->size() != 4)
        return shapeError("Q: expected rank 4, found " + toString(*q));
    TRY_ASSIGN(const AttentionShape shape, attentionShape(context.node(), *q, *k, *v, nullptr, nullptr));
    context.setOutput(0, type, shape.output());
    return {};
}

Status inferTensorScatter(InferenceContext& context)
{
    TRY(inferSameAsFirst(context));
    const Shape* cache = context.inputShape(0);
    const Shape* update = context.inputShape(1);
    if (!cache)
        return {};
    TRY_ASSIGN(const int64_t axis,
               normalizeAxis(context.node().intAttribute("axis", -2), static_cast<int64_t>(cache->size())));
    if (!update)
        return {};
    if (update->size() != cache->size())
        return shapeError("update: expected the rank of the cache, " + toString(*cache) + ", found " +
                          toString(*update));
    for (size_t i = 0; i < cache->size(); ++i) {
        if (static_cast<int64_t>(i) != axis)
            TRY(sameDim((*cache)[i], (*update)[i], "cache and update"));
    }
    return {};
}

// output [B, T, q_num_heads * d_v]; present_state [B, kv_num_heads, d_k, d_v].
Status inferLinearAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const DataType stateType = context.hasInput(3) ? context.inputDataType(3) : type;
    context.setOutput(0, type);
    context.setOutput(1, stateType, shapeOf(context, 3));
    const Shape* query = context.inputShape(0);
    const Shape* value = context.inputShape(2);
    if (!query || !value || context.node().intAttribute("state_window", 0) != 0)
        return {};
    if (query->size() != 3 || value->size() != 3)
        return shapeError("query and value: expected rank 3, found " + toString(*query) + " and " +
                          toString(*value));
    const int64_t heads = context.node().intAttribute("q_num_heads", 0);
    const int64_t kvHeads = context.node().intAttribute("kv_num_heads", 0);
    TRY_ASSIGN(const Dim keySize, dividedDim((*query)[2], heads, "query"));
    TRY_ASSIGN(const Dim valueSize, dividedDim((*value)[2], kvHeads, "value"));
    TRY_ASSIGN(const Dim hidden, productOfDims(heads, valueSize));
    context.setOutput(0, type, Shape{(*query)[0], (*query)[1], hidden});
    context.setOutput(1, stateType, Shape{(*query)[0], kvHeads, keySize, valueSize});
    return {};
}

// output like input; present_state [B, C, k - 1].
Status inferCausalConvWithState(InferenceContext& context)
{
    TRY(inferSameAsFirst(context));
    context.setOutput(1, context.inputDataType(0), shapeOf(context, 3));
    const Shape* x = context.inputShape(0);
    const Shape* weight = context.inputShape(1);
    const Node& node = context.node(); // com.microsoft's version has more layouts
    if (!x || !weight || node.intAttribute("ndim", 1) != 1 || node.intAttribute("dilation", 1) != 1 ||
        node.intAttribute("channels_last", 0) != 0 || node.intAttribute("state_window", 0) != 0)
        return {};
    if (x->size() != 3 || weight->size() != 3)
        return shapeError("input and weight: expected rank 3, found " + toString(*x) + " and " +
                          toString(*weight));
    const Dim& kernel = weight->back();
    const Dim state = kernel.known() && kernel.value > 0 ? Dim(kernel.value - 1) : Dim();
    context.setOutput(1, context.inputDataType(0), Shape{(*x)[0], (*x)[1], state});
    return {};
}

constexpr int attentionVersions[] = {23, 24, 25};
constexpr int since1[] = {1};
constexpr int since23[] = {23};
constexpr int since24[] = {24};
constexpr int since27[] = {27};
constexpr int since28[] = {28};

constexpr OpDef ops[] = {
    {"", "Attention", attentionVersions, inferAttention},
    {"", "RotaryEmbedding", since23, inferSameAsFirst},
    {"", "TensorScatter", since24, inferTensorScatter},
    {"", "LinearAttention", since27, inferLinearAttention},
    {"", "CausalConvWithState", since27, inferCausalConvWithState},
    {"com.microsoft", "LinearAttention", since1, inferLinearAttention},
    {"com.microsoft", "CausalConvWithState", since1, inferCausalConvWithState},
    {"ai.onnx.preview", "FlexAttention", since1, inferFlexAttention},
    {"", "SwiGLU", since28, inferBroadcast},
};

} // namespace

std::span<const OpDef> attentionOps() { return ops; }

} // namespace lapidary
