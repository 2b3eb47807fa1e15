// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that ONNX Runtime's optimizer puts in the place of several of ai.onnx.
#include "engine/ops/attention_rules.h"
#include "engine/ops/broadcast.h"
#include "engine/ops/families.h"
#include "engine/ops/fused_rules.h"
#include "engine/ops/infer.h"
#include "engine/ops/infer_as.h"

#include <numeric>

namespace lapidary {

namespace {

Shape reordered(const Shape& shape, const std::vector<int64_t>& order)
{
    Shape result;
    for (const int64_t axis : order)
        result.push_back(shape[static_cast<size_t>(axis)]);
    return result;
}

template <size_t... inputs>
Status inferSum(InferenceContext& context)
{
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, {inputs...}));
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

// Adds an input, if there is one, to what output 0 is already.
Status addToOutput(InferenceContext& context, size_t input)
{
    if (!context.hasInput(input) || context.outputTypes.empty() || !context.outputTypes[0].shape)
        return {};
    std::optional<Shape>& output = context.outputTypes[0].shape;
    if (const Shape* shape = context.inputShape(input)) {
        TRY_ASSIGN(output, broadcastShapes(*output, *shape));
    } else {
        output.reset();
    }
    return {};
}

// The shape depends on the values of an input.
Status inferTypeOfFirst(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    return {};
}

Status inferFusedConv(InferenceContext& context)
{
    TRY(inferAs(context, "Conv", 22, {0, 1, 2}));
    return addToOutput(context, 3);
}

Status inferNhwcConv(InferenceContext& context)
{
    const Shape* x = context.inputShape(0);
    if (!x || x->size() < 3) {
        context.setOutput(0, context.inputDataType(0));
        return {};
    }
    const TypeInfo given = context.inputTypes[0];
    context.inputTypes[0].shape = reordered(*x, channelsFirst(x->size()));
    Status status = inferAs(context, "Conv", 22, {0, 1, 2});
    context.inputTypes[0] = given;
    if (!status.ok())
        return status;
    if (!context.outputTypes.empty() && context.outputTypes[0].shape)
        context.outputTypes[0].shape =
            reordered(*context.outputTypes[0].shape, channelsLast(context.outputTypes[0].shape->size()));
    return addToOutput(context, 3);
}

Status inferFusedGemm(InferenceContext& context) { return inferAs(context, "Gemm", 13); }

Status inferFullyConnected(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* x = context.inputShape(0);
    const Shape* w = context.inputShape(1);
    const int64_t axis = context.node().intAttribute("axis", 1);
    if (!x || !w || w->empty() || context.node().intAttribute("axis_w", 1) != 1 || axis < 0 ||
        axis > static_cast<int64_t>(x->size()))
        return {};
    Shape y(x->begin(), x->begin() + axis);
    y.push_back((*w)[0]);
    context.setOutput(0, context.inputDataType(0), std::move(y));
    return {};
}

Status inferFusedMatMul(InferenceContext& context)
{
    const std::vector<TypeInfo> given = context.inputTypes;
    for (const size_t input : {0, 1}) {
        const Shape* shape = context.inputShape(input);
        if (!shape)
            continue;
        const std::string suffix = input == 0 ? "A" : "B";
        TRY_ASSIGN(const std::vector<int64_t> order,
                   fusedMatMulOrder(shape->size(), context.node().intAttribute("trans" + suffix, 0) != 0,
                                    context.node().intAttribute("transBatch" + suffix, 0) != 0));
        context.inputTypes[input].shape = reordered(*shape, order);
    }
    Status status = inferAs(context, "MatMul", 13);
    context.inputTypes = given;
    return status;
}

Status inferGemmFastGelu(InferenceContext& context)
{
    TRY(inferAs(context, "MatMul", 13, {0, 1}));
    return addToOutput(context, 2);
}

// output, mean, inv_std_var, input_skip_bias_sum
Status inferSkipLayerNormalization(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const size_t bias = context.node().opType == "SkipLayerNormalization" ? 4 : 3;
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, {0, 1, bias}));
    context.setOutput(0, type, shape);
    context.setOutput(1, DataType::Float);
    context.setOutput(2, DataType::Float);
    context.setOutput(3, type, std::move(shape));
    return {};
}

Status inferEmbedLayerNormalization(InferenceContext& context)
{
    const DataType type = context.inputDataType(2);
    context.setOutput(0, type);
    context.setOutput(1, DataType::Int32);
    context.setOutput(2, type);
    TRY_ASSIGN(const std::optional<Shape> ids, broadcastInputs(context, {0, 1, 8}));
    const Shape* words = context.inputShape(2);
    if (!ids || !words)
        return {};
    if (ids->size() != 2 || words->size() != 2)
        return makeError(ErrorCode::ShapeMismatch, "input_ids and word_embedding: expected rank 2, found " +
                                                       toString(*ids) + " and " + toString(*words));
    const Shape shape{(*ids)[0], (*ids)[1], (*words)[1]};
    context.setOutput(0, type, shape);
    const Shape* batches = context.inputShape(0);
    if (batches && batches->size() == 2)
        context.setOutput(1, DataType::Int32, Shape{(*batches)[0]});
    context.setOutput(2, type, shape);
    return {};
}

