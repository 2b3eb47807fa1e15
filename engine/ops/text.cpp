// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/ml_rules.h"

#include <algorithm>

namespace lapidary {

namespace {

Status requireStrings(const InferenceContext& context, size_t count)
{
    for (size_t i = 0; i < std::min(count, context.inputCount()); ++i) {
        const DataType type = context.inputDataType(i);
        if (type != DataType::Undefined && type != DataType::String)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected strings, found " + std::string(dataTypeName(type)));
    }
    return {};
}

Status inferConcat(InferenceContext& context)
{
    TRY(requireStrings(context, 2));
    return inferBroadcast(context);
}

Status inferFullMatch(InferenceContext& context)
{
    TRY(requireStrings(context, 1));
    context.setOutput(0, DataType::Bool, shapeOf(context, 0));
    return {};
}

// How many words there are depends on the text; an empty list gives one empty word.
Status inferNormalizer(InferenceContext& context)
{
    TRY(requireStrings(context, 1));
    std::optional<Shape> shape = shapeOf(context, 0);
    if (shape) {
        const bool fits =
            shape->size() == 1 || (shape->size() == 2 && (!(*shape)[0].known() || (*shape)[0].value == 1));
        if (!fits)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected X of shape [C] or [1, C], found [" + toString(*shape) + "]");
        shape->back() = Dim();
        if (shape->size() == 2)
            shape->front() = Dim(1);
    }
    context.setOutput(0, DataType::String, std::move(shape));
    return {};
}

Status inferSplit(InferenceContext& context)
{
    TRY(requireStrings(context, 1));
    std::optional<Shape> words = shapeOf(context, 0);
    if (words)
        words->push_back(Dim());
    context.setOutput(0, DataType::String, std::move(words));
    context.setOutput(1, DataType::Int64, shapeOf(context, 0));
    return {};
}

// One column for each index up to the largest of ngram_indexes.
Status inferTfIdf(InferenceContext& context)
{
    const auto& indexes = listAttribute<int64_t>(context.node(), "ngram_indexes");
    const auto largest = std::max_element(indexes.begin(), indexes.end());
    const bool isKnown = largest != indexes.end() && *largest >= 0 && *largest < INT64_MAX;
    std::optional<Shape> shape = shapeOf(context, 0);
    if (shape) {
        if (shape->size() > 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected X of shape [N, C] or [C], found [" + toString(*shape) + "]");
        shape->resize(std::max<size_t>(1, shape->size()));
        shape->back() = isKnown ? Dim(*largest + 1) : Dim();
    }
    context.setOutput(0, DataType::Float, std::move(shape));
    return {};
}

// An empty X gets no further dimension.
Status inferTokenizer(InferenceContext& context)
{
    TRY(requireStrings(context, 1));
    std::optional<Shape> shape = shapeOf(context, 0);
    if (shape) {
        const bool mayBeEmpty = std::any_of(shape->begin(), shape->end(),
                                            [](const Dim& dim) { return !dim.known() || dim.value == 0; });
        if (mayBeEmpty)
            shape.reset();
        else
            shape->push_back(Dim());
    }
    context.setOutput(0, DataType::String, std::move(shape));
    return {};
}

constexpr int fullMatchVersions[] = {20};
constexpr int concatVersions[] = {20};
constexpr int normalizerVersions[] = {10};
constexpr int splitVersions[] = {20};
constexpr int tfIdfVersions[] = {9};
constexpr int tokenizerVersions[] = {1};

constexpr OpDef ops[] = {
    {"", "RegexFullMatch", fullMatchVersions, inferFullMatch},
    {"", "StringConcat", concatVersions, inferConcat},
    {"", "StringNormalizer", normalizerVersions, inferNormalizer},
    {"", "StringSplit", splitVersions, inferSplit},
    {"", "TfIdfVectorizer", tfIdfVersions, inferTfIdf},
    {"com.microsoft", "Tokenizer", tokenizerVersions, inferTokenizer},
};

} // namespace

std::span<const OpDef> textOps() { return ops; }

} // namespace lapidary
