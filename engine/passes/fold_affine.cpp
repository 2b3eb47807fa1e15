// SPDX-License-Identifier: GPL-3.0-or-later
// BatchNormalization, and sums and products with one constant for each channel, are scale * x + shift by
// channel. After a convolution they become part of its weights and bias; elsewhere a chain of them becomes
// one node.
#include "engine/passes/activation.h"
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

#include <cmath>

namespace lapidary {

namespace {

struct Affine {
    std::vector<double> scale; // by channel
    std::vector<double> shift;
};

// Nodes that follow each other, together one Affine of x.
struct Chain {
    std::vector<NodeId> nodes;
    Affine affine;
    ValueId output = noValue;
    bool hasNormalization = false;
};

// Channels are axis 1; 0 when their number is not known.
int64_t channelsOf(const Rewriter& rewriter, ValueId x)
{
    if (rewriter.rank(x) < 3 || !rewriter.isFloat(x))
        return 0;
    const Dim& dim = (*rewriter.type(x).shape)[1];
    return dim.known() ? dim.value : 0;
}

std::optional<Affine> normalizationOf(const Rewriter& rewriter, const Node& node, int64_t channels)
{
    if (node.inputs.size() < 5 || node.intAttribute("training_mode", 0) != 0 ||
        node.intAttribute("spatial", 1) == 0 ||
        (rewriter.opset() < 7 && node.intAttribute("is_test", 0) == 0))
        return std::nullopt;
    for (size_t i = 1; i < node.outputs.size(); ++i) {
        if (node.outputs[i] != noValue)
            return std::nullopt;
    }
    Tensor parameters[4]; // scale, bias, mean, variance
    for (size_t i = 0; i < 4; ++i) {
        parameters[i] = rewriter.constant(node.inputs[i + 1]);
        if (parameters[i].type() != DataType::Float || parameters[i].dims() != Dims{channels})
            return std::nullopt;
    }
    const double epsilon = static_cast<double>(node.floatAttribute("epsilon", 1e-5f));
    Affine affine;
    for (int64_t c = 0; c < channels; ++c) {
        const auto of = [&](size_t parameter) {
            return static_cast<double>(parameters[parameter].data<float>()[c]);
        };
        affine.scale.push_back(of(0) / std::sqrt(of(3) + epsilon));
        affine.shift.push_back(of(1) - affine.scale.back() * of(2));
    }
    return affine;
}

// One number for each channel, from a constant that broadcasts as such.
std::optional<std::vector<double>> byChannel(const Rewriter& rewriter, const Node& node, ValueId id,
                                             int64_t rank, int64_t channels)
{
    const Tensor tensor = rewriter.constant(id);
    if (tensor.type() != DataType::Float || tensor.count() == 0)
        return std::nullopt;
    const float* values = tensor.data<float>();
    if (tensor.count() == 1 && tensor.rank() <= rank)
        return std::vector<double>(static_cast<size_t>(channels), static_cast<double>(values[0]));
    // Before opset 7 the attribute axis says where the constant's first axis goes.
    const int64_t first = node.attribute("axis") ? node.intAttribute("axis", 0) : rank - tensor.rank();
    for (int64_t axis = 0; axis < tensor.rank(); ++axis) {
        if (tensor.dims()[static_cast<size_t>(axis)] != (axis + first == 1 ? channels : 1))
            return std::nullopt;
    }
    if (tensor.count() != channels)
        return std::nullopt;
    return std::vector<double>(values, values + channels);
}

std::optional<Affine> affineOf(const Rewriter& rewriter, NodeId id, ValueId x, int64_t channels)
{
    const Node& node = rewriter.node(id);
    if (rewriter.is(id, "BatchNormalization"))
        return node.inputs[0] == x ? normalizationOf(rewriter, node, channels) : std::nullopt;
    const bool isProduct = rewriter.is(id, "Mul") || rewriter.is(id, "Div");
    const bool isSum = rewriter.is(id, "Add") || rewriter.is(id, "Sub");
    const ValueId other = isProduct || isSum ? otherOperand(rewriter, id, x) : noValue;
    const bool isOrdered = node.opType == "Div" || node.opType == "Sub";
    if (other == noValue || (isOrdered && node.inputs[0] != x) || !rewriter.haveSameShape(x, node.outputs[0]))
        return std::nullopt;
    const auto numbers = byChannel(rewriter, node, other, rewriter.rank(x), channels);
    if (!numbers)
        return std::nullopt;
    Affine affine{std::vector<double>(numbers->size(), 1), std::vector<double>(numbers->size(), 0)};
    for (size_t c = 0; c < numbers->size(); ++c) {
        const double number = (*numbers)[c];
        if (isProduct)
            affine.scale[c] = node.opType == "Div" ? 1 / number : number;
        else
            affine.shift[c] = node.opType == "Sub" ? -number : number;
    }
    return affine;
}

// The longest chain that x goes into. first: its first node, when x has several readers.
Chain chainFrom(const Rewriter& rewriter, ValueId x, NodeId first)
{
    const int64_t channels = channelsOf(rewriter, x);
    const auto count = static_cast<size_t>(channels);
    Chain chain{{}, {std::vector<double>(count, 1), std::vector<double>(count, 0)}, x};
    for (NodeId id = first; channels > 0 && id != noNode; id = rewriter.onlyReader(chain.output)) {
        const auto next = affineOf(rewriter, id, chain.output, channels);
        if (!next)
            break;
        for (size_t c = 0; c < count; ++c) {
            chain.affine.scale[c] *= next->scale[c];
            chain.affine.shift[c] = chain.affine.shift[c] * next->scale[c] + next->shift[c];
        }
        chain.hasNormalization = chain.hasNormalization || rewriter.is(id, "BatchNormalization");
        chain.nodes.push_back(id);
        chain.output = rewriter.node(id).outputs[0];
    }
    return chain;
}

Tensor vectorOf(const std::vector<double>& values)
{
    const std::vector<float> floats(values.begin(), values.end());
    return Tensor::of<float>({static_cast<int64_t>(floats.size())}, floats);
}

// Weights [O, ...] times the factor of their output channel.
Result<Tensor> scaledWeights(const Tensor& weights, const std::vector<double>& factor)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, weights.dims()));
    const auto each = static_cast<size_t>(weights.count()) / factor.size();
    const float* from = weights.data<float>();
    float* to = result.mutableData<float>();
    for (size_t o = 0; o < factor.size(); ++o) {
        for (size_t i = 0; i < each; ++i)
            to[o * each + i] = static_cast<float>(static_cast<double>(from[o * each + i]) * factor[o]);
    }
    return result;
}

