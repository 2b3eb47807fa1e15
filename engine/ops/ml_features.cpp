// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/ml_rules.h"

#include <algorithm>

namespace lapidary {

namespace {

Status inferFloatLikeFirst(InferenceContext& context)
{
    context.setOutput(0, DataType::Float, shapeOf(context, 0));
    return {};
}

Status inferExtractor(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const Shape* x = context.inputShape(0)) {
        const Shape* indices = context.inputShape(1);
        TRY_ASSIGN(shape, extractedShape(*x, indices));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferVectorizer(InferenceContext& context)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    const auto& sizes = listAttribute<int64_t>(context.node(), "inputdimensions");
    int64_t total = 0;
    bool isKnown = !sizes.empty();
    for (const int64_t size : sizes)
        isKnown = isKnown && !__builtin_add_overflow(total, std::max<int64_t>(0, size), &total);
    const Dim columns = isKnown ? Dim(total) : Dim();
    context.setOutput(0, DataType::Float, Shape{x.rows, columns});
    return {};
}

constexpr int versions[] = {1};

constexpr OpDef ops[] = {
    {mlDomain, "ArrayFeatureExtractor", versions, inferExtractor},
    {mlDomain, "Binarizer", versions, inferSameAsFirst},
    {mlDomain, "FeatureVectorizer", versions, inferVectorizer},
    {mlDomain, "Imputer", versions, inferSameAsFirst},
    {mlDomain, "Normalizer", versions, inferFloatLikeFirst},
    {mlDomain, "Scaler", versions, inferFloatLikeFirst},
};

} // namespace

std::span<const OpDef> mlFeaturesOps() { return ops; }

} // namespace lapidary
