// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/quantization_rules.h"

#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

// Inputs 0 and 1, x and its scale, fit each other as far as they are known.
Status checkScale(const InferenceContext& context)
{
    const Shape* x = context.inputShape(0);
    const Shape* scale = context.inputShape(1);
    const auto xDims = x ? concreteDims(*x) : std::nullopt;
    const auto scaleDims = scale ? concreteDims(*scale) : std::nullopt;
    if (!xDims || !scaleDims)
        return {};
    const auto layout = scaleLayout(*xDims, *scaleDims, scaleAxisOf(context.node()));
    return layout.ok() ? Status() : Status(layout.error());
}

Status inferQuantizeLinear(InferenceContext& context)
{
    const DataType type = context.hasInput(2)
                              ? context.inputDataType(2)
                              : typeAttribute(context.node(), "output_dtype", DataType::UInt8);
    // Files may spell the attribute's default out: 0.
    const bool isDefault = type == DataType::Undefined && !context.hasInput(2);
    context.setOutput(0, isDefault ? DataType::UInt8 : type, shapeOf(context, 0));
    return checkScale(context);
}

Status inferDequantizeLinear(InferenceContext& context)
{
    const DataType named = typeAttribute(context.node(), "output_dtype");
    context.setOutput(0, named != DataType::Undefined ? named : context.inputDataType(1),
                      shapeOf(context, 0));
    return checkScale(context);
}

Status inferDynamicQuantizeLinear(InferenceContext& context)
{
    context.setOutput(0, DataType::UInt8, shapeOf(context, 0));
    context.setOutput(1, DataType::Float, Shape());
    context.setOutput(2, DataType::UInt8, Shape());
    return {};
}

constexpr int linearVersions[] = {10, 13, 19, 21, 23, 24, 25};
constexpr int dynamicVersions[] = {11};
constexpr int microsoftVersions[] = {1};

constexpr OpDef ops[] = {
    {"", "QuantizeLinear", linearVersions, inferQuantizeLinear},
    {"", "DequantizeLinear", linearVersions, inferDequantizeLinear},
    {"", "DynamicQuantizeLinear", dynamicVersions, inferDynamicQuantizeLinear},
    {"com.microsoft", "QuantizeLinear", microsoftVersions, inferQuantizeLinear},
    {"com.microsoft", "DequantizeLinear", microsoftVersions, inferDequantizeLinear},
};

} // namespace

std::span<const OpDef> quantizationOps() { return ops; }

} // namespace lapidary
