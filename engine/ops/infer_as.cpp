// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/infer_as.h"

namespace lapidary {

Status inferAs(InferenceContext& context, std::string_view opType, int64_t opset,
               const std::vector<size_t>& inputs, const std::vector<Attribute>& more, std::string_view domain)
{
    const OpDef* op = findOp(domain, opType);
    if (!op || !op->infer)
        return {};
    Node node = context.node();
    node.domain = domain;
    node.opType = opType;
    node.attributes.insert(node.attributes.begin(), more.begin(), more.end());
    if (!inputs.empty()) {
        node.inputs.clear();
        for (const size_t input : inputs)
            node.inputs.push_back(context.hasInput(input) ? context.node().inputs[input] : noValue);
    }
    InferenceContext standard(node, opset);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
        const size_t from = inputs.empty() ? i : inputs[i];
        if (from >= context.inputCount())
            continue;
        standard.inputTypes[i] = context.inputTypes[from];
        standard.inputConstants[i] = context.inputConstants[from];
        standard.inputValues[i] = context.inputValues[from];
    }
    TRY(op->infer(standard));
    context.outputTypes = std::move(standard.outputTypes);
    context.outputValues = std::move(standard.outputValues);
    return {};
}

} // namespace lapidary
