// SPDX-License-Identifier: GPL-3.0-or-later
// y = scale * (conv(x) - mean) / sqrt(variance + epsilon) + bias is a convolution with other weights and bias.
#include "engine/passes/passes.h"

#include <cmath>

namespace lapidary {

namespace {

struct Normalization {
    std::vector<float> factor; // by channel
    std::vector<float> shift;
};

std::optional<Normalization> normalizationOf(const Rewriter& rewriter, const Node& node)
{
    if (node.inputs.size() < 5 || node.intAttribute("training_mode", 0) != 0 || node.intAttribute("spatial", 1) == 0)
        return std::nullopt;
    for (size_t i = 1; i < node.outputs.size(); ++i) {
        if (node.outputs[i] != noValue)
            return std::nullopt;
    }
    if (rewriter.opset() < 7 && node.intAttribute("is_test", 0) == 0)
        return std::nullopt;
    Tensor parameters[4]; // scale, bias, mean, variance
    for (size_t i = 0; i < 4; ++i) {
        parameters[i] = rewriter.constant(node.inputs[i + 1]);
        if (parameters[i].type() != DataType::Float || parameters[i].rank() != 1 ||
            parameters[i].count() != parameters[0].count())
            return std::nullopt;
    }
    const double epsilon = node.floatAttribute("epsilon", 1e-5f);
    Normalization result;
    for (int64_t c = 0; c < parameters[0].count(); ++c) {
        const auto of = [&](size_t parameter) { return static_cast<double>(parameters[parameter].data<float>()[c]); };
        const double factor = of(0) / std::sqrt(of(3) + epsilon);
        result.factor.push_back(static_cast<float>(factor));
        result.shift.push_back(static_cast<float>(of(1) - factor * of(2)));
    }
    return result;
}

// Weights [O, ...] times the factor of their output channel.
Result<Tensor> scaledWeights(const Tensor& weights, const std::vector<float>& factor)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, weights.dims()));
    const auto each = static_cast<size_t>(weights.count()) / factor.size();
    const float* from = weights.data<float>();
    float* to = result.mutableData<float>();
    for (size_t o = 0; o < factor.size(); ++o) {
        for (size_t i = 0; i < each; ++i)
            to[o * each + i] = from[o * each + i] * factor[o];
    }
    return result;
}

Status fold(Rewriter& rewriter, NodeId conv, NodeId batchNormalization)
{
    const Node& before = rewriter.node(conv);
    const Tensor weights = rewriter.constant(before.inputs[1]);
    const auto normalization = normalizationOf(rewriter, rewriter.node(batchNormalization));
    if (!normalization || weights.type() != DataType::Float || weights.rank() < 3 || weights.count() == 0 ||
        weights.dims()[0] != static_cast<int64_t>(normalization->factor.size()))
        return {};
    std::vector<float> bias = normalization->shift;
    if (before.inputs.size() > 2 && before.inputs[2] != noValue) {
        const Tensor given = rewriter.constant(before.inputs[2]);
        if (given.type() != DataType::Float || given.count() != static_cast<int64_t>(bias.size()))
            return {};
        for (size_t i = 0; i < bias.size(); ++i)
            bias[i] += given.data<float>()[i] * normalization->factor[i];
    }
    TRY_ASSIGN(Tensor scaled, scaledWeights(weights, normalization->factor));
    Node node = before;
    node.inputs.resize(3);
    const std::string name = nodeLabel(rewriter.node(batchNormalization), batchNormalization);
    node.inputs[1] = rewriter.addConstant("weights with " + name, std::move(scaled));
    node.inputs[2] = rewriter.addConstant("bias with " + name,
                                          Tensor::of<float>({static_cast<int64_t>(bias.size())}, bias));
    node.outputs = {rewriter.node(batchNormalization).outputs[0]};
    rewriter.note(nodeLabel(node, conv) + " takes in " + name);
    rewriter.replace(std::vector{conv, batchNormalization}, batchNormalization, std::move(node), conv);
    return {};
}

} // namespace

Status foldBatchNormalization(Rewriter& rewriter)
{
    for (const NodeId id : rewriter.order()) {
        if (rewriter.isErased(id) || !rewriter.is(id, "BatchNormalization") || rewriter.node(id).inputs.empty())
            continue;
        const ValueId x = rewriter.node(id).inputs[0];
        const NodeId conv = rewriter.producer(x);
        if (rewriter.is(conv, "Conv") && rewriter.onlyReader(x) == id)
            TRY(fold(rewriter, conv, id));
    }
    return {};
}

} // namespace lapidary
