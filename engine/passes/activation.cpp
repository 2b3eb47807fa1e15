// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/activation.h"

#include <limits>

namespace lapidary {

namespace {

// Clip's limits are attributes before opset 11, inputs after. nullopt: a limit is computed in the run.
std::optional<FusedActivation> clipOf(const Rewriter& rewriter, const Node& node)
{
    FusedActivation clip{"Clip", -std::numeric_limits<float>::max(), std::numeric_limits<float>::max()};
    if (rewriter.opset() < 11)
        return FusedActivation{"Clip", node.floatAttribute("min", *clip.alpha),
                               node.floatAttribute("max", *clip.beta)};
    for (const size_t input : {1, 2}) {
        if (input >= node.inputs.size() || node.inputs[input] == noValue)
            continue;
        const auto limit = rewriter.constantNumber(node.inputs[input]);
        if (!limit)
            return std::nullopt;
        (input == 1 ? clip.alpha : clip.beta) = limit;
    }
    return clip;
}

} // namespace

std::optional<FusedActivation> activationOf(const Rewriter& rewriter, NodeId id)
{
    if (id == noNode)
        return std::nullopt;
    const Node& node = rewriter.node(id);
    if (node.outputs.size() != 1 || !rewriter.isFloat(node.outputs[0]))
        return std::nullopt;
    for (const char* plain : {"Relu", "Tanh", "Sigmoid", "HardSwish"}) {
        if (rewriter.is(id, plain))
            return FusedActivation{plain, {}, {}};
    }
    if (rewriter.isRewritten(id, "Swish"))
        return FusedActivation{"Swish", {}, {}};
    if (rewriter.isRewritten(id, "Gelu"))
        return FusedActivation{
            node.stringAttribute("approximate", "none") == "tanh" ? "FastGelu" : "Gelu", {}, {}};
    if (rewriter.is(id, "LeakyRelu"))
        return FusedActivation{"LeakyRelu", node.floatAttribute("alpha", 0.01f), {}};
    if (rewriter.is(id, "Clip"))
        return clipOf(rewriter, node);
    return std::nullopt;
}

void addActivation(Node& node, const FusedActivation& activation)
{
    node.attributes.push_back(makeAttribute("activation", activation.name));
    if (activation.alpha)
        node.attributes.push_back(makeAttribute("activation_alpha", *activation.alpha));
    if (activation.beta)
        node.attributes.push_back(makeAttribute("activation_beta", *activation.beta));
}

bool hasActivation(const Node& node) { return node.attribute("activation") != nullptr; }

} // namespace lapidary
