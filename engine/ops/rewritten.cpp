// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that passes write (engine/passes). Each is the operator of its name in the newest ai.onnx, whatever
// opset the model uses. In addition:
// - Conv has an input 3, a residual of the output's shape, and the attributes activation, activation_alpha,
//   activation_beta (an operator's name and its parameters, as of com.microsoft.FusedConv) and channels_last:
//   y = activation(conv(x, w) + b + residual). With channels_last x, residual and y have their channels as the
//   last axis; weights stay [O, I, ...].
// - Pooling has its channels as the last axis.
// - Affine, which ai.onnx does not have: y = activation(scale * x + shift); scale and shift, inputs 1 and 2, have one
//   element for each channel. Attributes channels_last, activation, activation_alpha, activation_beta.
// - MatMul has an input 2, a bias along the last axis, an input 3, a residual of the output's shape, and the attributes
//   activation, activation_alpha, activation_beta and transB (input 1, a matrix, is transposed):
//   y = activation(a * b + bias + residual).
#include "engine/ops/families.h"
#include "engine/ops/fused_rules.h"
#include "engine/ops/infer.h"
#include "engine/ops/infer_as.h"

namespace lapidary {

namespace {

constexpr int64_t newest = 24;

void reorder(TypeInfo& type, std::vector<int64_t> (*order)(size_t))
{
    if (!type.shape || type.shape->size() < 3)
        return;
    Shape turned;
    for (const int64_t axis : order(type.shape->size()))
        turned.push_back((*type.shape)[static_cast<size_t>(axis)]);
    type.shape = std::move(turned);
}

// As the operator of ai.onnx with input 0 and output 0 turned.
Status inferTurned(InferenceContext& context)
{
    if (context.inputTypes.empty())
        return {};
    const TypeInfo given = context.inputTypes[0];
    reorder(context.inputTypes[0], channelsFirst);
    const Status status = inferAs(context, context.node().opType, newest, {0});
    context.inputTypes[0] = given;
    if (status.ok() && !context.outputTypes.empty())
        reorder(context.outputTypes[0], channelsLast);
    return status;
}

Status inferConv(InferenceContext& context)
{
    const bool isTurned = context.node().intAttribute("channels_last", 0) != 0;
    return inferAs(context, isTurned ? "NhwcFusedConv" : "FusedConv", 1, {}, {}, "com.microsoft");
}

Status inferPool(InferenceContext& context) { return inferTurned(context); }

Status inferMatMul(InferenceContext& context)
{
    const Shape* b = context.inputShape(1);
    if (context.node().intAttribute("transB", 0) == 0 || !b || b->size() != 2)
        return inferAs(context, "MatMul", newest, {0, 1});
    const TypeInfo given = context.inputTypes[1];
    std::swap((*context.inputTypes[1].shape)[0], (*context.inputTypes[1].shape)[1]);
    const Status status = inferAs(context, "MatMul", newest, {0, 1});
    context.inputTypes[1] = given;
    return status;
}

Status inferLayerNormalization(InferenceContext& context) { return inferAs(context, "LayerNormalization", newest); }

constexpr int since1[] = {1};

constexpr OpDef ops[] = {
    {"lapidary", "Conv", since1, inferConv},
    {"lapidary", "MaxPool", since1, inferPool},
    {"lapidary", "AveragePool", since1, inferPool},
    {"lapidary", "GlobalAveragePool", since1, inferPool},
    {"lapidary", "GlobalMaxPool", since1, inferPool},
    {"lapidary", "Affine", since1, inferSameAsFirst},
    {"lapidary", "Swish", since1, inferSameAsFirst},
    {"lapidary", "HardSwish", since1, inferSameAsFirst},
    {"lapidary", "Gelu", since1, inferSameAsFirst},
    {"lapidary", "LayerNormalization", since1, inferLayerNormalization},
    {"lapidary", "MatMul", since1, inferMatMul},
};

} // namespace

std::span<const OpDef> rewrittenOps() { return ops; }

} // namespace lapidary
