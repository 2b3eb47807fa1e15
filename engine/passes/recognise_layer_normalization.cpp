// SPDX-License-Identifier: GPL-3.0-or-later
// (x - mean) / sqrt(variance + epsilon) * scale + bias along the last axis, as exporters write it below
// opset 17.
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

namespace lapidary {

namespace {

// ReduceMean along the last axis that keeps it.
bool isMeanOfLast(const Rewriter& rewriter, NodeId id)
{
    if (!rewriter.is(id, "ReduceMean"))
        return false;
    const Node& node = rewriter.node(id);
    std::vector<int64_t> axes = node.intsAttribute("axes");
    if (node.inputs.size() > 1 && node.inputs[1] != noValue) {
        const auto given = toInt64s(rewriter.constant(node.inputs[1]));
        axes = given.ok() ? *given : std::vector<int64_t>();
    }
    const int64_t rank = rewriter.rank(node.inputs[0]);
    return axes.size() == 1 && rank > 0 && (axes[0] == -1 || axes[0] == rank - 1) &&
           node.intAttribute("keepdims", 1) != 0;
}

// A constant along the last axis of x.
bool isRowConstant(const Rewriter& rewriter, ValueId value, ValueId x)
{
    const Tensor tensor = rewriter.constant(value);
    if (tensor.type() != DataType::Float || tensor.rank() != 1 || !rewriter.type(x).shape ||
        rewriter.rank(x) < 1)
        return false;
    const Dim& last = rewriter.type(x).shape->back();
    return last.known() && last.value == tensor.count();
}

struct Found {
    std::vector<NodeId> nodes; // the last one gives the result
    ValueId x = noValue;
    ValueId scale = noValue;
    ValueId bias = noValue;
    float epsilon = 0;
};

// The square of a value: Pow(value, 2) or Mul(value, value).
ValueId squareRoot(const Rewriter& rewriter, ValueId square, NodeId& node)
{
    node = computedBy(rewriter, square, "Pow");
    if (const auto exponent = withNumber(rewriter, node, false))
        return exponent->number == 2 ? exponent->value : noValue;
    node = computedBy(rewriter, square, "Mul");
    if (node == noNode || rewriter.node(node).inputs[0] != rewriter.node(node).inputs[1])
        return noValue;
    return rewriter.node(node).inputs[0];
}

std::optional<Found> find(const Rewriter& rewriter, NodeId div)
{
    const ValueId centred = rewriter.node(div).inputs[0];
    const NodeId sub = computedBy(rewriter, centred, "Sub");
    const NodeId root = computedBy(rewriter, rewriter.node(div).inputs[1], "Sqrt");
    if (sub == noNode || root == noNode)
        return std::nullopt;
    const ValueId x = rewriter.node(sub).inputs[0];
    const NodeId mean = rewriter.producer(rewriter.node(sub).inputs[1]);
    const NodeId add = computedBy(rewriter, rewriter.node(root).inputs[0], "Add");
    const auto epsilon = withNumber(rewriter, add);
    if (!epsilon || !isMeanOfLast(rewriter, mean) || rewriter.node(mean).inputs[0] != x ||
        !rewriter.isFloat(x))
        return std::nullopt;
    const NodeId variance = rewriter.producer(epsilon->value);
    if (!isMeanOfLast(rewriter, variance))
        return std::nullopt;
    NodeId square = noNode;
    if (squareRoot(rewriter, rewriter.node(variance).inputs[0], square) != centred)
        return std::nullopt;
    const NodeId mul = onlyReaderOf(rewriter, rewriter.node(div).outputs[0], "Mul");
    if (mul == noNode)
        return std::nullopt;
    const ValueId scale = otherOperand(rewriter, mul, rewriter.node(div).outputs[0]);
    if (!isRowConstant(rewriter, scale, x))
        return std::nullopt;
    Found found{{mean, sub, square, variance, add, root, div, mul}, x, scale, noValue, epsilon->number};
    const NodeId shift = onlyReaderOf(rewriter, rewriter.node(mul).outputs[0], "Add");
    const ValueId bias = otherOperand(rewriter, shift, rewriter.node(mul).outputs[0]);
    if (shift != noNode && bias != noValue && isRowConstant(rewriter, bias, x)) {
        found.bias = bias;
        found.nodes.push_back(shift);
    }
    for (size_t i = 0; i + 1 < found.nodes.size(); ++i) {
        if (!rewriter.onlyReadBy(rewriter.node(found.nodes[i]).outputs[0], found.nodes))
            return std::nullopt;
    }
    return found;
}

} // namespace

Status recogniseLayerNormalization(Rewriter& rewriter)
{
    for (const NodeId id : rewriter.order()) {
        if (rewriter.isErased(id) || !rewriter.is(id, "Div") || rewriter.node(id).inputs.size() != 2)
            continue;
        const auto found = find(rewriter, id);
        if (!found)
            continue;
        rewriter.note(labels(rewriter, found->nodes) + " are LayerNormalization");
        const NodeId last = found->nodes.back();
        Node node = rewrittenNode(rewriter, last, "LayerNormalization", {found->x, found->scale});
        if (found->bias != noValue)
            node.inputs.push_back(found->bias);
        node.attributes = {makeAttribute("axis", int64_t{-1}), makeAttribute("epsilon", found->epsilon)};
        rewriter.replace(found->nodes, last, std::move(node), last);
    }
    return {};
}

} // namespace lapidary
