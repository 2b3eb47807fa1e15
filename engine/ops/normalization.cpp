// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/axis.h"
#include "engine/ops/batch_normalization.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

Status inferBatchNormalization(InferenceContext& context)
{
    TRY(inferSameAsFirst(context));
    const Shape* x = context.inputShape(0);
    if (x && x->size() < 2)
        return shapeError("expected an input of rank 2 or more, found " + toString(*x));
    const bool typed = context.opsetVersion() >= 14; // the statistics have the type of input 3
    for (size_t i = 1; i < context.outputCount(); ++i) {
        const size_t like = i % 2 == 1 ? 3 : 4;
        context.setOutput(i, context.inputDataType(typed ? like : 0), shapeOf(context, like));
    }
    return {};
}

// Y like X; Mean and InvStdDev: the axes from attribute axis on have size 1.
Status inferLayerNormalization(InferenceContext& context)
{
    TRY(inferSameAsFirst(context));
    const Shape* x = context.inputShape(0);
    std::optional<Shape> statistics;
    if (x) {
        TRY_ASSIGN(const int64_t axis,
                   normalizeAxis(context.node().intAttribute("axis", -1), static_cast<int64_t>(x->size())));
        statistics = *x;
        std::fill(statistics->begin() + axis, statistics->end(), Dim(1));
    }
    const DataType stash = typeAttribute(context.node(), "stash_type", DataType::Float);
    context.setOutput(1, stash, statistics);
    context.setOutput(2, stash, statistics);
    return {};
}

// Y like X; inv_std_var with ones from the axis on.
Status inferSimplifiedLayerNormalization(InferenceContext& context)
{
    TRY(inferSameAsFirst(context));
    std::optional<Shape> statistics = shapeOf(context, 0);
    if (statistics) {
        TRY_ASSIGN(const int64_t axis, normalizeAxis(context.node().intAttribute("axis", -1),
                                                     static_cast<int64_t>(statistics->size())));
        std::fill(statistics->begin() + axis, statistics->end(), Dim(1));
    }
    context.setOutput(1, typeAttribute(context.node(), "stash_type", DataType::Float), std::move(statistics));
    return {};
}

Status inferAlongAxis(InferenceContext& context)
{
    if (const Shape* x = context.inputShape(0))
        TRY(normalizeAxis(context.node().intAttribute("axis", -1), static_cast<int64_t>(x->size())));
    return inferSameAsFirst(context);
}

constexpr int batchNormalizationVersions[] = {1, 6, 7, 9, 14, 15};
constexpr int instanceNormalizationVersions[] = {1, 6, 22};
constexpr int since1[] = {1};
// Version 1 is ONNX Runtime's, which its optimizer writes into files of older opsets.
constexpr int layerNormalizationVersions[] = {1, 17};
constexpr int since23[] = {23};
constexpr int groupNormalizationVersions[] = {18, 21};
constexpr int since1And13[] = {1, 13};
constexpr int since9And13[] = {9, 13};
constexpr int since1And22[] = {1, 22};

constexpr OpDef ops[] = {
    {"", "BatchNormalization", batchNormalizationVersions, inferBatchNormalization},
    {"", "InstanceNormalization", instanceNormalizationVersions, inferSameAsFirst},
    {"", "LayerNormalization", layerNormalizationVersions, inferLayerNormalization},
    {"com.microsoft", "LayerNormalization", since1, inferLayerNormalization},
    {"", "SimplifiedLayerNormalization", since1, inferSimplifiedLayerNormalization},
    {"com.microsoft", "SimplifiedLayerNormalization", since1, inferSimplifiedLayerNormalization},
    {"", "RMSNormalization", since23, inferAlongAxis},
    {"", "GroupNormalization", groupNormalizationVersions, inferSameAsFirst},
    {"", "LRN", since1And13, inferSameAsFirst},
    {"", "MeanVarianceNormalization", since9And13, inferSameAsFirst},
    {"", "LpNormalization", since1And22, inferAlongAxis},
};

} // namespace

Result<BatchNormalizationShape> batchNormalizationShape(const Node& node, const Dims& x)
{
    if (x.size() < 2)
        return shapeError("expected an input of rank 2 or more, found " + toString(x));
    BatchNormalizationShape shape;
    shape.batch = x[0];
    if (node.intAttribute("spatial", 1) != 0) {
        shape.channels = x[1];
        shape.parameters = {x[1]};
        for (size_t i = 2; i < x.size(); ++i)
            shape.inner *= x[i];
        return shape;
    }
    shape.parameters.assign(x.begin() + 1, x.end());
    for (const int64_t size : shape.parameters)
        shape.channels *= size;
    return shape;
}

bool isTraining(const Node& node, int64_t opsetVersion)
{
    if (opsetVersion >= 14)
        return node.intAttribute("training_mode", 0) != 0;
    return std::any_of(node.outputs.begin() + (node.outputs.empty() ? 0 : 1), node.outputs.end(),
                       [](ValueId id) { return id != noValue; });
}

std::span<const OpDef> normalizationOps() { return ops; }

} // namespace lapidary
