// SPDX-License-Identifier: GPL-3.0-or-later
// Source: ONNX ai.onnx.preview.training Adagrad-1, Adam-1, Momentum-1.
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

// Inputs: R, T, then groups of tensors (X, G and the state), each with one tensor for each optimized one.
// Outputs: groups of new X and new state, all of the shapes of X.
Status inferOptimizer(InferenceContext& context)
{
    const size_t groups = context.node().opType == "Adam" ? 4 : 3;
    if (context.inputCount() < 2 || (context.inputCount() - 2) % groups != 0)
        return makeError(ErrorCode::ShapeMismatch, "expected R, T and a multiple of " +
                                                       std::to_string(groups) + " tensors, found " +
                                                       std::to_string(context.inputCount()) + " inputs");
    const size_t count = (context.inputCount() - 2) / groups;
    for (size_t i = 0; i < context.outputCount() && i < count * (groups - 1); ++i)
        context.setOutput(i, context.inputDataType(2 + i % count), shapeOf(context, 2 + i % count));
    return {};
}

constexpr int since1[] = {1};

constexpr OpDef ops[] = {
    {"ai.onnx.preview.training", "Adagrad", since1, inferOptimizer},
    {"ai.onnx.preview.training", "Adam", since1, inferOptimizer},
    {"ai.onnx.preview.training", "Momentum", since1, inferOptimizer},
};

} // namespace

std::span<const OpDef> trainingOptimizersOps() { return ops; }

} // namespace lapidary
