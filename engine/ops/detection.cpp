// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of object detectors: regions of interest and the choice among boxes.
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status checkRank(const Shape* shape, size_t rank, std::string_view what)
{
    if (shape && shape->size() != rank)
        return makeError(ErrorCode::ShapeMismatch, std::string(what) + ": expected rank " +
                                                       std::to_string(rank) + ", found " + toString(*shape));
    return {};
}

// [regions, channels, height, width]
void setRegions(InferenceContext& context, const Dim& height, const Dim& width)
{
    const Shape* x = context.inputShape(0);
    const Shape* regions = context.inputShape(1);
    context.setOutput(0, context.inputDataType(0),
                      Shape{regions ? (*regions)[0] : Dim(), x ? (*x)[1] : Dim(), height, width});
}

Status inferRoiAlign(InferenceContext& context)
{
    TRY(checkRank(context.inputShape(0), 4, "the image"));
    TRY(checkRank(context.inputShape(1), 2, "the regions"));
    setRegions(context, Dim(context.node().intAttribute("output_height", 1)),
               Dim(context.node().intAttribute("output_width", 1)));
    return {};
}

Status inferMaxRoiPool(InferenceContext& context)
{
    TRY(checkRank(context.inputShape(0), 4, "the image"));
    TRY(checkRank(context.inputShape(1), 2, "the regions"));
    const std::vector<int64_t> pooled = context.node().intsAttribute("pooled_shape");
    if (pooled.size() != 2)
        return makeError(ErrorCode::ShapeMismatch, "attribute 'pooled_shape': expected 2 values, found " +
                                                       std::to_string(pooled.size()));
    setRegions(context, Dim(pooled[0]), Dim(pooled[1]));
    return {};
}

Status inferNonMaxSuppression(InferenceContext& context)
{
    TRY(checkRank(context.inputShape(0), 3, "the boxes"));
    TRY(checkRank(context.inputShape(1), 3, "the scores"));
    context.setOutput(0, DataType::Int64, Shape{Dim(), Dim(3)});
    return {};
}

constexpr int roiAlignVersions[] = {10, 16, 22};
constexpr int maxRoiPoolVersions[] = {1, 22};
constexpr int nonMaxSuppressionVersions[] = {10, 11};

constexpr OpDef ops[] = {
    {"", "RoiAlign", roiAlignVersions, inferRoiAlign},
    {"", "MaxRoiPool", maxRoiPoolVersions, inferMaxRoiPool},
    {"", "NonMaxSuppression", nonMaxSuppressionVersions, inferNonMaxSuppression},
};

} // namespace

std::span<const OpDef> detectionOps() { return ops; }

} // namespace lapidary