Status foldInto(Rewriter& rewriter, NodeId conv)
{
    const ValueId x = rewriter.node(conv).outputs[0];
    Chain chain = chainFrom(rewriter, x, rewriter.onlyReader(x));
    if (chain.nodes.empty())
        return {};
    Node node = rewriter.node(conv);
    const Tensor weights = rewriter.constant(node.inputs[1]);
    const size_t channels = chain.affine.scale.size();
    if (weights.type() != DataType::Float || weights.rank() < 3 || weights.count() == 0 ||
        weights.dims()[0] != static_cast<int64_t>(channels))
        return {};
    if (node.inputs.size() > 2 && node.inputs[2] != noValue) {
        const Tensor bias = rewriter.constant(node.inputs[2]);
        if (bias.type() != DataType::Float || bias.count() != static_cast<int64_t>(channels))
            return {};
        for (size_t c = 0; c < channels; ++c)
            chain.affine.shift[c] += chain.affine.scale[c] * static_cast<double>(bias.data<float>()[c]);
    }
    const std::string name = nodeLabel(node, conv);
    node.inputs.resize(3);
    const bool scales =
        std::any_of(chain.affine.scale.begin(), chain.affine.scale.end(), [](double s) { return s != 1; });
    if (scales) {
        TRY_ASSIGN(Tensor scaled, scaledWeights(weights, chain.affine.scale));
        node.inputs[1] = rewriter.addConstant("weights of " + name, std::move(scaled));
    }
    node.inputs[2] = rewriter.addConstant("bias of " + name, vectorOf(chain.affine.shift));
    node.outputs = {chain.output};
    rewriter.note(name + " takes in " + labels(rewriter, chain.nodes));
    std::vector<NodeId> all{conv};
    all.insert(all.end(), chain.nodes.begin(), chain.nodes.end());
    rewriter.replace(all, all.back(), std::move(node), conv);
    return {};
}

void joinChain(Rewriter& rewriter, NodeId first)
{
    const Node& node = rewriter.node(first);
    const ValueId x =
        rewriter.isConstant(node.inputs[0]) && node.inputs.size() > 1 ? node.inputs[1] : node.inputs[0];
    if (x == noValue || rewriter.isConstant(x))
        return;
    Chain chain = chainFrom(rewriter, x, first);
    if (chain.nodes.empty())
        return;
    std::optional<FusedActivation> activation;
    const NodeId reader = rewriter.onlyReader(chain.output);
    if (reader != noNode && (activation = activationOf(rewriter, reader))) {
        chain.nodes.push_back(reader);
        chain.output = rewriter.node(reader).outputs[0];
    }
    if (chain.nodes.size() < 2 && !chain.hasNormalization)
        return;
    const NodeId last = chain.nodes.back();
    rewriter.note(labels(rewriter, chain.nodes) + " are one");
    const std::string name = nodeLabel(node, first);
    Node affine = rewrittenNode(rewriter, last, "Affine",
                                {x, rewriter.addConstant("scale of " + name, vectorOf(chain.affine.scale)),
                                 rewriter.addConstant("shift of " + name, vectorOf(chain.affine.shift))});
    affine.name = rewriter.node(first).name;
    if (activation)
        addActivation(affine, *activation);
    rewriter.replace(chain.nodes, last, std::move(affine), first);
}

} // namespace

Status foldAffine(Rewriter& rewriter)
{
    for (const NodeId id : rewriter.order()) {
        if (!rewriter.isErased(id) && rewriter.is(id, "Conv") && rewriter.node(id).inputs.size() >= 2)
            TRY(foldInto(rewriter, id));
    }
    for (const NodeId id : rewriter.order()) {
        const bool starts = !rewriter.isErased(id) &&
                            (rewriter.is(id, "BatchNormalization") || rewriter.is(id, "Mul") ||
                             rewriter.is(id, "Add") || rewriter.is(id, "Sub") || rewriter.is(id, "Div"));
        if (starts && !rewriter.node(id).inputs.empty())
            joinChain(rewriter, id);
    }
    return {};
}

} // namespace lapidary
