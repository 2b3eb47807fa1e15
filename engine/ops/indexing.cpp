// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that pick or place elements by index.
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/index_rules.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

// Picking from a shape: the element of a followed list.
void gatherInts(InferenceContext& context)
{
    const std::vector<SymbolicInt>* data = context.inputInts(0);
    const auto indices = context.knownInts(1);
    const Shape* shape = context.inputShape(0);
    if (!data || !indices || !shape || shape->size() != 1)
        return;
    std::vector<SymbolicInt> picked;
    for (const int64_t index : *indices) {
        const auto checked = checkedIndex(index, static_cast<int64_t>(data->size()));
        if (!checked.ok())
            return;
        picked.push_back((*data)[static_cast<size_t>(*checked)]);
    }
    context.setOutputInts(0, std::move(picked));
}

Status inferGather(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (context.inputShape(0) && context.inputShape(1)) {
        TRY_ASSIGN(shape, gatheredShape(*context.inputShape(0), *context.inputShape(1),
                                        context.node().intAttribute("axis", 0)));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    gatherInts(context);
    return {};
}

Status inferGatherElements(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0), shapeOf(context, 1));
    return {};
}

Status inferGatherNd(InferenceContext& context)
{
    const Shape* data = context.inputShape(0);
    const Shape* indices = context.inputShape(1);
    std::optional<Shape> shape;
    if (data && indices && (indices->empty() || indices->back().known())) {
        TRY_ASSIGN(shape, gatheredNdShape(*data, *indices, context.node().intAttribute("batch_dims", 0)));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferOneHot(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const Shape* indices = context.inputShape(0)) {
        Dim depth;
        if (const auto known = context.knownInts(1); known && known->size() == 1)
            depth = Dim((*known)[0]);
        TRY_ASSIGN(shape, oneHotShape(*indices, context.node().intAttribute("axis", -1), depth));
    }
    context.setOutput(0, context.inputDataType(2), std::move(shape));
    return {};
}

Status inferNonZero(InferenceContext& context)
{
    Shape shape(2);
    if (const Shape* input = context.inputShape(0))
        shape[0] = Dim(static_cast<int64_t>(input->size()));
    context.setOutput(0, DataType::Int64, std::move(shape));
    return {};
}

Status inferTopK(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const Shape* input = context.inputShape(0)) {
        Dim k;
        if (context.opsetVersion() < 10)
            k = Dim(context.node().intAttribute("k", -1));
        else if (const std::vector<SymbolicInt>* values = context.inputInts(1); values && values->size() == 1)
            k = (*values)[0].dim();
        TRY_ASSIGN(shape, topKShape(*input, context.node().intAttribute("axis", -1), k));
    }
    context.setOutput(0, context.inputDataType(0), shape);
    context.setOutput(1, DataType::Int64, std::move(shape));
    return {};
}

// Some slices along the axis, or without that attribute some elements in a row.
Status inferCompress(InferenceContext& context)
{
    std::optional<Shape> shape = Shape(1);
    if (context.node().attribute("axis")) {
        shape = shapeOf(context, 0);
        if (shape) {
            TRY_ASSIGN(const int64_t axis, normalizeAxis(context.node().intAttribute("axis", 0),
                                                         static_cast<int64_t>(shape->size())));
            (*shape)[static_cast<size_t>(axis)] = Dim();
        }
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferUnique(InferenceContext& context)
{
    TRY(inferCompress(context));
    for (size_t i = 1; i < 4; ++i)
        context.setOutput(i, DataType::Int64, Shape(1));
    return {};
}

constexpr int gatherVersions[] = {1, 11, 13};
constexpr int gatherElementsVersions[] = {11, 13};
constexpr int gatherNdVersions[] = {11, 12, 13};
constexpr int scatterVersions[] = {9, 11};
constexpr int scatterElementsVersions[] = {11, 13, 16, 18};
constexpr int oneHotVersions[] = {9, 11};
constexpr int nonZeroVersions[] = {9, 13};
constexpr int topKVersions[] = {1, 10, 11, 24};
constexpr int uniqueVersions[] = {11};
constexpr int compressVersions[] = {9, 11};
constexpr int reverseSequenceVersions[] = {10};

constexpr OpDef ops[] = {
    {"", "Gather", gatherVersions, inferGather},
    {"", "GatherElements", gatherElementsVersions, inferGatherElements},
    {"", "GatherND", gatherNdVersions, inferGatherNd},
    {"", "Scatter", scatterVersions, inferSameAsFirst},
    {"", "ScatterElements", scatterElementsVersions, inferSameAsFirst},
    {"", "ScatterND", scatterElementsVersions, inferSameAsFirst},
    {"", "OneHot", oneHotVersions, inferOneHot},
    {"", "NonZero", nonZeroVersions, inferNonZero},
    {"", "TopK", topKVersions, inferTopK},
    {"", "Unique", uniqueVersions, inferUnique},
    {"", "Compress", compressVersions, inferCompress},
    {"", "ReverseSequence", reverseSequenceVersions, inferSameAsFirst},
};

} // namespace

std::span<const OpDef> indexingOps() { return ops; }

} // namespace lapidary
