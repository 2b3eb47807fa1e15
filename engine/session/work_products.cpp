// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/einsum_rules.h"
#include "engine/session/work_rules.h"

namespace lapidary {

namespace {

// Products that each element of an output sums up: weights are [M, C/group, kernel...].
std::optional<double> tapsOf(const WorkContext& context, size_t weightInput)
{
    const auto weights = context.input(weightInput);
    if (!weights || weights->empty() || weights->front() < 1)
        return std::nullopt;
    return product(*weights) / static_cast<double>(weights->front());
}

std::optional<double> convolution(const WorkContext& context, size_t weightInput, size_t biasInput,
                                  double factor)
{
    const auto taps = tapsOf(context, weightInput);
    const auto outputs = context.outputCount(0);
    if (!taps || !outputs)
        return std::nullopt;
    return *outputs * (2 * *taps + (context.has(biasInput) ? 1 : 0) + factor);
}

// The length of the sums of a matrix product, from its first operand.
std::optional<double> innerSize(const WorkContext& context)
{
    const Shape* shape = context.inputShape(0);
    if (!shape || shape->empty())
        return std::nullopt;
    const bool transposed = context.node.intAttribute("transA", 0) != 0;
    const bool batchLast = context.node.intAttribute("transBatchA", 0) != 0;
    const size_t rank = shape->size();
    const size_t axis = !transposed || rank < 2 ? rank - 1 : batchLast ? 0 : rank - 2;
    return (*shape)[axis].known() ? std::optional(static_cast<double>((*shape)[axis].value)) : std::nullopt;
}

double sizeOfFloats(const Node& node, std::string_view name)
{
    const Attribute* attribute = node.attribute(name);
    const auto* values = attribute ? attribute->as<std::vector<float>>() : nullptr;
    return values ? static_cast<double>(values->size()) : 0;
}

// Samples of an input [N, F] or [F] of ai.onnx.ml.
std::optional<double> sampleCount(const WorkContext& context)
{
    const Shape* shape = context.inputShape(0);
    if (!shape)
        return std::nullopt;
    if (shape->size() < 2)
        return 1;
    return shape->front().known() ? std::optional(static_cast<double>(shape->front().value)) : std::nullopt;
}

} // namespace

std::optional<double> convolved(const WorkContext& context, double factor)
{
    const bool hasBias = context.node.opType != "ConvInteger"; // there it is a zero point
    return convolution(context, 1, hasBias ? 2 : context.node.inputs.size(), factor);
}

std::optional<double> convolvedQuantized(const WorkContext& context, double factor)
{
    return convolution(context, 3, 8, factor);
}

std::optional<double> convolvedTransposed(const WorkContext& context, double factor)
{
    // Weights [C, M/group, kernel...]: each element of the input is spread over them.
    const auto taps = tapsOf(context, 1);
    const auto inputs = context.inputCount(0);
    const double perElement = factor + (context.node.opType == "ConvTranspose" && context.has(2) ? 1 : 0);
    const auto outputs = perElement > 0 ? context.outputCount(0) : std::optional(0.0);
    if (!taps || !inputs || !outputs)
        return std::nullopt;
    return 2 * *inputs * *taps + perElement * *outputs;
}

std::optional<double> convolvedDeformed(const WorkContext& context, double factor)
{
    const auto products = convolution(context, 1, 3, 0);
    const auto weights = context.input(1);
    const auto from = context.input(0);
    const auto to = context.output(0);
    if (!products || !from || !to || from->size() != 4 || to->size() != 4 || weights->size() != 4)
        return std::nullopt;
    // Each tap of each channel is interpolated once for all maps.
    const double samples = product({(*to)[0], (*from)[1], (*to)[2], (*to)[3], (*weights)[2], (*weights)[3]});
    return *products + samples * (factor + (context.has(4) ? 1 : 0));
}

std::optional<double> multiplied(const WorkContext& context, double factor)
{
    const auto inner = innerSize(context);
    const auto outputs = context.outputCount(0);
    return inner && outputs ? std::optional(*outputs * (2 * *inner + factor)) : std::nullopt;
}

std::optional<double> multipliedWithBias(const WorkContext& context, double factor)
{
    return multiplied(context, factor + (context.has(2) ? 1 : 0));
}

std::optional<double> multipliedQuantized(const WorkContext& context, double factor)
{
    return multiplied(context, factor + (context.has(6) ? 1 : 0));
}

std::optional<double> multipliedBlocks(const WorkContext& context, double factor)
{
    const auto products = multiplied(context, 0);
    const double weights = static_cast<double>(context.node.intAttribute("K", 0)) *
                           static_cast<double>(context.node.intAttribute("N", 0));
    return products ? std::optional(*products + factor * weights) : std::nullopt;
}

std::optional<double> fullyConnected(const WorkContext& context, double factor)
{
    const auto weights = context.inputCount(1);
    const auto to = context.output(0);
    if (!weights || !to || to->empty() || to->back() < 1)
        return std::nullopt;
    const double inner = *weights / static_cast<double>(to->back());
    return product(*to) * (2 * inner + (context.has(2) ? 1 : 0) + factor);
}

std::optional<double> summedByEquation(const WorkContext& context, double)
{
    std::vector<Shape> shapes;
    std::vector<size_t> ranks;
    for (size_t i = 0; i < context.node.inputs.size(); ++i) {
        const Shape* shape = context.inputShape(i);
        if (!shape)
            return std::nullopt;
        shapes.push_back(*shape);
        ranks.push_back(shape->size());
    }
    const auto labels = einsumLabels(context.node.stringAttribute("equation", ""), ranks);
    if (!labels.ok())
        return std::nullopt;
    const auto sizes = einsumSizes(*labels, shapes);
    if (!sizes.ok())
        return std::nullopt;
    double steps = 1; // one for each combination of all labels
    for (const auto& [label, size] : *sizes) {
        if (!size.known())
            return std::nullopt;
        steps *= static_cast<double>(size.value);
    }
    const bool isSum = sizes->size() > labels->output.size();
    return steps * (static_cast<double>(shapes.size()) - 1 + (isSum ? 1 : 0));
}

std::optional<double> distances(const WorkContext& context, double factor)
{
    const auto rows = context.input(0);
    const auto outputs = context.outputCount(0);
    return rows && outputs && rows->size() == 2
               ? std::optional(factor * *outputs * static_cast<double>((*rows)[1]))
               : std::nullopt;
}

std::optional<double> linearScores(const WorkContext& context, double)
{
    const auto samples = sampleCount(context);
    if (!samples)
        return std::nullopt;
    return *samples *
           (2 * sizeOfFloats(context.node, "coefficients") + sizeOfFloats(context.node, "intercepts"));
}

std::optional<double> vectorMachine(const WorkContext& context, double)
{
    const auto samples = sampleCount(context);
    const double vectors = sizeOfFloats(context.node, "support_vectors");
    if (!samples)
        return std::nullopt;
    // The products of kernels with the support vectors, and of their results with the coefficients.
    return 2 * *samples * (vectors + sizeOfFloats(context.node, "coefficients"));
}

} // namespace lapidary
