// SPDX-License-Identifier: GPL-3.0-or-later
// Transformer layers of com.microsoft whose weights are quantized. Source: onnxruntime
// docs/ContribOperators.md.
#include "engine/ops/families.h"
#include "engine/ops/infer_as.h"

#include <utility>

namespace lapidary {

namespace {

// As the layer of com.microsoft on dequantized inputs, which reads its type from the input `quantized`:
// the real numbers have the type of the input `real`.
Status inferLayer(InferenceContext& context, std::string_view opType, const std::vector<size_t>& inputs,
                  size_t quantized, size_t real)
{
    if (!context.hasInput(quantized))
        return {};
    TypeInfo& type = context.inputTypes[quantized];
    const DataType given = std::exchange(type.dataType, context.inputDataType(real));
    Status status = inferAs(context, opType, 1, inputs, {}, "com.microsoft");
    type.dataType = given;
    return status;
}

Status inferQAttention(InferenceContext& context)
{
    return inferLayer(context, "Attention", {0, 1, 2, 5, 8}, 0, 2);
}

Status inferQEmbedLayerNormalization(InferenceContext& context)
{
    return inferLayer(context, "EmbedLayerNormalization", {0, 1, 2, 3, 4, 5, 6, 7}, 2, 8);
}

constexpr int versions[] = {1};

constexpr OpDef ops[] = {
    {"com.microsoft", "QAttention", versions, inferQAttention},
    {"com.microsoft", "QEmbedLayerNormalization", versions, inferQEmbedLayerNormalization},
};

} // namespace

std::span<const OpDef> quantizedTransformerOps() { return ops; }

} // namespace lapidary
