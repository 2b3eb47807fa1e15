// SPDX-License-Identifier: GPL-3.0-or-later
// activation(conv(x) + bias + residual) as one node of rewrittenDomain.
#include "engine/passes/activation.h"
#include "engine/passes/passes.h"

namespace lapidary {

namespace {

// The convolution so far, growing by the nodes after it.
struct Fusion {
    std::vector<NodeId> nodes; // the convolution first
    ValueId output = noValue;
    ValueId residual = noValue;
    std::optional<FusedActivation> activation;

    NodeId last() const { return nodes.back(); }
};

bool runsBefore(const std::vector<size_t>& places, NodeId a, NodeId b)
{
    return places[static_cast<size_t>(a)] < places[static_cast<size_t>(b)];
}

// Add or two-input Sum of the output and something of the same shape that is ready by then.
bool takeResidual(const Rewriter& rewriter, Fusion& fusion, NodeId reader)
{
    if (fusion.residual != noValue || fusion.activation ||
        !(rewriter.is(reader, "Add") || rewriter.is(reader, "Sum")))
        return false;
    const Node& add = rewriter.node(reader);
    if (add.inputs.size() != 2 || add.inputs[0] == add.inputs[1] || add.attribute("axis") != nullptr)
        return false;
    const ValueId other = add.inputs[add.inputs[0] == fusion.output ? 1 : 0];
    if (other == noValue || rewriter.isConstant(other) || !rewriter.isFloat(other) ||
        !rewriter.haveSameShape(other, fusion.output))
        return false;
    fusion.residual = other;
    return true;
}

Node fusedNode(const Rewriter& rewriter, const Fusion& fusion)
{
    Node node = rewriter.node(fusion.nodes.front());
    node.domain = rewrittenDomain;
    if (fusion.residual != noValue) {
        node.inputs.resize(4, noValue);
        node.inputs[3] = fusion.residual;
    }
    if (fusion.activation)
        addActivation(node, *fusion.activation);
    node.outputs = {fusion.output};
    return node;
}

void fuse(Rewriter& rewriter, NodeId conv, const std::vector<size_t>& places)
{
    Fusion fusion{{conv}, rewriter.node(conv).outputs[0], noValue, std::nullopt};
    for (;;) {
        const NodeId reader = rewriter.onlyReader(fusion.output);
        if (reader == noNode || rewriter.node(reader).outputs.size() != 1)
            break;
        if (takeResidual(rewriter, fusion, reader)) {
            // Of two convolutions that are added the later one takes the other.
            const NodeId other = rewriter.producer(fusion.residual);
            if (other != noNode && rewriter.is(other, "Conv") && runsBefore(places, conv, other) &&
                rewriter.onlyReader(fusion.residual) == reader) {
                fusion.residual = noValue;
                break;
            }
        } else if (!fusion.activation && (fusion.activation = activationOf(rewriter, reader))) {
        } else {
            break;
        }
        fusion.nodes.push_back(reader);
        fusion.output = rewriter.node(reader).outputs[0];
    }
    if (fusion.nodes.size() > 1) {
        std::string taken;
        for (size_t i = 1; i < fusion.nodes.size(); ++i)
            taken += (i == 1 ? "" : ", ") + nodeLabel(rewriter.node(fusion.nodes[i]), fusion.nodes[i]);
        rewriter.note(nodeLabel(rewriter.node(conv), conv) + " takes in " + taken);
    }
    Node node = fusedNode(rewriter, fusion);
    rewriter.replace(fusion.nodes, fusion.last(), std::move(node), conv);
}

} // namespace

Status fuseConvolution(Rewriter& rewriter)
{
    const std::vector<NodeId> order = rewriter.order();
    std::vector<size_t> places(rewriter.graph().nodes.size());
    for (size_t i = 0; i < order.size(); ++i)
        places[static_cast<size_t>(order[i])] = i;
    for (const NodeId id : order) {
        if (!rewriter.isErased(id) && rewriter.is(id, "Conv") && rewriter.node(id).inputs.size() >= 2 &&
            rewriter.node(id).outputs.size() == 1 && rewriter.isFloat(rewriter.node(id).outputs[0]) &&
            rewriter.isFloat(rewriter.node(id).inputs[0]))
            fuse(rewriter, id, places);
    }
    return {};
}

} // namespace lapidary
