// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of com.microsoft that no fusion of ai.onnx's explains.
#include "engine/ops/attention_rules.h"
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/infer_as.h"

namespace lapidary {

namespace {

Error rankError(std::string_view what, size_t rank, const Shape& found)
{
    return makeError(ErrorCode::ShapeMismatch, std::string(what) + ": expected rank " + std::to_string(rank) +
                                                   ", found " + toString(found));
}

// output [B, S, v_hidden_size]; present [2, B, heads, keys, size].
Status inferAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type);
    context.setOutput(1, type);
    const Shape* x = context.inputShape(0);
    const Shape* weights = context.inputShape(1);
    if (!x || !weights)
        return {};
    if (x->size() != 3)
        return rankError("input", 3, *x);
    if (weights->size() != 2)
        return rankError("weights", 2, *weights);
    const int64_t heads = context.node().intAttribute("num_heads", 0);
    const std::vector<int64_t> sizes = context.node().intsAttribute("qkv_hidden_sizes");
    Dim hidden;
    if (sizes.size() == 3 && sizes[2] >= 0) {
        hidden = sizes[2];
    } else {
        TRY_ASSIGN(hidden, dividedDim((*weights)[1], 3, "weights"));
    }
    TRY_ASSIGN(const Dim size, dividedDim(hidden, heads, "weights"));
    context.setOutput(0, type, Shape{(*x)[0], (*x)[1], hidden});
    Dim keys = (*x)[1];
    if (context.hasInput(4)) {
        const Shape* past = context.inputShape(4);
        keys = past && past->size() == 5 ? sumOfDims((*past)[3], keys) : Dim();
    }
    context.setOutput(1, type, Shape{Dim(2), (*x)[0], heads, keys, size});
    return {};
}

// output, present_key, present_value, qk
Status inferMultiHeadAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    for (size_t output = 0; output < 4; ++output)
        context.setOutput(output, type);
    const Shape* query = context.inputShape(0);
    if (!query)
        return {};
    if (query->size() == 5) { // packed Q, K and V
        TRY_ASSIGN(const Dim hidden, productOfDims((*query)[2], (*query)[4]));
        context.setOutput(0, type, Shape{(*query)[0], (*query)[1], hidden});
        return {};
    }
    if (query->size() != 3)
        return rankError("query", 3, *query);
    const Shape* value = context.inputShape(2);
    if (value && value->size() == 3)
        context.setOutput(0, type, Shape{(*query)[0], (*query)[1], (*value)[2]});
    else
        context.setOutput(0, type, Shape{(*query)[0], (*query)[1], Dim()});
    return {};
}

// output, present_key, present_value, output_qk
Status inferGroupQueryAttention(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const Shape* query = context.inputShape(0);
    const int64_t heads = context.node().intAttribute("num_heads", 0);
    const int64_t kvHeads = context.node().intAttribute("kv_num_heads", 0);
    for (size_t output = 0; output < 4; ++output)
        context.setOutput(output, type);
    if (!query || heads < 1 || kvHeads < 1)
        return {};
    if (query->size() != 3)
        return rankError("query", 3, *query);
    const bool packed = !context.hasInput(1);
    TRY_ASSIGN(const Dim size, dividedDim((*query)[2], packed ? heads + 2 * kvHeads : heads, "query"));
    TRY_ASSIGN(const Dim hidden, productOfDims(heads, size));
    context.setOutput(0, type, Shape{(*query)[0], (*query)[1], hidden});
    for (const size_t output : {1, 2})
        context.setOutput(output, type, Shape{(*query)[0], kvHeads, Dim(), size});
    return {};
}

Status inferExpandDims(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* x = context.inputShape(0);
    const auto axes = context.knownInts(1);
    if (!x || !axes || axes->size() != 1)
        return {};
    TRY_ASSIGN(const int64_t axis, normalizeAxis((*axes)[0], static_cast<int64_t>(x->size()) + 1));
    Shape y = *x;
    y.insert(y.begin() + axis, Dim(1));
    context.setOutput(0, context.inputDataType(0), std::move(y));
    return {};
}

Status inferPad(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* pads = context.inputShape(1);
    return pads && pads->size() == 1 ? inferAs(context, "Pad", 18, {0, 1, 2}) : Status();
}

Status inferGatherNd(InferenceContext& context) { return inferAs(context, "GatherND", 12); }

Status inferRange(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0), Shape{Dim()});
    return {};
}

