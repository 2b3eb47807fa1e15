// SPDX-License-Identifier: GPL-3.0-or-later
// Sequences of tensors: made, taken apart, joined. The shape of the items is what all of them share.
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

// What two tensors of one sequence have in common.
std::optional<Shape> commonShape(const std::optional<Shape>& a, const std::optional<Shape>& b)
{
    if (!a || !b || a->size() != b->size())
        return std::nullopt;
    Shape common = *a;
    for (size_t i = 0; i < common.size(); ++i) {
        if (common[i] != (*b)[i])
            common[i] = Dim();
    }
    return common;
}

// The type of the items when both may be in one sequence; Kind::Unknown and Undefined fit everything.
Result<TypeInfo> commonType(const TypeInfo& a, const TypeInfo& b)
{
    if (a.kind == TypeInfo::Kind::Unknown || b.kind == TypeInfo::Kind::Unknown)
        return TypeInfo();
    const bool bothKnown = a.dataType != DataType::Undefined && b.dataType != DataType::Undefined;
    if (!a.isTensor() || !b.isTensor() || (bothKnown && a.dataType != b.dataType))
        return makeError(ErrorCode::ShapeMismatch, "a sequence of tensors of one type cannot hold " +
                                                       toString(a) + " and " + toString(b));
    return TypeInfo::tensor(bothKnown ? a.dataType : DataType::Undefined, commonShape(a.shape, b.shape));
}

// The type of the items of input 0; Kind::Unknown when it is not known. Errors: ShapeMismatch.
Result<TypeInfo> itemType(const InferenceContext& context)
{
    if (context.inputCount() == 0 || context.inputTypes[0].kind == TypeInfo::Kind::Unknown)
        return TypeInfo();
    const TypeInfo& type = context.inputTypes[0];
    if (type.kind != TypeInfo::Kind::Sequence)
        return makeError(ErrorCode::ShapeMismatch, "expected a sequence, found " + toString(type));
    return type.element ? *type.element : TypeInfo();
}

void setOutputType(InferenceContext& context, TypeInfo type)
{
    if (!context.outputTypes.empty())
        context.outputTypes[0] = std::move(type);
}

Status inferSequenceEmpty(InferenceContext& context)
{
    const DataType type = typeAttribute(context.node(), "dtype", DataType::Float);
    setOutputType(context, TypeInfo::sequence(TypeInfo::tensor(type)));
    return {};
}

Status inferSequenceConstruct(InferenceContext& context)
{
    TypeInfo items = context.inputCount() > 0 ? context.inputTypes[0] : TypeInfo();
    for (size_t i = 1; i < context.inputCount(); ++i) {
        TRY_ASSIGN(items, commonType(items, context.inputTypes[i]));
    }
    setOutputType(context, TypeInfo::sequence(std::move(items)));
    return {};
}

Status inferSequenceInsert(InferenceContext& context)
{
    TRY_ASSIGN(TypeInfo items, itemType(context));
    if (context.inputCount() > 1) {
        TRY_ASSIGN(items, commonType(items, context.inputTypes[1]));
    }
    setOutputType(context, TypeInfo::sequence(std::move(items)));
    return {};
}

Status inferSequenceAt(InferenceContext& context)
{
    TRY_ASSIGN(TypeInfo items, itemType(context));
    setOutputType(context, std::move(items));
    return {};
}

Status inferSequenceErase(InferenceContext& context)
{
    TRY_ASSIGN(TypeInfo items, itemType(context));
    setOutputType(context, TypeInfo::sequence(std::move(items)));
    return {};
}

Status inferSequenceLength(InferenceContext& context)
{
    TRY(itemType(context));
    context.setOutput(0, DataType::Int64, Shape());
    return {};
}

// The size that all parts of SplitToSequence have along the axis, if they have one.
Dim commonPart(const InferenceContext& context, const Dim& size)
{
    if (!context.hasInput(1))
        return Dim(1);
    const auto sizes = context.knownInts(1);
    const Shape* shape = context.inputShape(1);
    if (!sizes || sizes->empty() || !shape)
        return {};
    const int64_t first = sizes->front();
    if (shape->empty()) // a scalar: the last part may be smaller
        return first > 0 && size.known() && size.value % first == 0 ? Dim(first) : Dim();
    const bool alike = std::all_of(sizes->begin(), sizes->end(), [&](int64_t part) { return part == first; });
    return alike ? Dim(first) : Dim();
}

Status inferSplitToSequence(InferenceContext& context)
{
    std::optional<Shape> shape = shapeOf(context, 0);
    if (shape) {
        TRY_ASSIGN(const int64_t axis, normalizeAxis(context.node().intAttribute("axis", 0),
                                                     static_cast<int64_t>(shape->size())));
        if (!context.hasInput(1) && context.node().intAttribute("keepdims", 1) == 0)
            shape->erase(shape->begin() + axis);
        else
            (*shape)[static_cast<size_t>(axis)] = commonPart(context, (*shape)[static_cast<size_t>(axis)]);
    }
    setOutputType(context, TypeInfo::sequence(TypeInfo::tensor(context.inputDataType(0), std::move(shape))));
    return {};
}

Status inferConcatFromSequence(InferenceContext& context)
{
    TRY_ASSIGN(const TypeInfo items, itemType(context));
    std::optional<Shape> shape = items.shape;
    if (shape) {
        const bool newAxis = context.node().intAttribute("new_axis", 0) != 0;
        const auto rank = static_cast<int64_t>(shape->size()) + (newAxis ? 1 : 0);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(context.node().intAttribute("axis", 0), rank));
        if (newAxis)
            shape->insert(shape->begin() + axis, Dim());
        else
            (*shape)[static_cast<size_t>(axis)] = Dim();
    }
    context.setOutput(0, items.dataType, std::move(shape));
    return {};
}

constexpr int since11[] = {11};
constexpr int splitToSequenceVersions[] = {11, 24};

constexpr OpDef ops[] = {
    {"", "SequenceEmpty", since11, inferSequenceEmpty},
    {"", "SequenceConstruct", since11, inferSequenceConstruct},
    {"", "SequenceInsert", since11, inferSequenceInsert},
    {"", "SequenceAt", since11, inferSequenceAt},
    {"", "SequenceErase", since11, inferSequenceErase},
    {"", "SequenceLength", since11, inferSequenceLength},
    {"", "SplitToSequence", splitToSequenceVersions, inferSplitToSequence},
    {"", "ConcatFromSequence", since11, inferConcatFromSequence},
};

} // namespace

std::span<const OpDef> sequenceOps() { return ops; }

} // namespace lapidary
