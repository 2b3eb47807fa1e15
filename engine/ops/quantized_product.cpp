// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/quantized_product.h"

#include "engine/ops/convolution.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/matmul.h"

namespace lapidary {

namespace {

Error wrongParameters(std::string_view expected, const Dims& found, const Dims& operand)
{
    return makeError(ErrorCode::ShapeMismatch, "scale or zero point: expected one element or " +
                                                   std::string(expected) + " of " + toString(operand) +
                                                   ", found " + toString(found));
}

// The parameters' batch is the stack's, or one of ones.
bool sameBatch(const Dims& matrices, const Dims& parameters)
{
    const bool sameRank = matrices.size() == parameters.size();
    const bool equal = sameRank && std::equal(matrices.begin(), matrices.end() - 2, parameters.begin());
    return equal ||
           std::all_of(parameters.begin(), parameters.end() - 2, [](int64_t size) { return size == 1; });
}

ScaleLayout oneForAll(const Dims& operand)
{
    ScaleLayout layout;
    layout.inner = elementCount(operand).value_or(0);
    return layout;
}

std::optional<Dims> knownDims(const Shape* shape) { return shape ? concreteDims(*shape) : std::nullopt; }

// A check of two inputs that are known; what is not known is no error.
Status checkLayout(const InferenceContext& context, size_t operand, size_t parameters,
                   decltype(rowLayout)* layout)
{
    const auto dims = knownDims(context.inputShape(operand));
    const auto found = knownDims(context.inputShape(parameters));
    if (!dims || !found)
        return {};
    const auto result = layout(*dims, *found);
    return result.ok() ? Status() : Status(result.error());
}

// Inputs of a quantized product: operand, zero point, for both sides.
struct Sides {
    size_t a;
    size_t aZero;
    size_t b;
    size_t bZero;
};

Status inferMatMul(InferenceContext& context, DataType type, const Sides& sides)
{
    context.setOutput(0, type);
    TRY_ASSIGN(std::optional<Shape> output,
               matMulOutput(context.inputShape(sides.a), context.inputShape(sides.b)));
    context.setOutput(0, type, std::move(output));
    TRY(checkLayout(context, sides.a, sides.aZero, rowLayout));
    return checkLayout(context, sides.b, sides.bZero, columnLayout);
}

Status inferConvolution(InferenceContext& context, DataType type, size_t weights, size_t zero)
{
    context.setOutput(0, type);
    TRY_ASSIGN(std::optional<Shape> output,
               convolutionOutput(context.node(), context.inputShape(0), context.inputShape(weights)));
    context.setOutput(0, type, std::move(output));
    return checkLayout(context, weights, zero, channelLayout);
}

Status inferMatMulInteger(InferenceContext& context)
{
    return inferMatMul(context, DataType::Int32, {0, 2, 1, 3});
}

Status inferConvInteger(InferenceContext& context)
{
    return inferConvolution(context, DataType::Int32, 1, 3);
}

Status inferQLinearMatMul(InferenceContext& context)
{
    return inferMatMul(context, context.inputDataType(7), {0, 2, 3, 5});
}

Status inferQLinearConv(InferenceContext& context)
{
    if (context.node().intAttribute("channels_last", 0) == 0)
        return inferConvolution(context, context.inputDataType(7), 3, 5);
    context.setOutput(0, context.inputDataType(7));
    const Shape* x = context.inputShape(0);
    if (!x || x->size() < 3)
        return {};
    Shape channelsFirst = *x;
    std::rotate(channelsFirst.begin() + 1, channelsFirst.end() - 1, channelsFirst.end());
    TRY_ASSIGN(std::optional<Shape> output,
               convolutionOutput(context.node(), &channelsFirst, context.inputShape(3)));
    if (output)
        std::rotate(output->begin() + 1, output->begin() + 2, output->end());
    context.setOutput(0, context.inputDataType(7), std::move(output));
    return {};
}

Status inferDynamicQuantizeMatMul(InferenceContext& context)
{
    return inferMatMul(context, DataType::Float, {0, 0, 1, 3});
}

Status inferMatMulIntegerToFloat(InferenceContext& context)
{
    return inferMatMul(context, context.inputDataType(2), {0, 4, 1, 5});
}

Status inferMatMulInteger16(InferenceContext& context)
{
    context.setOutput(0, DataType::Int32);
    TRY_ASSIGN(std::optional<Shape> output, matMulOutput(context.inputShape(0), context.inputShape(1)));
    context.setOutput(0, DataType::Int32, std::move(output));
    return {};
}

Status inferQGemm(InferenceContext& context)
{
    const DataType type = context.hasInput(8) ? context.inputDataType(8) : DataType::Float;
    context.setOutput(0, type);
    const Shape* a = context.inputShape(0);
    const Shape* b = context.inputShape(3);
    if (!a || !b || a->size() != 2 || b->size() != 2)
        return {};
    const size_t transA = context.node().intAttribute("transA", 0) != 0 ? 1 : 0;
    const size_t transB = context.node().intAttribute("transB", 0) != 0 ? 1 : 0;
    context.setOutput(0, type, Shape{(*a)[transA], (*b)[1 - transB]});
    return {};
}

constexpr int since10[] = {10};
constexpr int since10And21[] = {10, 21};
constexpr int microsoft[] = {1};

// Parameters [lines] for every matrix, or a stack of columns [rows, 1] (perRow) or rows [1, columns].
Result<ScaleLayout> lineLayout(const Dims& matrices, const Dims& parameters, bool perRow)
{
    if (elementCount(parameters) == 1)
        return oneForAll(matrices);
    const std::string_view expected = perRow ? "one for each row" : "one for each column";
    const size_t rank = matrices.size();
    if (rank < 2)
        return wrongParameters(expected, parameters, matrices);
    ScaleLayout layout;
    layout.size = matrices[rank - 2];
    layout.inner = matrices[rank - 1];
    const int64_t lines = perRow ? layout.size : layout.inner;
    const Dims stacked{perRow ? lines : 1, perRow ? 1 : lines};
    const bool isStack = parameters.size() >= 2 && Dims(parameters.end() - 2, parameters.end()) == stacked &&
                         sameBatch(matrices, parameters);
    if (parameters != Dims{lines} && !isStack)
        return wrongParameters(expected, parameters, matrices);
    if (perRow) {
        layout.blockStep = 1;
    } else {
        layout.block = std::max<int64_t>(1, layout.size); // all rows share them
        layout.innerStep = 1;
    }
    for (size_t i = 0; i + 2 < rank; ++i)
        layout.outer *= matrices[i];
    layout.outerStep = elementCount(parameters) == lines ? 0 : lines;
    return layout;
}

constexpr OpDef ops[] = {
    {"", "MatMulInteger", since10, inferMatMulInteger},
    {"", "ConvInteger", since10, inferConvInteger},
    {"", "QLinearMatMul", since10And21, inferQLinearMatMul},
    {"", "QLinearConv", since10, inferQLinearConv},
    {"com.microsoft", "QLinearConv", microsoft, inferQLinearConv},
    {"com.microsoft", "QGemm", microsoft, inferQGemm},
    {"com.microsoft", "DynamicQuantizeMatMul", microsoft, inferDynamicQuantizeMatMul},
    {"com.microsoft", "MatMulIntegerToFloat", microsoft, inferMatMulIntegerToFloat},
    {"com.microsoft", "MatMulInteger16", microsoft, inferMatMulInteger16},
};

} // namespace

Result<ScaleLayout> rowLayout(const Dims& matrices, const Dims& parameters)
{
    return lineLayout(matrices, parameters, true);
}

Result<ScaleLayout> columnLayout(const Dims& matrices, const Dims& parameters)
{
    return lineLayout(matrices, parameters, false);
}

Result<ScaleLayout> channelLayout(const Dims& weights, const Dims& parameters)
{
    if (elementCount(parameters) == 1)
        return oneForAll(weights);
    if (weights.empty() || parameters != Dims{weights[0]})
        return wrongParameters("one for each output channel", parameters, weights);
    return scaleLayout(weights, parameters, {0, 0});
}

std::span<const OpDef> quantizedProductOps() { return ops; }

} // namespace lapidary
