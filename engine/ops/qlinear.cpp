// SPDX-License-Identifier: GPL-3.0-or-later
// Float operators on quantized tensors, as ONNX Runtime's quantizer writes them: the shape is that of the
// operator without QLinear in its name. Source: onnxruntime docs/ContribOperators.md.
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/pooling.h"
#include "engine/ops/reduce_rules.h"
#include "engine/ops/shape_rules.h"

namespace lapidary {

namespace {

// The shapes of these inputs; nullopt when one has no known rank.
std::optional<std::vector<Shape>> shapesOf(const InferenceContext& context, const std::vector<size_t>& inputs)
{
    std::vector<Shape> shapes;
    for (const size_t input : inputs) {
        const Shape* shape = context.inputShape(input);
        if (!shape)
            return std::nullopt;
        shapes.push_back(*shape);
    }
    return shapes;
}

Status inferBroadcastOf(InferenceContext& context, const std::vector<size_t>& inputs, DataType type)
{
    context.setOutput(0, type);
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, inputs));
    context.setOutput(0, type, std::move(shape));
    return {};
}

Status inferBinary(InferenceContext& context)
{
    return inferBroadcastOf(context, {0, 3}, context.inputDataType(0));
}

Status inferWhere(InferenceContext& context)
{
    return inferBroadcastOf(context, {0, 1, 4}, context.inputDataType(1));
}

Status inferConcat(InferenceContext& context)
{
    const DataType type = context.inputDataType(1);
    context.setOutput(0, type);
    std::vector<size_t> inputs;
    for (size_t i = 2; i < context.inputCount(); i += 3)
        inputs.push_back(i);
    const auto shapes = shapesOf(context, inputs);
    if (!shapes || shapes->empty())
        return {};
    TRY_ASSIGN(Shape shape, concatenatedShape(*shapes, context.node().intAttribute("axis", 0)));
    context.setOutput(0, type, std::move(shape));
    return {};
}

Status inferReduceMean(InferenceContext& context)
{
    const Shape* input = context.inputShape(0);
    std::optional<Shape> shape;
    if (input) {
        const Node& node = context.node();
        TRY_ASSIGN(const std::vector<bool> reduced,
                   reducedAxes(static_cast<int64_t>(input->size()), node.intsAttribute("axes"), false));
        shape = reducedShape(*input, reduced, node.intAttribute("keepdims", 1) != 0);
    }
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferPool(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* x = context.inputShape(0);
    if (!x)
        return {};
    const bool isLast = context.node().intAttribute("channels_last", 0) != 0 && x->size() >= 3;
    Shape shape = *x;
    if (isLast)
        std::rotate(shape.begin() + 1, shape.end() - 1, shape.end());
    if (context.node().opType == "QLinearAveragePool") {
        TRY_ASSIGN(shape, poolingOutput(context.node(), shape));
    } else {
        TRY_ASSIGN(shape, globalPoolingOutput(shape));
    }
    if (isLast)
        std::rotate(shape.begin() + 1, shape.begin() + 2, shape.end());
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

constexpr int versions[] = {1};
constexpr std::string_view microsoft = "com.microsoft";

constexpr OpDef ops[] = {
    {microsoft, "QLinearAdd", versions, inferBinary},
    {microsoft, "QLinearMul", versions, inferBinary},
    {microsoft, "QLinearSigmoid", versions, inferSameAsFirst},
    {microsoft, "QLinearLeakyRelu", versions, inferSameAsFirst},
    {microsoft, "QLinearSoftmax", versions, inferSameAsFirst},
    {microsoft, "QLinearWhere", versions, inferWhere},
    {microsoft, "QLinearConcat", versions, inferConcat},
    {microsoft, "QLinearReduceMean", versions, inferReduceMean},
    {microsoft, "QLinearAveragePool", versions, inferPool},
    {microsoft, "QLinearGlobalAveragePool", versions, inferPool},
};

} // namespace

std::span<const OpDef> qlinearOps() { return ops; }

} // namespace lapidary
