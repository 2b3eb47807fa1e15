// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the rules behind node_work: one function for each way of counting. Each gives nullopt when
// a shape that it needs is not known, or does not fit the operator.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

// One node and the shapes around it.
struct WorkContext {
    const Node& node;
    const InferredTypes& types;

    bool has(size_t input) const { return input < node.inputs.size() && node.inputs[input] != noValue; }
    // Null when the rank is not known or there is no such value.
    const Shape* inputShape(size_t index) const { return shape(node.inputs, index); }
    std::optional<Dims> input(size_t index) const { return dims(node.inputs, index); }
    std::optional<Dims> output(size_t index) const { return dims(node.outputs, index); }
    // Elements, as a number that does not overflow.
    std::optional<double> inputCount(size_t index) const;
    std::optional<double> outputCount(size_t index) const;

private:
    const Shape* shape(const std::vector<ValueId>& ids, size_t index) const;
    std::optional<Dims> dims(const std::vector<ValueId>& ids, size_t index) const;
};

double product(const Dims& dims);

// factor: from the table; what it multiplies is the rule's own matter.
using WorkRule = std::optional<double> (*)(const WorkContext&, double factor);

// work_rules.cpp: factor operations for each element of the first output, the first input, ...
std::optional<double> perOutput(const WorkContext& context, double factor);
std::optional<double> perInput(const WorkContext& context, double factor);
std::optional<double> perInputAndOutput(const WorkContext& context, double factor); // and 1 per output
std::optional<double> perFurtherInput(const WorkContext& context, double factor);   // variadic operators
std::optional<double> withOptionalInput(const WorkContext& context,
                                        double factor);                  // 1 more with a last input
std::optional<double> window(const WorkContext& context, double factor); // for each tap of a window
std::optional<double> resampled(const WorkContext& context, double factor);
std::optional<double> gridSampled(const WorkContext& context, double factor);
std::optional<double> roiAligned(const WorkContext& context, double factor);
std::optional<double> localResponse(const WorkContext& context, double factor);
std::optional<double> batchNormalized(const WorkContext& context, double factor);
std::optional<double> transformedFrames(const WorkContext& context, double factor);
std::optional<double> cubed(const WorkContext& context, double factor); // n³ for each square matrix

// work_products.cpp: sums of products. factor: further operations for each element of the output.
std::optional<double> convolved(const WorkContext& context, double factor);
std::optional<double> convolvedQuantized(const WorkContext& context, double factor); // QLinearConv's inputs
std::optional<double> convolvedTransposed(const WorkContext& context, double factor);
std::optional<double> convolvedDeformed(const WorkContext& context, double factor);
std::optional<double> multiplied(const WorkContext& context, double factor);
std::optional<double> multipliedWithBias(const WorkContext& context, double factor);  // Gemm's inputs
std::optional<double> multipliedQuantized(const WorkContext& context, double factor); // QGemm's inputs
std::optional<double> multipliedBlocks(const WorkContext& context, double factor);    // weights of few bits
std::optional<double> fullyConnected(const WorkContext& context, double factor);
std::optional<double> summedByEquation(const WorkContext& context, double factor); // Einsum
std::optional<double> distances(const WorkContext& context, double factor);
std::optional<double> linearScores(const WorkContext& context, double factor);
std::optional<double> vectorMachine(const WorkContext& context, double factor);

// work_sequences.cpp: attention and recurrence. factor of a recurrence: operations beside the
// products for each element of the hidden state and step.
std::optional<double> attended(const WorkContext& context, double factor);
std::optional<double> attendedPacked(const WorkContext& context, double factor); // com.microsoft.Attention
std::optional<double> attendedHeads(const WorkContext& context, double factor);  // MultiHeadAttention
std::optional<double> attendedGroups(const WorkContext& context, double factor); // GroupQueryAttention
std::optional<double> recurred(const WorkContext& context, double factor);

} // namespace lapidary
