// SPDX-License-Identifier: GPL-3.0-or-later
// Transformer layers of com.microsoft whose weights are quantized. Source: onnxruntime
// docs/ContribOperators.md.
#include "engine/ops/families.h"
#include "engine/ops/op_def.h"

namespace lapidary {

namespace {

// output: [batch, sequence, hidden]; present: [2, batch, heads, past + sequence, head size].
Status inferQAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(2);
    context.setOutput(0, type);
    context.setOutput(1, type);
    const Shape* input = context.inputShape(0);
    const Shape* weights = context.inputShape(1);
    if (!input || !weights)
        return {};
    if (input->size() != 3 || weights->size() != 2)
        return makeError(ErrorCode::ShapeMismatch, "input and weight: expected rank 3 and 2, found " +
                                                       toString(*input) + " and " + toString(*weights));
    const Dim& columns = (*weights)[1]; // query, key and value side by side
    const Dim hidden = columns.known() ? Dim(columns.value / 3) : Dim();
    context.setOutput(0, type, Shape{(*input)[0], (*input)[1], hidden});
    context.setOutput(1, type, Shape(5));
    return {};
}

// layernorm_out: [batch, sequence, hidden]; mask_index_out: [batch].
Status inferQEmbedLayerNormalization(InferenceContext& context)
{
    const DataType type = context.inputDataType(8);
    context.setOutput(0, type);
    context.setOutput(1, DataType::Int32);
    const Shape* ids = context.inputShape(0);
    const Shape* words = context.inputShape(2);
    if (!ids || !words)
        return {};
    if (ids->size() != 2 || words->size() != 2)
        return makeError(ErrorCode::ShapeMismatch, "input_ids and word_embedding: expected rank 2, found " +
                                                       toString(*ids) + " and " + toString(*words));
    context.setOutput(0, type, Shape{(*ids)[0], (*ids)[1], (*words)[1]});
    context.setOutput(1, DataType::Int32, Shape{(*ids)[0]});
    return {};
}

constexpr int versions[] = {1};

constexpr OpDef ops[] = {
    {"com.microsoft", "QAttention", versions, inferQAttention},
    {"com.microsoft", "QEmbedLayerNormalization", versions, inferQEmbedLayerNormalization},
};

} // namespace

std::span<const OpDef> quantizedTransformerOps() { return ops; }

} // namespace lapidary
