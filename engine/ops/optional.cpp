// SPDX-License-Identifier: GPL-3.0-or-later
// Optionals: a value that may be absent. Since opset 18 tensors and sequences pass as optionals that
// are present.
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status inferOptional(InferenceContext& context)
{
    TypeInfo content;
    if (context.hasInput(0))
        content = context.inputTypes[0];
    else if (const Attribute* type = context.node().attribute("type"); type && type->as<TypeInfo>())
        content = *type->as<TypeInfo>();
    if (context.outputCount() > 0)
        context.outputTypes[0] = TypeInfo::optional(std::move(content));
    return {};
}

Status inferOptionalHasElement(InferenceContext& context)
{
    context.setOutput(0, DataType::Bool, Shape());
    return {};
}

Status inferOptionalGetElement(InferenceContext& context)
{
    if (!context.hasInput(0) || context.outputCount() == 0)
        return {};
    const TypeInfo& given = context.inputTypes[0];
    if (given.kind != TypeInfo::Kind::Optional)
        context.outputTypes[0] = given;
    else if (given.element)
        context.outputTypes[0] = *given.element;
    return {};
}

constexpr int since15[] = {15};
constexpr int since15And18[] = {15, 18};

constexpr OpDef ops[] = {
    {"", "Optional", since15, inferOptional},
    {"", "OptionalHasElement", since15And18, inferOptionalHasElement},
    {"", "OptionalGetElement", since15And18, inferOptionalGetElement},
};

} // namespace

std::span<const OpDef> optionalOps() { return ops; }

} // namespace lapidary
