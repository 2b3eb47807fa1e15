// SPDX-License-Identifier: GPL-3.0-or-later
// Activations that exporters write as several nodes, as one.
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

namespace lapidary {

namespace {

// Nodes that together are one activation of x.
struct Found {
    std::string name;
    ValueId x = noValue;
    std::vector<NodeId> nodes; // the last one gives the result
    std::vector<Attribute> attributes = {};
};

// x * sigmoid(x), x * hardsigmoid(x).
std::optional<Found> findGated(const Rewriter& rewriter, NodeId mul)
{
    const std::vector<ValueId>& inputs = rewriter.node(mul).inputs;
    for (const size_t side : {0, 1}) {
        const ValueId x = inputs[1 - side];
        const NodeId gate = rewriter.producer(inputs[side]);
        if (gate == noNode || rewriter.node(gate).inputs.empty() || rewriter.node(gate).inputs[0] != x)
            continue;
        const Node& found = rewriter.node(gate);
        if (rewriter.is(gate, "Sigmoid"))
            return Found{"Swish", x, {gate, mul}};
        if (rewriter.is(gate, "HardSigmoid") && isAbout(found.floatAttribute("alpha", 0.2f), 1.0 / 6) &&
            found.floatAttribute("beta", 0.5f) == 0.5f)
            return Found{"HardSwish", x, {gate, mul}};
    }
    return std::nullopt;
}

// 1 + function(...): the function and the sum; noNode where the value is none.
struct OnePlus {
    NodeId function = noNode;
    NodeId sum = noNode;
};
OnePlus findOnePlus(const Rewriter& rewriter, ValueId value, std::string_view function)
{
    const NodeId sum = computedBy(rewriter, value, "Add");
    const auto one = withNumber(rewriter, sum);
    return one && isAbout(one->number, 1) ? OnePlus{computedBy(rewriter, one->value, function), sum}
                                          : OnePlus();
}

// 1 + erf(x / sqrt(2)): the nodes, and x.
std::optional<Found> findErfTerm(const Rewriter& rewriter, ValueId value)
{
    const auto [erf, add] = findOnePlus(rewriter, value, "Erf");
    if (erf == noNode)
        return std::nullopt;
    const ValueId scaled = rewriter.node(erf).inputs[0];
    const NodeId div = computedBy(rewriter, scaled, "Div");
    const NodeId mul = computedBy(rewriter, scaled, "Mul");
    const auto divisor = withNumber(rewriter, div, false);
    const auto factor = withNumber(rewriter, mul);
    if (divisor && isAbout(divisor->number, 1.4142135623730951))
        return Found{"Gelu", divisor->value, {div, erf, add}};
    if (factor && isAbout(factor->number, 0.7071067811865476))
        return Found{"Gelu", factor->value, {mul, erf, add}};
    return std::nullopt;
}

// 1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)).
std::optional<Found> findTanhTerm(const Rewriter& rewriter, ValueId value)
{
    const auto [tanh, add] = findOnePlus(rewriter, value, "Tanh");
    if (tanh == noNode)
        return std::nullopt;
    const NodeId scale = computedBy(rewriter, rewriter.node(tanh).inputs[0], "Mul");
    const auto scaled = withNumber(rewriter, scale);
    const NodeId sum = scaled && isAbout(scaled->number, 0.7978845608028654)
                           ? computedBy(rewriter, scaled->value, "Add")
                           : noNode;
    if (sum == noNode)
        return std::nullopt;
    for (const ValueId side : rewriter.node(sum).inputs) {
        const NodeId cubic = computedBy(rewriter, side, "Mul");
        const auto factor = withNumber(rewriter, cubic);
        const NodeId power =
            factor && isAbout(factor->number, 0.044715) ? computedBy(rewriter, factor->value, "Pow") : noNode;
        const auto exponent = withNumber(rewriter, power, false);
        if (exponent && exponent->number == 3 && otherOperand(rewriter, sum, side) == exponent->value)
            return Found{"Gelu",
                         exponent->value,
                         {power, cubic, sum, scale, tanh, add},
                         {makeAttribute("approximate", std::string("tanh"))}};
    }
    return std::nullopt;
}

std::optional<Found> findGeluTerm(const Rewriter& rewriter, ValueId value)
{
    auto term = findErfTerm(rewriter, value);
    return term ? term : findTanhTerm(rewriter, value);
}

// The three factors 0.5, x and 1 + ..., in any order.
std::optional<Found> findGelu(const Rewriter& rewriter, NodeId mul)
{
    const std::vector<ValueId>& inputs = rewriter.node(mul).inputs;
    // (x * term) * 0.5
    if (const auto half = withNumber(rewriter, mul); half && isAbout(half->number, 0.5)) {
        const NodeId product = computedBy(rewriter, half->value, "Mul");
        if (product == noNode)
            return std::nullopt;
        for (const ValueId side : rewriter.node(product).inputs) {
            auto term = findGeluTerm(rewriter, side);
            if (term && otherOperand(rewriter, product, side) == term->x) {
                term->nodes.insert(term->nodes.end(), {product, mul});
                return term;
            }
        }
        return std::nullopt;
    }
    for (const size_t side : {0, 1}) {
        auto term = findGeluTerm(rewriter, inputs[side]);
        if (!term)
            continue;
        // (0.5 * x) * term
        const NodeId halved = computedBy(rewriter, inputs[1 - side], "Mul");
        const auto half = withNumber(rewriter, halved);
        if (half && isAbout(half->number, 0.5) && half->value == term->x) {
            term->nodes.insert(term->nodes.end(), {halved, mul});
            return term;
        }
        // x * (0.5 * term) is left to the case of the term below.
    }
    for (const size_t side : {0, 1}) {
        const NodeId halved = computedBy(rewriter, inputs[side], "Mul");
        const auto half = withNumber(rewriter, halved);
        if (!half || !isAbout(half->number, 0.5))
            continue;
        auto term = findGeluTerm(rewriter, half->value);
        if (term && inputs[1 - side] == term->x) {
            term->nodes.insert(term->nodes.end(), {halved, mul});
            return term;
        }
    }
    return std::nullopt;
}

// Nobody else reads what lies between.
bool isClosed(const Rewriter& rewriter, const Found& found)
{
    for (size_t i = 0; i + 1 < found.nodes.size(); ++i) {
        for (const ValueId output : rewriter.node(found.nodes[i]).outputs) {
            if (output != noValue && !rewriter.onlyReadBy(output, found.nodes))
                return false;
        }
    }
    return true;
}

} // namespace

Status recogniseActivations(Rewriter& rewriter)
{
    for (const NodeId id : rewriter.order()) {
        if (rewriter.isErased(id) || !rewriter.is(id, "Mul") || rewriter.node(id).inputs.size() != 2 ||
            !rewriter.isFloat(rewriter.node(id).outputs[0]))
            continue;
        auto found = findGated(rewriter, id);
        if (!found)
            found = findGelu(rewriter, id);
        if (!found || !isClosed(rewriter, *found))
            continue;
        rewriter.note(labels(rewriter, found->nodes) + " are " + found->name);
        Node node = rewrittenNode(rewriter, id, found->name, {found->x});
        node.attributes = found->attributes;
        rewriter.replace(found->nodes, id, std::move(node), id);
    }
    return {};
}

} // namespace lapidary