// Y, and the sum before the normalization. skip: like X, or [N, C].
Status inferSkipGroupNorm(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    std::optional<Shape> sum;
    const Shape* skip = context.inputShape(3);
    if (skip && skip->size() == 2 && context.inputShape(0)) {
        TRY_ASSIGN(sum,
                   broadcastShapes(*context.inputShape(0), Shape{(*skip)[0], Dim(1), Dim(1), (*skip)[1]}));
    } else {
        TRY_ASSIGN(sum, broadcastInputs(context, {0, 3}));
    }
    context.setOutput(0, type, sum);
    TRY(addToOutput(context, 4));
    context.setOutput(1, type, context.outputTypes.empty() ? std::nullopt : context.outputTypes[0].shape);
    return {};
}

Status inferBiasSplitGelu(InferenceContext& context)
{
    TRY_ASSIGN(std::optional<Shape> y, broadcastInputs(context, {0, 1}));
    if (y && !y->empty()) {
        TRY_ASSIGN(y->back(), dividedDim(y->back(), 2, "input"));
    }
    context.setOutput(0, context.inputDataType(0), std::move(y));
    return {};
}

Status inferBiasDropout(InferenceContext& context)
{
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, {0, 1, 2}));
    TRY_ASSIGN(std::optional<Shape> mask, broadcastInputs(context, {0, 1}));
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    context.setOutput(1, DataType::Bool, std::move(mask));
    return {};
}

// emb [B, L, D]; q, q_rot, k, k_rot [B, heads, L, D].
Status inferGemmaRotary(InferenceContext& context)
{
    for (const size_t output : {0, 1}) {
        const size_t state = output == 0 ? 1 : 3;
        TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, {state, state + 1}));
        const Shape* angles = context.inputShape(0);
        if (!angles || angles->empty()) {
            shape.reset();
        } else if (shape) {
            Shape spread = *angles;
            spread.insert(spread.begin() + 1, Dim(1));
            TRY_ASSIGN(shape, broadcastShapes(*shape, spread));
        }
        context.setOutput(output, context.inputDataType(state), std::move(shape));
    }
    return {};
}

constexpr int since1[] = {1};

constexpr OpDef ops[] = {
    {"com.microsoft", "Gelu", since1, inferSameAsFirst},
    {"com.microsoft", "QuickGelu", since1, inferSameAsFirst},
    {"com.microsoft", "FastGelu", since1, inferSum<0, 1>},
    {"com.microsoft", "BiasGelu", since1, inferSum<0, 1>},
    {"com.microsoft", "BiasAdd", since1, inferSum<0, 1, 2>},
    {"com.microsoft", "BiasSplitGelu", since1, inferBiasSplitGelu},
    {"com.microsoft", "BiasSoftmax", since1, inferSum<0, 1>},
    {"com.microsoft", "BiasDropout", since1, inferBiasDropout},
    {"com.microsoft", "FusedConv", since1, inferFusedConv},
    {"com.microsoft", "ConvTransposeWithDynamicPads", since1, inferTypeOfFirst},
    {"com.microsoft", "NhwcConv", since1, inferNhwcConv},
    {"com.microsoft", "NhwcFusedConv", since1, inferNhwcConv},
    {"", "FC", since1, inferFullyConnected},
    {"com.microsoft", "FC", since1, inferFullyConnected},
    {"com.microsoft", "FusedGemm", since1, inferFusedGemm},
    {"com.microsoft", "FusedMatMul", since1, inferFusedMatMul},
    {"com.microsoft", "TransposeMatMul", since1, inferFusedMatMul},
    {"com.microsoft", "FusedMatMulActivation", since1, inferFusedMatMul},
    {"com.microsoft", "GemmFastGelu", since1, inferGemmFastGelu},
    {"com.microsoft", "SkipLayerNormalization", since1, inferSkipLayerNormalization},
    {"com.microsoft", "SkipSimplifiedLayerNormalization", since1, inferSkipLayerNormalization},
    {"com.microsoft", "EmbedLayerNormalization", since1, inferEmbedLayerNormalization},
    {"com.microsoft", "GroupNorm", since1, inferSameAsFirst},
    {"com.microsoft", "SkipGroupNorm", since1, inferSkipGroupNorm},
    {"com.microsoft", "GemmaRotaryEmbedding", since1, inferGemmaRotary},
};

} // namespace

Result<std::vector<int64_t>> fusedMatMulOrder(size_t rank, bool trans, bool transBatch)
{
    std::vector<int64_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    if (rank < 2) // a vector has nothing to transpose
        return order;
    if (transBatch) {
        if (rank < 3)
            return makeError(ErrorCode::ShapeMismatch,
                             "a transposed batch: expected rank 3 or more, found " + std::to_string(rank));
        std::rotate(order.begin(), order.begin() + 1, order.end() - 1);
    }
    if (trans)
        std::swap(order[rank - 1], order[rank - 2]);
    return order;
}

std::vector<int64_t> channelsFirst(size_t rank)
{
    std::vector<int64_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    if (rank > 1)
        std::rotate(order.begin() + 1, order.end() - 1, order.end());
    return order;
}

std::vector<int64_t> channelsLast(size_t rank)
{
    std::vector<int64_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    if (rank > 1)
        std::rotate(order.begin() + 1, order.begin() + 2, order.end());
    return order;
}

std::span<const OpDef> fusedOps() { return ops; }

} // namespace lapidary
