// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/gradient_rules.h"

#include "engine/ops/gradient.h"

namespace lapidary {

namespace {

using Gradients = std::vector<ValueId>;

Gradients addRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.sumTo(g, node.inputs[0]), w.sumTo(g, node.inputs[1])};
}

Gradients subRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.sumTo(g, node.inputs[0]), w.sumTo(w.add("Neg", {g}), node.inputs[1])};
}

Gradients mulRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId a = node.inputs[0];
    const ValueId b = node.inputs[1];
    return {w.sumTo(w.add("Mul", {g, b}), a), w.sumTo(w.add("Mul", {g, a}), b)};
}

// d(a/b) = g/b, -g·y/b
Gradients divRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId a = node.inputs[0];
    const ValueId b = node.inputs[1];
    const ValueId quotient = w.add("Div", {g, b});
    return {w.sumTo(quotient, a), w.sumTo(w.add("Neg", {w.add("Mul", {quotient, node.outputs[0]})}), b)};
}

// d(a^b) = g·b·a^(b-1), g·y·ln a
Gradients powRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId a = node.inputs[0];
    const ValueId b = node.inputs[1];
    const ValueId lower = w.add("Sub", {b, w.scalar(1, b)});
    const ValueId slope = w.add("Mul", {w.add("Pow", {a, lower}), b});
    const ValueId byExponent = w.add("Mul", {node.outputs[0], w.add("Log", {a})});
    return {w.sumTo(w.add("Mul", {g, slope}), a), w.sumTo(w.add("Mul", {g, byExponent}), b)};
}

Gradients sumRule(GradientWriter& w, const Node& node, ValueId g)
{
    Gradients gradients;
    for (const ValueId input : node.inputs)
        gradients.push_back(w.sumTo(g, input));
    return gradients;
}

Gradients identityRule(GradientWriter&, const Node&, ValueId g) { return {g}; }

Gradients negRule(GradientWriter& w, const Node&, ValueId g) { return {w.add("Neg", {g})}; }

Gradients expRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Mul", {g, node.outputs[0]})};
}

Gradients logRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Div", {g, node.inputs[0]})};
}

Gradients sqrtRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Div", {g, w.add("Add", {node.outputs[0], node.outputs[0]})})};
}

Gradients reciprocalRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId y = node.outputs[0];
    return {w.add("Neg", {w.add("Mul", {g, w.add("Mul", {y, y})})})};
}

Gradients absRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Mul", {g, w.add("Sign", {node.inputs[0]})})};
}

Gradients sinRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Mul", {g, w.add("Cos", {node.inputs[0]})})};
}

Gradients cosRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Neg", {w.add("Mul", {g, w.add("Sin", {node.inputs[0]})})})};
}

// The slope is 1 where the output is positive, as Sign(y) says.
Gradients reluRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Mul", {g, w.add("Sign", {node.outputs[0]})})};
}

Gradients sigmoidRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId y = node.outputs[0];
    return {w.add("Mul", {g, w.add("Sub", {y, w.add("Mul", {y, y})})})};
}

Gradients tanhRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId y = node.outputs[0];
    return {w.add("Sub", {g, w.add("Mul", {g, w.add("Mul", {y, y})})})};
}

// Matrices of rank 2; batches are summed where they were broadcast.
Gradients matMulRule(GradientWriter& w, const Node& node, ValueId g)
{
    const ValueId a = node.inputs[0];
    const ValueId b = node.inputs[1];
    const Attribute swap = makeAttribute("perm", std::vector<int64_t>{1, 0});
    return {w.add("MatMul", {g, w.add("Transpose", {b}, {swap})}),
            w.add("MatMul", {w.add("Transpose", {a}, {swap}), g})};
}

// The same number for every element that was summed.
Gradients reduceSumRule(GradientWriter& w, const Node& node, ValueId g)
{
    const bool all = !node.attribute("axes") && (node.inputs.size() < 2 || node.inputs[1] == noValue);
    const bool kept = node.intAttribute("keepdims", 1) != 0;
    // Without keepdims the result cannot be laid over the input unless it is a scalar.
    if (!kept && !all)
        return {};
    return {w.add("Mul", {w.filled(node.inputs[0], 1), g})};
}

