// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status inferRandom(InferenceContext& context)
{
    const Node& node = context.node();
    context.setOutput(0, typeAttribute(node, "dtype", DataType::Float), toShape(node.intsAttribute("shape")));
    return {};
}

Status inferRandomLike(InferenceContext& context)
{
    context.setOutput(0, typeAttribute(context.node(), "dtype", context.inputDataType(0)),
                      shapeOf(context, 0));
    return {};
}

Status inferMultinomial(InferenceContext& context)
{
    Shape shape(2);
    if (const Shape* input = context.inputShape(0); input && input->size() == 2)
        shape[0] = (*input)[0];
    shape[1] = Dim(context.node().intAttribute("sample_size", 1));
    context.setOutput(0, typeAttribute(context.node(), "dtype", DataType::Int32), std::move(shape));
    return {};
}

constexpr int since1And22[] = {1, 22};
constexpr int since7And22[] = {7, 22};
constexpr int since15And22[] = {15, 22};

constexpr OpDef ops[] = {
    {"", "RandomUniform", since1And22, inferRandom},
    {"", "RandomNormal", since1And22, inferRandom},
    {"", "RandomUniformLike", since1And22, inferRandomLike},
    {"", "RandomNormalLike", since1And22, inferRandomLike},
    {"", "Bernoulli", since15And22, inferRandomLike},
    {"", "Multinomial", since7And22, inferMultinomial},
};

} // namespace

std::span<const OpDef> randomOps() { return ops; }

} // namespace lapidary
