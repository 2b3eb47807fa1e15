// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that look at images between their pixels: GridSample, AffineGrid, DeformConv.
#include "engine/ops/convolution.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// x: [N, C, spatial...], grid: [N, out spatial..., number of spatial axes].
Status inferGridSample(InferenceContext& context)
{
    const Shape* x = context.inputShape(0);
    const Shape* grid = context.inputShape(1);
    if (x && grid && (x->size() < 3 || x->size() != grid->size()))
        return shapeError("expected an image and a grid of the same rank, 3 or more, found " + toString(*x) +
                          " and " + toString(*grid));
    std::optional<Shape> shape;
    if (x && grid) {
        shape = Shape{(*x)[0], (*x)[1]};
        shape->insert(shape->end(), grid->begin() + 1, grid->end() - 1);
    } else if (x) {
        shape = Shape(x->size());
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

// size: [N, C, spatial...]; output [N, spatial..., number of spatial axes].
Status inferAffineGrid(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const std::vector<SymbolicInt>* size = context.inputInts(1)) {
        if (size->size() != 4 && size->size() != 5)
            return shapeError("expected 4 or 5 sizes, found " + std::to_string(size->size()));
        shape = Shape{size->front().dim()};
        for (size_t i = 2; i < size->size(); ++i)
            shape->push_back((*size)[i].dim());
        shape->push_back(Dim(static_cast<int64_t>(size->size()) - 2));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferDeformConv(InferenceContext& context)
{
    const Shape* x = context.inputShape(0);
    const Shape* w = context.inputShape(1);
    const auto xDims = x ? concreteDims(*x) : std::nullopt;
    const auto wDims = w ? concreteDims(*w) : std::nullopt;
    std::optional<Shape> shape;
    if (xDims && wDims) {
        TRY_ASSIGN(const ConvolutionShape known, convolutionShape(context.node(), *xDims, *wDims, nullptr));
        shape = toShape(known.output);
    } else if (x) {
        shape = Shape(x->size());
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

constexpr int gridSampleVersions[] = {16, 20, 22};
constexpr int since20[] = {20};
constexpr int deformConvVersions[] = {19, 22};

constexpr OpDef ops[] = {
    {"", "GridSample", gridSampleVersions, inferGridSample},
    {"", "AffineGrid", since20, inferAffineGrid},
    {"", "DeformConv", deformConvVersions, inferDeformConv},
};

} // namespace

std::span<const OpDef> samplingOps() { return ops; }

} // namespace lapidary
