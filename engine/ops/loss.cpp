// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/broadcast.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

// input [N, C, d1...], target [N, d1...]; one number, or with reduction none one for each target.
Status inferLoss(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    const Shape* input = context.inputShape(0);
    const Shape* target = context.inputShape(1);
    context.setOutput(1, type, shapeOf(context, 0)); // log_prob of SoftmaxCrossEntropyLoss
    if (context.node().stringAttribute("reduction", "mean") != "none") {
        context.setOutput(0, type, Shape());
        return {};
    }
    context.setOutput(0, type, shapeOf(context, 1));
    if (!input || input->size() < 2)
        return {};
    Shape expected = *input;
    expected.erase(expected.begin() + 1);
    if (target && target->size() == expected.size()) {
        for (size_t i = 0; i < expected.size(); ++i) {
            if (!expected[i].known())
                expected[i] = (*target)[i];
        }
    }
    context.setOutput(0, type, std::move(expected));
    return {};
}

constexpr int lossVersions[] = {12, 13};
constexpr int negativeLogLikelihoodVersions[] = {12, 13, 22};

constexpr OpDef ops[] = {
    {"", "NegativeLogLikelihoodLoss", negativeLogLikelihoodVersions, inferLoss},
    {"", "SoftmaxCrossEntropyLoss", lossVersions, inferLoss},
};

} // namespace

std::span<const OpDef> lossOps() { return ops; }

} // namespace lapidary
