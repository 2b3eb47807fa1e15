// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that ONNX had as experiments and dropped, but that files of opset 1 to 9 still hold.
// Source: onnx/defs/experiments of ONNX 1.4; GRUUnit: Caffe2.
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/legacy_rules.h"
#include "engine/ops/slice_bounds.h"

namespace lapidary {

namespace {

Status inferCrop(InferenceContext& context)
{
    std::optional<Shape> shape = shapeOf(context, 0);
    if (shape) {
        if (shape->size() != 4)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an image of rank 4, found " + toString(*shape));
        TRY_ASSIGN(const CropRules rules, cropRules(context.node()));
        for (size_t axis = 0; axis < 2; ++axis) {
            Dim& dim = (*shape)[axis + 2];
            if (dim.known()) {
                TRY_ASSIGN(const CropRange range, cropRange(rules, axis, dim.value));
                dim = Dim(range.size);
            } else {
                dim = rules.sizes.empty() ? Dim() : Dim(rules.sizes[axis]);
            }
        }
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferGivenTensorFill(InferenceContext& context)
{
    const Node& node = context.node();
    std::optional<Shape> shape;
    if (!context.hasInput(0)) {
        shape = toShape(node.intsAttribute("shape"));
    } else if (node.intAttribute("input_as_shape", 0) != 0) {
        if (const std::vector<SymbolicInt>* sizes = context.inputInts(0)) {
            shape.emplace();
            for (const SymbolicInt& size : *sizes)
                shape->push_back(size.dim());
        }
    } else {
        shape = shapeOf(context, 0);
    }
    if (shape && context.hasInput(0)) {
        for (const int64_t size : node.intsAttribute("extra_shape"))
            shape->push_back(Dim(size));
    }
    context.setOutput(0, DataType::Float, std::move(shape));
    return {};
}

// The rank stays; sizes follow when every part is known.
Status inferDynamicSlice(InferenceContext& context)
{
    const Shape* input = context.inputShape(0);
    std::optional<Shape> shape = input ? std::optional(Shape(input->size())) : std::nullopt;
    const auto dims = input ? concreteDims(*input) : std::nullopt;
    const auto starts = context.knownInts(1);
    const auto ends = context.knownInts(2);
    const auto axes = context.hasInput(3) ? context.knownInts(3) : std::optional(std::vector<int64_t>());
    if (dims && starts && ends && axes) {
        TRY_ASSIGN(const std::vector<SliceBounds> bounds, sliceAll(*dims, {*starts, *ends, *axes, {}}));
        for (size_t i = 0; i < bounds.size(); ++i)
            (*shape)[i] = Dim(bounds[i].count);
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

constexpr int since1[] = {1};

constexpr OpDef ops[] = {
    {"", "Affine", since1, inferSameAsFirst},
    {"", "Crop", since1, inferCrop},
    {"", "DynamicSlice", since1, inferDynamicSlice},
    {"", "GivenTensorFill", since1, inferGivenTensorFill},
    {"", "GRUUnit", since1, inferSameAsFirst},
    {"", "ImageScaler", since1, inferSameAsFirst},
    {"", "ParametricSoftplus", since1, inferSameAsFirst},
    {"", "Scale", since1, inferSameAsFirst},
    {"", "ScaledTanh", since1, inferSameAsFirst},
};

} // namespace

Result<CropRules> cropRules(const Node& node)
{
    CropRules rules{node.intsAttribute("border"), node.intsAttribute("scale")};
    if (rules.borders.empty() && !rules.sizes.empty())
        rules.borders.assign(4, 0);
    if (rules.borders.size() != 4 || (!rules.sizes.empty() && rules.sizes.size() != 2))
        return makeError(ErrorCode::InvalidModel,
                         "expected 4 values in the attribute 'border' and 2 or none in 'scale', found " +
                             std::to_string(rules.borders.size()) + " and " +
                             std::to_string(rules.sizes.size()));
    return rules;
}

Result<CropRange> cropRange(const CropRules& rules, size_t axis, int64_t size)
{
    const int64_t before = rules.borders[1 - axis]; // left, top, right, bottom
    const int64_t after = rules.borders[3 - axis];
    if (before < 0 || after < 0 || before > size || after > size - before)
        return makeError(ErrorCode::ShapeMismatch, "borders of " + std::to_string(before) + " and " +
                                                       std::to_string(after) + " do not fit an axis of " +
                                                       std::to_string(size));
    if (rules.sizes.empty())
        return CropRange{before, size - before - after};
    const int64_t wanted = rules.sizes[axis];
    if (wanted < 0 || wanted > size - before)
        return makeError(ErrorCode::ShapeMismatch, "a part of " + std::to_string(wanted) + " from " +
                                                       std::to_string(before) +
                                                       " on does not fit an axis of " + std::to_string(size));
    return CropRange{before, wanted};
}

std::span<const OpDef> legacyOps() { return ops; }

} // namespace lapidary
