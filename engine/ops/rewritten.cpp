// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that passes write (engine/passes). Each is the operator of its name in the newest ai.onnx,
// whatever opset the model uses. In addition:
// - Conv has an input 3, a residual of the output's shape, and the attributes activation, activation_alpha,
//   activation_beta (an operator's name and its parameters, as of com.microsoft.FusedConv) and channels_last:
//   y = activation(conv(x, w) + b + residual). With channels_last x, residual and y have their channels as
//   the last axis; weights stay [O, I, ...].
// - Pooling has its channels as the last axis.
// - Affine, which ai.onnx does not have: y = activation(scale * x + shift); scale and shift, inputs 1 and 2,
// have one
//   element for each channel. Attributes channels_last, activation, activation_alpha, activation_beta.
// - MatMul has an input 2, a bias along the last axis, an input 3, a residual of the output's shape, and the
// attributes
//   activation, activation_alpha, activation_beta and transB (input 1, a matrix, is transposed):
//   y = activation(a * b + bias + residual).
// Operators on codes, 8-bit integers with one scale and one zero point for the tensor (constants, three
// inputs in a row: codes, scale, zero point). What they say is what the file says: float32 arithmetic of the
// dequantized values, and the result quantized. Sums of products are exact integers and what follows them is
// float32 in another order, so that a result may be the neighbouring code where the exact one lies in the
// middle of two.
// - QuantizedConv: inputs x (0..2), int8 weights without a zero point and their scales, one or one for each
//   output channel (3, 4), a float32 bias (5), scale and zero point of y (6, 7; left out: y is float32), a
//   residual of y's shape (8..10), scale and zero point of what is added to it (11, 12; left out: it is not
//   quantized in between):
//   y = quantize(activation(dequantize(quantize(conv(x, w) + bias)) + residual))
//   Attributes of Conv, activation, activation_alpha, activation_beta, channels_last (x, y and residual).
// - QuantizedMatMul: the same for x [..., K] and weights [N, K].
// - QuantizedAdd, QuantizedMul: inputs a (0..2), b (3..5) of the same shape, scale and zero point of y (6,
// 7); activation as
//   above.
// - QuantizedGlobalAveragePool: inputs x (0..2), scale and zero point of y (3, 4); channels_last.
// - Requantize: inputs x (0..2), scale and zero point of y (3, 4); activation in between as above.
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

// The type of the codes with this zero point; float32 where it is left out.
DataType codesOf(const InferenceContext& context, size_t zeroPoint)
{
    return context.hasInput(zeroPoint) ? context.inputDataType(zeroPoint) : DataType::Float;
}

void giveCodes(InferenceContext& context, DataType type)
{
    if (!context.outputTypes.empty())
        context.setOutput(0, type, context.outputTypes[0].shape);
}

Status inferQuantizedConv(InferenceContext& context)
{
    if (context.inputTypes.empty())
        return {};
    const bool isTurned = context.node().intAttribute("channels_last", 0) != 0;
    const TypeInfo given = context.inputTypes[0];
    if (isTurned)
        reorder(context.inputTypes[0], channelsFirst);
    const Status status = inferAs(context, "Conv", newest, {0, 3});
    context.inputTypes[0] = given;
    if (status.ok() && isTurned && !context.outputTypes.empty())
        reorder(context.outputTypes[0], channelsLast);
    giveCodes(context, codesOf(context, 7));
    return status;
}

Status inferQuantizedMatMul(InferenceContext& context)
{
    const Shape* x = context.inputShape(0);
    const Shape* w = context.inputShape(3);
    std::optional<Shape> shape;
    if (x && w && !x->empty() && w->size() == 2) {
        shape = *x;
        shape->back() = w->front();
    }
    context.setOutput(0, codesOf(context, 7), std::move(shape));
    return {};
}

Status inferQuantizedPair(InferenceContext& context)
{
    const Shape* shape = context.inputShape(0);
    context.setOutput(0, codesOf(context, 7), shape ? std::optional(*shape) : std::nullopt);
    return {};
}

Status inferRequantize(InferenceContext& context)
{
    const Shape* shape = context.inputShape(0);
    context.setOutput(0, codesOf(context, 4), shape ? std::optional(*shape) : std::nullopt);
    return {};
}

Status inferQuantizedPool(InferenceContext& context)
{
    if (context.inputTypes.empty() || !context.inputShape(0))
        return {};
    Shape shape = *context.inputShape(0);
    const bool isTurned = context.node().intAttribute("channels_last", 0) != 0;
    const size_t first = isTurned ? 1 : 2;
    for (size_t axis = first; axis + (isTurned ? 1 : 0) < shape.size(); ++axis)
        shape[axis] = Dim(1);
    context.setOutput(0, codesOf(context, 4), std::move(shape));
    return {};
}

Status inferLayerNormalization(InferenceContext& context)
{
    return inferAs(context, "LayerNormalization", newest);
}

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
    {"lapidary", "QuantizedConv", since1, inferQuantizedConv},
    {"lapidary", "QuantizedMatMul", since1, inferQuantizedMatMul},
    {"lapidary", "QuantizedAdd", since1, inferQuantizedPair},
    {"lapidary", "QuantizedMul", since1, inferQuantizedPair},
    {"lapidary", "QuantizedGlobalAveragePool", since1, inferQuantizedPool},
    {"lapidary", "Requantize", since1, inferRequantize},
};

} // namespace

std::span<const OpDef> rewrittenOps() { return ops; }

} // namespace lapidary
