// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that put images together: from pooled values, from columns, from the middle of another, from
// a file.
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/image_rules.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status inferMaxUnpool(InferenceContext& context)
{
    const Shape* x = context.inputShape(0);
    std::optional<Shape> shape = x ? std::optional(Shape(x->size())) : std::nullopt;
    const auto dims = x ? concreteDims(*x) : std::nullopt;
    if (const auto given = context.knownInts(2)) {
        shape.emplace();
        for (const int64_t size : *given)
            shape->push_back(Dim(size));
    } else if (dims && !context.hasInput(2)) {
        TRY_ASSIGN(const Dims known, unpooledDims(context.node(), *dims));
        shape = toShape(known);
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferCol2Im(InferenceContext& context)
{
    const Shape* columns = context.inputShape(0);
    const auto dims = columns ? concreteDims(*columns) : std::nullopt;
    const auto image = context.knownInts(1);
    const auto block = context.knownInts(2);
    std::optional<Shape> shape;
    if (dims && image && block) {
        TRY_ASSIGN(const ColumnShape known, columnShape(context.node(), *dims, *image, *block));
        shape = toShape(known.output);
    } else if (columns && !columns->empty() && image) {
        shape = Shape{(*columns)[0], Dim()};
        for (const int64_t size : *image)
            shape->push_back(Dim(size));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferCenterCropPad(InferenceContext& context)
{
    std::optional<Shape> shape = shapeOf(context, 0);
    const std::vector<SymbolicInt>* sizes = context.inputInts(1);
    if (shape && sizes) {
        std::vector<int64_t> axes;
        if (context.node().attribute("axes")) {
            TRY_ASSIGN(axes, normalizeAxes(context.node().intsAttribute("axes"),
                                           static_cast<int64_t>(shape->size())));
        } else {
            for (size_t i = 0; i < shape->size(); ++i)
                axes.push_back(static_cast<int64_t>(i));
        }
        if (axes.size() != sizes->size())
            return makeError(ErrorCode::ShapeMismatch, "expected a size for each of " +
                                                           std::to_string(axes.size()) + " axes, found " +
                                                           std::to_string(sizes->size()));
        for (size_t i = 0; i < axes.size(); ++i)
            (*shape)[static_cast<size_t>(axes[i])] = (*sizes)[i].dim();
    } else if (shape) {
        shape = Shape(shape->size());
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

// [height, width, channels]
Status inferImageDecoder(InferenceContext& context)
{
    const Shape* stream = context.inputShape(0);
    if (stream && stream->size() != 1)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected the bytes of a file, found " + toString(*stream));
    const bool grey = context.node().stringAttribute("pixel_format", "RGB") == "Grayscale";
    context.setOutput(0, DataType::UInt8, Shape{Dim(), Dim(), Dim(grey ? 1 : 3)});
    return {};
}

constexpr int maxUnpoolVersions[] = {9, 11, 22};
constexpr int since18[] = {18};
constexpr int since20[] = {20};

constexpr OpDef ops[] = {
    {"", "MaxUnpool", maxUnpoolVersions, inferMaxUnpool},
    {"", "Col2Im", since18, inferCol2Im},
    {"", "CenterCropPad", since18, inferCenterCropPad},
    {"", "ImageDecoder", since20, inferImageDecoder},
};

} // namespace

std::span<const OpDef> imageOps() { return ops; }

} // namespace lapidary
