// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/ml_rules.h"

namespace lapidary {

namespace {

// Strings become integers, and integers strings.
Status inferStringOrInteger(InferenceContext& context)
{
    const DataType x = context.inputDataType(0);
    const DataType y = x == DataType::String  ? DataType::Int64
                       : x == DataType::Int64 ? DataType::String
                                              : DataType::Undefined;
    context.setOutput(0, y, shapeOf(context, 0));
    return {};
}

Status inferLabelEncoder(InferenceContext& context)
{
    if (context.opsetVersion() < 2)
        return inferStringOrInteger(context);
    context.setOutput(0, encodedType(context.node()), shapeOf(context, 0));
    return {};
}

Status inferOneHot(InferenceContext& context)
{
    std::optional<Shape> shape = shapeOf(context, 0);
    if (shape) {
        const Node& node = context.node();
        const size_t count = std::max(listAttribute<int64_t>(node, "cats_int64s").size(),
                                      listAttribute<std::string>(node, "cats_strings").size());
        shape->push_back(Dim(static_cast<int64_t>(count)));
    }
    context.setOutput(0, DataType::Float, std::move(shape));
    return {};
}

constexpr int firstVersion[] = {1};
constexpr int labelEncoderVersions[] = {1, 2, 4};

constexpr OpDef ops[] = {
    {mlDomain, "CategoryMapper", firstVersion, inferStringOrInteger},
    {mlDomain, "LabelEncoder", labelEncoderVersions, inferLabelEncoder},
    {mlDomain, "OneHotEncoder", firstVersion, inferOneHot},
};

} // namespace

std::span<const OpDef> mlEncodingOps() { return ops; }

} // namespace lapidary