// y, idx, counts
Status inferUnique(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0), Shape{Dim()});
    const Shape* x = context.inputShape(0);
    const auto dims = x ? concreteDims(*x) : std::nullopt;
    const auto count = dims ? elementCount(*dims) : std::nullopt;
    context.setOutput(1, DataType::Int64, Shape{count ? Dim(*count) : Dim()});
    context.setOutput(2, DataType::Int64, Shape{Dim()});
    return {};
}

Status inferCDist(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* a = context.inputShape(0);
    const Shape* b = context.inputShape(1);
    if (!a || !b)
        return {};
    for (const Shape* shape : {a, b}) {
        if (shape->size() != 2)
            return rankError("input", 2, *shape);
    }
    TRY(sameDim((*a)[1], (*b)[1], "the lengths of rows"));
    context.setOutput(0, context.inputDataType(0), Shape{(*a)[0], (*b)[0]});
    return {};
}

Status inferCropAndResize(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* x = context.inputShape(0);
    const Shape* rois = context.inputShape(1);
    if (!x || !rois)
        return {};
    if (x->size() != 4)
        return rankError("X", 4, *x);
    if (rois->size() != 2)
        return rankError("rois", 2, *rois);
    const std::vector<SymbolicInt>* size = context.inputInts(3);
    const bool known = size && size->size() == 2;
    context.setOutput(
        0, context.inputDataType(0),
        Shape{(*rois)[0], (*x)[1], known ? (*size)[0].dim() : Dim(), known ? (*size)[1].dim() : Dim()});
    return {};
}

Status inferMurmurHash(InferenceContext& context)
{
    const bool positive = context.node().intAttribute("positive", 1) != 0;
    context.setOutput(0, positive ? DataType::UInt32 : DataType::Int32, shapeOf(context, 0));
    return {};
}

Status inferNGramRepeatBlock(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(1), shapeOf(context, 1));
    return {};
}

Status inferRelativePositionBias(InferenceContext& context)
{
    const Shape* table = context.inputShape(0);
    context.setOutput(0, context.inputDataType(0));
    if (!table)
        return {};
    if (table->size() != 2)
        return rankError("bias_table", 2, *table);
    const auto dim = [&](size_t input) {
        const std::vector<SymbolicInt>* value = context.inputInts(input);
        return value && value->size() == 1 ? (*value)[0].dim() : Dim();
    };
    context.setOutput(0, context.inputDataType(0), Shape{Dim(1), (*table)[1], dim(1), dim(2)});
    return {};
}

Status inferGatedRelativePositionBias(InferenceContext& context)
{
    const Shape* query = context.inputShape(0);
    context.setOutput(0, context.inputDataType(0));
    if (!query)
        return {};
    if (query->size() != 3)
        return rankError("query_layer", 3, *query);
    context.setOutput(
        0, context.inputDataType(0),
        Shape{(*query)[0], context.node().intAttribute("num_heads", 0), (*query)[1], (*query)[1]});
    return {};
}

constexpr int since1[] = {1};

constexpr OpDef ops[] = {
    {"com.microsoft", "Attention", since1, inferAttention},
    {"com.microsoft", "MultiHeadAttention", since1, inferMultiHeadAttention},
    {"com.microsoft", "DecoderMaskedMultiHeadAttention", since1, inferMultiHeadAttention},
    {"com.microsoft", "GroupQueryAttention", since1, inferGroupQueryAttention},
    {"com.microsoft", "RotaryEmbedding", since1, inferSameAsFirst},
    {"com.microsoft", "ExpandDims", since1, inferExpandDims},
    {"com.microsoft", "Trilu", since1, inferSameAsFirst},
    {"com.microsoft", "Pad", since1, inferPad},
    {"com.microsoft", "GatherND", since1, inferGatherNd},
    {"com.microsoft", "Range", since1, inferRange},
    {"com.microsoft", "Unique", since1, inferUnique},
    {"com.microsoft", "Inverse", since1, inferSameAsFirst},
    {"com.microsoft", "CDist", since1, inferCDist},
    {"com.microsoft", "CropAndResize", since1, inferCropAndResize},
    {"com.microsoft", "MurmurHash3", since1, inferMurmurHash},
    {"com.microsoft", "NGramRepeatBlock", since1, inferNGramRepeatBlock},
    {"com.microsoft", "RelativePositionBias", since1, inferRelativePositionBias},
    {"com.microsoft", "GatedRelativePositionBias", since1, inferGatedRelativePositionBias},
};

} // namespace

std::span<const OpDef> microsoftOps() { return ops; }

} // namespace lapidary
