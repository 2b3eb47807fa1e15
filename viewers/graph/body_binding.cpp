// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/body_binding.h"

namespace lapidary {

namespace {

ValueId valueAt(const std::vector<ValueId>& values, size_t index)
{
    return index < values.size() ? values[index] : noValue;
}

} // namespace

ValueId boundInput(const Node& node, const Graph& body, size_t bodyInput)
{
    if (node.opType == "If")
        return noValue;
    // A loop's body starts with the number of the iteration, the node with the number of iterations.
    if (node.opType == "Loop")
        return bodyInput == 0 ? noValue : valueAt(node.inputs, bodyInput);
    // Before opset 9 a Scan had the lengths of the sequences first.
    const bool lengths = node.opType == "Scan" && node.inputs.size() == body.inputs.size() + 1;
    return valueAt(node.inputs, bodyInput + (lengths ? 1 : 0));
}

ValueId boundOutput(const Node& node, const Graph&, size_t bodyOutput)
{
    // The first result of a loop's body is the condition to go on.
    if (node.opType == "Loop")
        return bodyOutput == 0 ? noValue : valueAt(node.outputs, bodyOutput - 1);
    return valueAt(node.outputs, bodyOutput);
}

} // namespace lapidary
