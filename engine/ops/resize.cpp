// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/resize_rules.h"

namespace lapidary {

namespace {

// The floats of a small constant input; empty when it is none.
std::vector<float> constantFloats(const InferenceContext& context, size_t input)
{
    std::vector<float> values;
    if (input >= context.inputCount() || context.inputConstants[input].rank() > 1)
        return values;
    const Tensor& constant = context.inputConstants[input];
    for (int64_t i = 0; i < constant.count(); ++i)
        values.push_back(static_cast<float>(elementAsDouble(constant, i)));
    return values;
}

Status inferFrom(InferenceContext& context, const ResizeRequest& request)
{
    const Shape* input = context.inputShape(0);
    std::optional<Shape> shape;
    if (input && request.scales.empty() && request.sizes.empty()) {
        shape = Shape(input->size());
    } else if (input) {
        TRY_ASSIGN(shape, resizedShape(*input, request));
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferUpsample(InferenceContext& context)
{
    ResizeRequest request;
    const auto attribute = scalesAttribute(context.node());
    request.scales = attribute ? *attribute : constantFloats(context, 1);
    return inferFrom(context, request);
}

Status inferResize(InferenceContext& context)
{
    if (context.opsetVersion() < 11)
        return inferUpsample(context);
    const Node& node = context.node();
    ResizeRequest request;
    request.policy = aspectPolicyOf(node);
    if (node.attribute("axes"))
        request.axes = node.intsAttribute("axes");
    request.scales = constantFloats(context, 2);
    if (const auto sizes = context.knownInts(3))
        request.sizes = *sizes;
    if (node.stringAttribute("coordinate_transformation_mode", "") == "tf_crop_and_resize") {
        request.roi = constantFloats(context, 1);
        if (request.roi.empty() && request.sizes.empty())
            request.scales.clear(); // the region decides the size, and is not known
    }
    return inferFrom(context, request);
}

constexpr int resizeVersions[] = {10, 11, 13, 18, 19};
constexpr int upsampleVersions[] = {1, 7, 9, 10};

constexpr OpDef ops[] = {
    {"", "Resize", resizeVersions, inferResize},
    {"", "Upsample", upsampleVersions, inferUpsample},
};

} // namespace

std::span<const OpDef> resizeOps() { return ops; }

} // namespace lapidary
