// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that ask for shapes, rearrange elements, or make tensors from nothing. Values that flow as
// shapes (Shape, Gather, Concat, ... up to Reshape) are followed symbolically.
#include "engine/ops/axis.h"
#include "engine/ops/broadcast.h"
#include "engine/ops/constant.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/pad_widths.h"
#include "engine/ops/shape_rules.h"
#include "engine/ops/slice_bounds.h"

namespace lapidary {

namespace {

using Ints = std::vector<int64_t>;

// Values longer than this are data, not shapes.
constexpr size_t longestFollowed = 1024;

// A list that is an attribute in old versions and input `index` since `sinceInput`.
// Outer nullopt: given but not known; present tells whether it is given at all.
struct IntList {
    bool present = false;
    std::optional<Ints> values;
};

IntList listOf(const InferenceContext& context, size_t index, std::string_view attribute, int64_t sinceInput)
{
    if (context.opsetVersion() >= sinceInput)
        return {context.hasInput(index), context.knownInts(index)};
    const bool present = context.node().attribute(attribute) != nullptr;
    return {present, present ? std::optional(context.node().intsAttribute(attribute)) : std::nullopt};
}

// How many elements a 1-D input has, for ranks of results.
std::optional<int64_t> lengthOf(const InferenceContext& context, size_t input)
{
    const Shape* shape = context.inputShape(input);
    if (!shape || shape->size() != 1 || !(*shape)[0].known() || (*shape)[0].value > 1024)
        return std::nullopt;
    return (*shape)[0].value;
}

std::optional<Shape> unknownOfRank(std::optional<int64_t> rank)
{
    return rank ? std::optional(Shape(static_cast<size_t>(*rank))) : std::nullopt;
}

Status inferShape(InferenceContext& context)
{
    const Shape* input = context.inputShape(0);
    if (!input) {
        context.setOutput(0, DataType::Int64, Shape(1));
        return {};
    }
    const auto rank = static_cast<int64_t>(input->size());
    const auto bound = [&](std::string_view name, int64_t fallback) { // Shape-15: start and end, clamped
        const int64_t value = context.node().intAttribute(name, fallback);
        return std::clamp<int64_t>(value < 0 ? value + rank : value, 0, rank);
    };
    const int64_t start = bound("start", 0);
    const int64_t end = std::max(start, bound("end", rank));
    std::vector<SymbolicInt> values(input->begin() + start, input->begin() + end);
    context.setOutput(0, DataType::Int64, Shape{Dim(end - start)});
    context.setOutputInts(0, std::move(values));
    return {};
}

Status inferSize(InferenceContext& context)
{
    context.setOutput(0, DataType::Int64, Shape());
    const Shape* input = context.inputShape(0);
    const auto dims = input ? concreteDims(*input) : std::nullopt;
    if (const auto count = dims ? elementCount(*dims) : std::nullopt)
        context.setOutputInts(0, {SymbolicInt(*count)});
    return {};
}

Status inferReshape(InferenceContext& context)
{
    std::optional<std::vector<SymbolicInt>> target;
    if (context.opsetVersion() < 5) {
        const Ints attribute = context.node().intsAttribute("shape");
        target.emplace(attribute.begin(), attribute.end());
    } else if (const std::vector<SymbolicInt>* values = context.inputInts(1)) {
        target = *values;
    }
    passInts(context);
    const DataType type = context.inputDataType(0);
    if (!target || !context.inputShape(0)) {
        const auto rank = target ? static_cast<int64_t>(target->size()) : lengthOf(context, 1).value_or(-1);
        context.setOutput(0, type, rank < 0 ? std::nullopt : unknownOfRank(rank));
        return {};
    }
    const bool allowZero = context.node().intAttribute("allowzero", 0) != 0;
    TRY_ASSIGN(Shape shape, reshapedShape(*context.inputShape(0), *target, allowZero));
    context.setOutput(0, type, std::move(shape));
    return {};
}

Status inferFlatten(InferenceContext& context)
{
    std::optional<Shape> shape = Shape(2);
    if (const Shape* input = context.inputShape(0)) {
        TRY_ASSIGN(shape, flattenedShape(*input, context.node().intAttribute("axis", 1)));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferSqueeze(InferenceContext& context)
{
    passInts(context);
    const IntList axes = listOf(context, 1, "axes", 13);
    std::optional<Shape> shape;
    if (const Shape* input = context.inputShape(0); input && axes.present == axes.values.has_value()) {
        TRY_ASSIGN(shape, squeezedShape(*input, axes.values));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferUnsqueeze(InferenceContext& context)
{
    passInts(context);
    const IntList axes = listOf(context, 1, "axes", 13);
    std::optional<Shape> shape;
    if (const Shape* input = context.inputShape(0); input && axes.values) {
        TRY_ASSIGN(shape, unsqueezedShape(*input, *axes.values));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferTranspose(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const Shape* input = context.inputShape(0)) {
        TRY_ASSIGN(const Ints permutation, checkedPermutation(context.node().intsAttribute("perm"),
                                                              static_cast<int64_t>(input->size())));
        shape.emplace();
        for (const int64_t axis : permutation)
            shape->push_back((*input)[static_cast<size_t>(axis)]);
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferExpand(InferenceContext& context)
{
    std::optional<Shape> shape;
    const std::vector<SymbolicInt>* target = context.inputInts(1);
    if (const Shape* input = context.inputShape(0); input && target) {
        Shape wanted;
        for (const SymbolicInt& size : *target)
            wanted.push_back(size.dim());
        TRY_ASSIGN(shape, broadcastShapes(*input, wanted));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferTile(InferenceContext& context)
{
    const Shape* input = context.inputShape(0);
    std::optional<Shape> shape;
    if (context.opsetVersion() >= 6 && input) { // Tile-1 took a count and an axis
        shape = Shape(input->size());
        if (const auto repeats = context.knownInts(1)) {
            TRY_ASSIGN(shape, tiledShape(*input, *repeats));
        }
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

void concatInts(InferenceContext& context)
{
    std::vector<SymbolicInt> all;
    for (size_t i = 0; i < context.inputCount(); ++i) {
        const Shape* shape = context.inputShape(i);
        if (!shape || shape->size() != 1)
            return;
        if (const std::vector<SymbolicInt>* values = context.inputInts(i))
            all.insert(all.end(), values->begin(), values->end());
        else if ((*shape)[0].known() &&
                 all.size() + static_cast<size_t>((*shape)[0].value) <= longestFollowed)
            all.resize(all.size() + static_cast<size_t>((*shape)[0].value)); // unknown elements
        else
            return;
    }
    if (!all.empty() && all.size() <= longestFollowed)
        context.setOutputInts(0, std::move(all));
}

Status inferConcat(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    std::vector<Shape> inputs;
    for (size_t i = 0; i < context.inputCount(); ++i) {
        const Shape* shape = context.inputShape(i);
        if (!shape)
            return {};
        inputs.push_back(*shape);
    }
    const int64_t fallback = context.opsetVersion() < 4 ? 1 : 0; // Concat-1 had a default
    TRY_ASSIGN(Shape shape, concatenatedShape(inputs, context.node().intAttribute("axis", fallback)));
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type, std::move(shape));
    if (type == DataType::Int64 || type == DataType::Int32)
        concatInts(context);
    return {};
}

Status inferSplit(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const size_t parts = context.outputCount();
    const bool byOldInput = context.opsetVersion() < 2 && context.hasInput(1); // of the data's type
    const IntList sizes = byOldInput ? IntList{true, context.knownInts(1)} : listOf(context, 1, "split", 13);
    const Shape* input = context.inputShape(0);
    if (!input) {
        for (size_t i = 0; i < parts; ++i)
            context.setOutput(i, type);
        return {};
    }
    TRY_ASSIGN(const int64_t axis,
               normalizeAxis(context.node().intAttribute("axis", 0), static_cast<int64_t>(input->size())));
    const Dim& size = (*input)[static_cast<size_t>(axis)];
    std::vector<int64_t> known;
    if (size.known() && sizes.present == sizes.values.has_value()) {
        TRY_ASSIGN(known, splitSizes(size.value, sizes.values.value_or(Ints()), static_cast<int64_t>(parts)));
    } else if (sizes.values) {
        known = *sizes.values;
    }
    for (size_t i = 0; i < parts; ++i) {
        Shape shape = *input;
        shape[static_cast<size_t>(axis)] = i < known.size() ? Dim(known[i]) : Dim();
        context.setOutput(i, type, std::move(shape));
    }
    return {};
}

// The parts of a request that are known; nullopt when one that is given is not.
std::optional<SliceRequest> sliceRequest(const InferenceContext& context)
{
    const Node& node = context.node();
    if (context.opsetVersion() < 10)
        return SliceRequest{
            node.intsAttribute("starts"), node.intsAttribute("ends"), node.intsAttribute("axes"), {}};
    std::array<Ints, 4> parts;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (!context.hasInput(i + 1))
            continue;
        auto values = context.knownInts(i + 1);
        if (!values)
            return std::nullopt;
        parts[i] = std::move(*values);
    }
    return SliceRequest{parts[0], parts[1], parts[2], parts[3]};
}

// A slice of a dimension whose size is not known.
Dim sliceOfUnknown(const Dim& size, int64_t start, int64_t end, int64_t step)
{
    constexpr int64_t farAway = std::numeric_limits<int32_t>::max();
    if (step == 1 && start == 0 && end >= farAway)
        return size;
    return {};
}

Status inferSlice(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const Shape* input = context.inputShape(0);
    const auto request = sliceRequest(context);
    if (!input || !request) {
        context.setOutput(0, type, input ? std::optional(Shape(input->size())) : std::nullopt);
        return {};
    }
    Dims dims; // unknown sizes count as 0 and are replaced below
    for (const Dim& dim : *input)
        dims.push_back(dim.known() ? dim.value : 0);
    TRY_ASSIGN(const std::vector<SliceBounds> bounds, sliceAll(dims, *request));
    Shape shape = *input;
    for (size_t i = 0; i < shape.size(); ++i) {
        if (shape[i].known())
            shape[i] = Dim(bounds[i].count);
    }
    for (size_t i = 0; i < request->starts.size(); ++i) {
        const int64_t named = i < request->axes.size() ? request->axes[i] : static_cast<int64_t>(i);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(named, static_cast<int64_t>(shape.size())));
        Dim& dim = shape[static_cast<size_t>(axis)];
        if (!dim.known())
            dim = sliceOfUnknown(dim, request->starts[i], request->ends[i],
                                 request->steps.empty() ? 1 : request->steps[i]);
    }
    context.setOutput(0, type, std::move(shape));
    if (const std::vector<SymbolicInt>* values = context.inputInts(0);
        values && bounds.size() == 1 && (*input)[0].known() &&
        static_cast<size_t>((*input)[0].value) == values->size()) {
        std::vector<SymbolicInt> taken;
        for (int64_t i = 0; i < bounds[0].count; ++i)
            taken.push_back((*values)[static_cast<size_t>(bounds[0].start + i * bounds[0].step)]);
        context.setOutputInts(0, std::move(taken));
    }
    return {};
}

Status inferPad(InferenceContext& context)
{
    const Shape* input = context.inputShape(0);
    const std::string_view attribute = context.opsetVersion() < 2 ? "paddings" : "pads";
    const IntList pads = listOf(context, 1, attribute, 11);
    const bool axesGiven = context.opsetVersion() >= 18 && context.hasInput(3);
    const auto axes = axesGiven ? context.knownInts(3) : std::optional<Ints>();
    std::optional<Shape> shape;
    if (input) {
        shape = Shape(input->size());
        if (pads.values && axesGiven == axes.has_value()) {
            TRY_ASSIGN(const std::vector<PadWidth> widths,
                       padWidths(static_cast<int64_t>(input->size()), *pads.values, axes));
            TRY_ASSIGN(shape, paddedShape(*input, widths));
        }
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferConstantOfShape(InferenceContext& context)
{
    const Attribute* value = context.node().attribute("value");
    const TensorRef* ref = value ? value->as<TensorRef>() : nullptr;
    const DataType type = ref ? ref->type : DataType::Float;
    const std::vector<SymbolicInt>* sizes = context.inputInts(0);
    if (!sizes) {
        context.setOutput(0, type, unknownOfRank(lengthOf(context, 0)));
        return {};
    }
    Shape shape;
    for (const SymbolicInt& size : *sizes)
        shape.push_back(size.dim());
    const bool isList = shape.size() == 1 && shape[0].known() && shape[0].value <= 1024;
    if (isList && ref && isInteger(type)) {
        if (auto fill = ref->load(); fill.ok() && fill->count() == 1)
            context.setOutputInts(0, std::vector<SymbolicInt>(static_cast<size_t>(shape[0].value),
                                                              SymbolicInt((*toInt64s(*fill))[0])));
    }
    context.setOutput(0, type, std::move(shape));
    return {};
}

Status inferConstant(InferenceContext& context)
{
    const ConstantType constant = constantType(context.node());
    if (constant.type != DataType::Undefined)
        context.setOutput(0, constant.type, toShape(constant.dims));
    return {};
}

Status inferRange(InferenceContext& context)
{
    Shape shape(1);
    const auto number = [&](size_t i) -> std::optional<double> {
        if (i < context.inputCount() && context.inputConstants[i].count() == 1)
            return elementAsDouble(context.inputConstants[i], 0);
        const auto ints = context.knownInts(i);
        return ints && ints->size() == 1 ? std::optional(static_cast<double>((*ints)[0])) : std::nullopt;
    };
    const auto start = number(0);
    const auto limit = number(1);
    const auto delta = number(2);
    if (start && limit && delta) {
        TRY_ASSIGN(const int64_t count, rangeCount(*start, *limit, *delta));
        shape[0] = Dim(count);
        const bool isExact =
            std::fabs(*start) < 0x1p52 && std::fabs(*limit) < 0x1p52 && std::fabs(*delta) < 0x1p40;
        if (isInteger(context.inputDataType(0)) && isExact &&
            count <= static_cast<int64_t>(longestFollowed)) {
            std::vector<SymbolicInt> values;
            for (int64_t i = 0; i < count; ++i)
                values.emplace_back(static_cast<int64_t>(*start) + i * static_cast<int64_t>(*delta));
            context.setOutputInts(0, std::move(values));
        }
    } else if (const std::vector<SymbolicInt>* size = context.inputInts(1);
               size && size->size() == 1 && start == 0 && delta == 1) {
        shape[0] = (*size)[0].dim(); // 0..n counts a named dimension
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferEyeLike(InferenceContext& context)
{
    context.setOutput(0, typeAttribute(context.node(), "dtype", context.inputDataType(0)),
                      shapeOf(context, 0));
    return {};
}

template <Result<Shape> (*rule)(const Shape&, int64_t)>
Status inferBlocks(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const Shape* input = context.inputShape(0)) {
        TRY_ASSIGN(shape, rule(*input, context.node().intAttribute("blocksize", 0)));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

constexpr int shapeVersions[] = {1, 13, 15, 19, 21, 23, 24, 25};
constexpr int sizeVersions[] = {1, 13, 19, 21, 23, 24, 25};
constexpr int reshapeVersions[] = {1, 5, 13, 14, 19, 21, 23, 24, 25};
constexpr int flattenVersions[] = {1, 9, 11, 13, 21, 23, 24, 25};
constexpr int squeezeVersions[] = {1, 11, 13, 21, 23, 24, 25};
constexpr int transposeVersions[] = {1, 13, 21, 23, 24, 25};
constexpr int expandVersions[] = {8, 13};
constexpr int tileVersions[] = {1, 6, 13};
constexpr int concatVersions[] = {1, 4, 11, 13};
constexpr int splitVersions[] = {1, 2, 11, 13, 18};
constexpr int sliceVersions[] = {1, 10, 11, 13};
constexpr int padVersions[] = {1, 2, 11, 13, 18, 19, 21, 23, 24, 25};
constexpr int constantOfShapeVersions[] = {9, 20, 21, 23, 24, 25};
constexpr int constantVersions[] = {1, 9, 11, 12, 13, 19, 21, 23, 24, 25};
constexpr int rangeVersions[] = {11};
constexpr int eyeLikeVersions[] = {9, 22};
constexpr int depthToSpaceVersions[] = {1, 11, 13};
constexpr int spaceToDepthVersions[] = {1, 13};
constexpr int triluVersions[] = {14};

constexpr OpDef ops[] = {
    {"", "Shape", shapeVersions, inferShape},
    {"", "Size", sizeVersions, inferSize},
    {"", "Reshape", reshapeVersions, inferReshape},
    {"", "Flatten", flattenVersions, inferFlatten},
    {"", "Squeeze", squeezeVersions, inferSqueeze},
    {"", "Unsqueeze", squeezeVersions, inferUnsqueeze},
    {"", "Transpose", transposeVersions, inferTranspose},
    {"", "Expand", expandVersions, inferExpand},
    {"", "Tile", tileVersions, inferTile},
    {"", "Concat", concatVersions, inferConcat},
    {"", "Split", splitVersions, inferSplit},
    {"", "Slice", sliceVersions, inferSlice},
    {"", "Pad", padVersions, inferPad},
    {"", "Constant", constantVersions, inferConstant},
    {"", "ConstantOfShape", constantOfShapeVersions, inferConstantOfShape},
    {"", "Range", rangeVersions, inferRange},
    {"", "EyeLike", eyeLikeVersions, inferEyeLike},
    {"", "DepthToSpace", depthToSpaceVersions, inferBlocks<depthToSpaceShape>},
    {"", "SpaceToDepth", spaceToDepthVersions, inferBlocks<spaceToDepthShape>},
    {"", "Trilu", triluVersions, inferSameAsFirst},
};

} // namespace

std::span<const OpDef> shapeOps() { return ops; }

} // namespace lapidary
