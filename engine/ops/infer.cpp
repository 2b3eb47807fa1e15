// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/infer.h"

#include "engine/base/text.h"
#include "engine/ops/broadcast.h"

namespace lapidary {

std::optional<Shape> shapeOf(const InferenceContext& context, size_t input)
{
    const Shape* shape = context.inputShape(input);
    return shape ? std::optional(*shape) : std::nullopt;
}

void passInts(InferenceContext& context)
{
    if (const std::vector<SymbolicInt>* values = context.inputInts(0))
        context.setOutputInts(0, *values);
}

Result<std::optional<Shape>> broadcastInputs(const InferenceContext& context,
                                             const std::vector<size_t>& inputs)
{
    std::optional<Shape> result;
    for (const size_t input : inputs) {
        if (!context.hasInput(input))
            continue;
        const Shape* shape = context.inputShape(input);
        if (!shape)
            return std::optional<Shape>();
        if (!result) {
            result = *shape;
            continue;
        }
        TRY_ASSIGN(result, broadcastShapes(*result, *shape));
    }
    return result;
}

DataType typeAttribute(const Node& node, std::string_view name, DataType fallback)
{
    const Attribute* attribute = node.attribute(name);
    if (!attribute)
        return fallback;
    if (const std::string* text = attribute->as<std::string>()) { // Cast-1 names the type in capitals
        const std::string lower = lowerCase(*text);
        if (lower == "float")
            return DataType::Float;
        if (lower == "double")
            return DataType::Double;
        return dataTypeFromName(lower).value_or(DataType::Undefined);
    }
    const int64_t* number = attribute->as<int64_t>();
    return number ? dataTypeFromOnnx(*number).value_or(DataType::Undefined) : DataType::Undefined;
}

Status inferSameAsFirst(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0), shapeOf(context, 0));
    return {};
}

namespace {

Status inferBroadcastAs(InferenceContext& context, DataType type)
{
    const bool legacy = context.opsetVersion() < 7 && context.node().intAttribute("broadcast", 0) != 0;
    if (legacy) { // the second operand is stretched to the first
        context.setOutput(0, type, shapeOf(context, 0));
        return {};
    }
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, {0, 1}));
    context.setOutput(0, type, std::move(shape));
    return {};
}

} // namespace

Status inferBroadcast(InferenceContext& context)
{
    return inferBroadcastAs(context, context.inputDataType(0));
}

Status inferBroadcastToBool(InferenceContext& context) { return inferBroadcastAs(context, DataType::Bool); }

} // namespace lapidary