Gradients reduceMeanRule(GradientWriter& w, const Node& node, ValueId g)
{
    const Gradients sums = reduceSumRule(w, node, g);
    if (sums.empty())
        return {};
    const Attribute drop = makeAttribute("keepdims", int64_t{0});
    const ValueId inputs = w.add("ReduceSum", {w.filled(node.inputs[0], 1)}, {drop});
    const ValueId outputs = w.add("ReduceSum", {w.filled(node.outputs[0], 1)}, {drop});
    return {w.add("Mul", {sums[0], w.add("Div", {outputs, inputs})})};
}

Gradients reshapeRule(GradientWriter& w, const Node& node, ValueId g)
{
    return {w.add("Reshape", {g, w.add("Shape", {node.inputs[0]})})};
}

Gradients transposeRule(GradientWriter& w, const Node& node, ValueId g)
{
    const std::vector<int64_t> perm = node.intsAttribute("perm");
    if (perm.empty())
        return {w.add("Transpose", {g})};
    std::vector<int64_t> back(perm.size());
    for (size_t i = 0; i < perm.size(); ++i) {
        if (perm[i] < 0 || perm[i] >= static_cast<int64_t>(perm.size()))
            return {};
        back[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);
    }
    return {w.add("Transpose", {g}, {makeAttribute("perm", std::move(back))})};
}

struct RuleRow {
    std::string_view opType;
    size_t inputCount; // that the rule looks at
    GradientRule rule;
};

constexpr RuleRow rules[] = {
    {"Add", 2, addRule},
    {"Sub", 2, subRule},
    {"Mul", 2, mulRule},
    {"Div", 2, divRule},
    {"Pow", 2, powRule},
    {"Sum", 1, sumRule},
    {"Identity", 1, identityRule},
    {"Neg", 1, negRule},
    {"Exp", 1, expRule},
    {"Log", 1, logRule},
    {"Sqrt", 1, sqrtRule},
    {"Reciprocal", 1, reciprocalRule},
    {"Abs", 1, absRule},
    {"Sin", 1, sinRule},
    {"Cos", 1, cosRule},
    {"Relu", 1, reluRule},
    {"Sigmoid", 1, sigmoidRule},
    {"Tanh", 1, tanhRule},
    {"MatMul", 2, matMulRule},
    {"ReduceSum", 1, reduceSumRule},
    {"ReduceMean", 1, reduceMeanRule},
    {"Reshape", 1, reshapeRule},
    {"Flatten", 1, reshapeRule},
    {"Squeeze", 1, reshapeRule},
    {"Unsqueeze", 1, reshapeRule},
    {"Transpose", 1, transposeRule},
};

} // namespace

ValueId GradientWriter::append(std::string_view opType, std::string_view domain, std::vector<ValueId> inputs,
                               std::vector<Attribute> attributes)
{
    Node node;
    node.opType = opType;
    node.domain = domain;
    node.inputs = std::move(inputs);
    node.attributes = std::move(attributes);
    const ValueId output = m_graph.addValue("gradient/" + std::to_string(m_graph.values.size()));
    node.outputs = {output};
    m_graph.nodes.push_back(std::move(node));
    return output;
}

ValueId GradientWriter::add(std::string_view opType, std::vector<ValueId> inputs,
                            std::vector<Attribute> attributes)
{
    return append(opType, "", std::move(inputs), std::move(attributes));
}

ValueId GradientWriter::sumTo(ValueId g, ValueId like)
{
    return append("SumTo", trainingDomain, {g, like}, {});
}

ValueId GradientWriter::scalar(float value, ValueId like)
{
    return append("FillLike", trainingDomain, {like},
                  {makeAttribute("value", value), makeAttribute("scalar", int64_t{1})});
}

ValueId GradientWriter::filled(ValueId like, float value)
{
    return append("FillLike", trainingDomain, {like}, {makeAttribute("value", value)});
}

GradientRule gradientRule(const Node& node)
{
    if (domainName(node.domain) != domainName("") || node.outputs.empty())
        return nullptr;
    for (const RuleRow& row : rules) {
        if (row.opType == node.opType && node.inputs.size() >= row.inputCount)
            return row.rule;
    }
    return nullptr;
}

} // namespace lapidary
