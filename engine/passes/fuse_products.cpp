// SPDX-License-Identifier: GPL-3.0-or-later
// activation(a * b + bias + residual) with a constant matrix b, as one node of rewrittenDomain.
#include "engine/passes/activation.h"
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

namespace lapidary {

namespace {

struct Product {
    std::vector<NodeId> nodes;   // the product first
    std::vector<ValueId> inputs; // a, b, bias, residual
    bool transB = false;
    int64_t columns = 0;
    ValueId output = noValue;
    std::optional<FusedActivation> activation;
};

bool isRow(const Rewriter& rewriter, ValueId value, int64_t columns)
{
    if (value == noValue || !rewriter.isFloat(value) || !rewriter.type(value).shape)
        return false;
    const Shape& shape = *rewriter.type(value).shape;
    for (size_t i = 0; i < shape.size(); ++i) {
        if (!shape[i].known() || shape[i].value != (i + 1 == shape.size() ? columns : 1))
            return false;
    }
    return !shape.empty() && shape.size() <= 2;
}

std::optional<Product> productOf(const Rewriter& rewriter, NodeId id)
{
    const Node& node = rewriter.node(id);
    const bool isGemm = rewriter.is(id, "Gemm");
    if ((!isGemm && !rewriter.is(id, "MatMul")) || node.inputs.size() < 2 ||
        !rewriter.isFloat(node.inputs[0]) || rewriter.rank(node.inputs[0]) < 2)
        return std::nullopt;
    // Not loaded: a model may have gigabytes of them.
    const auto& shape = rewriter.type(node.inputs[1]).shape;
    const auto b = rewriter.isConstant(node.inputs[1]) && rewriter.isFloat(node.inputs[1]) && shape
                       ? concreteDims(*shape)
                       : std::nullopt;
    if (!b || b->size() != 2 || elementCount(*b).value_or(0) == 0)
        return std::nullopt;
    Product product{
        {id}, {node.inputs[0], node.inputs[1], noValue, noValue}, false, 0, node.outputs[0], std::nullopt};
    if (isGemm) {
        if (node.floatAttribute("alpha", 1) != 1 || node.intAttribute("transA", 0) != 0 ||
            rewriter.rank(node.inputs[0]) != 2)
            return std::nullopt;
        product.transB = node.intAttribute("transB", 0) != 0;
    }
    product.columns = (*b)[product.transB ? 0 : 1];
    if (isGemm && node.inputs.size() > 2 && node.inputs[2] != noValue) {
        if (node.floatAttribute("beta", 1) != 1 || !isRow(rewriter, node.inputs[2], product.columns))
            return std::nullopt;
        product.inputs[2] = node.inputs[2];
    }
    return product;
}

bool takeSum(const Rewriter& rewriter, Product& product, NodeId reader)
{
    if (product.activation || !rewriter.is(reader, "Add"))
        return false;
    const ValueId other = otherOperand(rewriter, reader, product.output);
    if (other == noValue || rewriter.node(reader).attribute("axis"))
        return false;
    if (product.inputs[2] == noValue && product.inputs[3] == noValue && rewriter.isConstant(other) &&
        isRow(rewriter, other, product.columns)) {
        product.inputs[2] = other;
        return true;
    }
    if (product.inputs[3] != noValue || rewriter.isConstant(other) || !rewriter.isFloat(other) ||
        !rewriter.haveSameShape(other, product.output))
        return false;
    product.inputs[3] = other;
    return true;
}

void fuse(Rewriter& rewriter, Product product)
{
    for (;;) {
        const NodeId reader = rewriter.onlyReader(product.output);
        if (reader == noNode || rewriter.node(reader).outputs.size() != 1)
            break;
        if (!takeSum(rewriter, product, reader)) {
            if (product.activation || !(product.activation = activationOf(rewriter, reader)))
                break;
        }
        product.nodes.push_back(reader);
        product.output = rewriter.node(reader).outputs[0];
    }
    if (product.nodes.size() > 1)
        rewriter.note(labels(rewriter, {product.nodes.data(), 1}) + " takes in " +
                      labels(rewriter, std::span(product.nodes).subspan(1)));
    const NodeId last = product.nodes.back();
    Node node = rewrittenNode(rewriter, last, "MatMul", product.inputs);
    node.name = rewriter.node(product.nodes.front()).name;
    while (node.inputs.back() == noValue)
        node.inputs.pop_back();
    if (product.transB)
        node.attributes.push_back(makeAttribute("transB", int64_t{1}));
    if (product.activation)
        addActivation(node, *product.activation);
    rewriter.replace(product.nodes, last, std::move(node), product.nodes.front());
}

} // namespace

Status fuseProducts(Rewriter& rewriter)
{
    for (const NodeId id : rewriter.order()) {
        if (rewriter.isErased(id))
            continue;
        if (auto product = productOf(rewriter, id))
            fuse(rewriter, std::move(*product));
    }
    return {};
}

} // namespace lapidary
