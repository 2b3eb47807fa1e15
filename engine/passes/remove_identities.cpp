// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/passes.h"

namespace lapidary {

namespace {

// Source: Dropout-1, -7, -12 (ai.onnx).
bool isIdleDropout(const Rewriter& rewriter, const Node& node)
{
    if (node.outputs.size() > 1 && node.outputs[1] != noValue && !rewriter.onlyReadBy(node.outputs[1], {}))
        return false; // the mask is read
    if (rewriter.opset() < 7)
        return node.intAttribute("is_test", 0) != 0;
    if (rewriter.opset() < 12 || node.inputs.size() < 3 || node.inputs[2] == noValue)
        return true;
    const Tensor training = rewriter.constant(node.inputs[2]);
    return training.count() == 1 && training.type() == DataType::Bool && training.bytes()[0] == std::byte{0};
}

// To the type that it has.
bool isIdleCast(const Rewriter& rewriter, const Node& node)
{
    if (node.inputs.empty() || node.inputs[0] == noValue || node.outputs.empty())
        return false;
    const TypeInfo& from = rewriter.type(node.inputs[0]);
    const TypeInfo& to = rewriter.type(node.outputs[0]);
    return from.isTensor() && to.isTensor() && from.dataType == to.dataType &&
           from.dataType != DataType::Undefined;
}

} // namespace

Status removeIdentityNodes(Rewriter& rewriter)
{
    for (const NodeId id : rewriter.order()) {
        const Node& node = rewriter.node(id);
        const bool passesOn = rewriter.is(id, "Identity") ||
                              (rewriter.is(id, "Dropout") && isIdleDropout(rewriter, node)) ||
                              (rewriter.is(id, "Cast") && isIdleCast(rewriter, node));
        if (!passesOn || node.inputs.empty() || node.inputs[0] == noValue || node.outputs.empty())
            continue;
        const ValueId from = node.outputs[0];
        const ValueId to = node.inputs[0];
        // Outputs of the graph and what bodies read by name keep their value.
        if (!rewriter.onlyReadBy(from, rewriter.readers(from)))
            continue;
        rewriter.note(nodeLabel(node, id) + " is left out");
        rewriter.replaceReads(from, to);
        if (rewriter.producer(to) == noNode)
            rewriter.erase(id);
        else
            rewriter.absorb(id, rewriter.producer(to));
    }
    return {};
}

} // namespace lapidary
