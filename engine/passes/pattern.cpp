// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/pattern.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

NodeId computedBy(const Rewriter& rewriter, ValueId value, std::string_view opType)
{
    const NodeId id = value == noValue ? noNode : rewriter.producer(value);
    return rewriter.is(id, opType) ? id : noNode;
}

std::optional<WithNumber> withNumber(const Rewriter& rewriter, NodeId id, bool isCommutative)
{
    if (id == noNode || rewriter.node(id).inputs.size() != 2)
        return std::nullopt;
    const std::vector<ValueId>& inputs = rewriter.node(id).inputs;
    for (const size_t side : {1, 0}) {
        if (side == 0 && !isCommutative)
            break;
        if (const auto number = rewriter.constantNumber(inputs[side]))
            return WithNumber{inputs[1 - side], *number};
    }
    return std::nullopt;
}

ValueId otherOperand(const Rewriter& rewriter, NodeId id, ValueId value)
{
    if (id == noNode || rewriter.node(id).inputs.size() != 2)
        return noValue;
    const std::vector<ValueId>& inputs = rewriter.node(id).inputs;
    if (inputs[0] == inputs[1])
        return noValue;
    return inputs[0] == value ? inputs[1] : inputs[1] == value ? inputs[0] : noValue;
}

bool isAbout(float number, double expected)
{
    return std::abs(static_cast<double>(number) - expected) <= 1e-4 * std::abs(expected);
}

NodeId onlyReaderOf(const Rewriter& rewriter, ValueId value, std::string_view opType)
{
    const NodeId id = rewriter.onlyReader(value);
    return rewriter.is(id, opType) ? id : noNode;
}

Node rewrittenNode(const Rewriter& rewriter, NodeId like, std::string opType, std::vector<ValueId> inputs)
{
    Node node;
    node.name = rewriter.node(like).name;
    node.domain = rewrittenDomain;
    node.opType = std::move(opType);
    node.inputs = std::move(inputs);
    node.outputs = rewriter.node(like).outputs;
    return node;
}

std::string labels(const Rewriter& rewriter, std::span<const NodeId> nodes)
{
    std::string text;
    for (const NodeId id : nodes)
        text += (text.empty() ? "" : ", ") + nodeLabel(rewriter.node(id), id);
    return text;
}

} // namespace lapidary
