// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/convolution.h"

#include "engine/ops/families.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// The window of the node on weights of these dims.
Result<Window> convolutionWindow(const Node& node, const Dims& w)
{
    if (w.size() < 3)
        return shapeError("weights: expected rank 3 or more, found " + toString(w));
    const Dims kernel(w.begin() + 2, w.end());
    const Dims declared = node.intsAttribute("kernel_shape");
    if (!declared.empty() && declared != kernel)
        return shapeError("attribute 'kernel_shape' is " + toString(declared) + ", the weights' kernel is " +
                          toString(kernel));
    return readWindow(node, kernel);
}

Result<int64_t> readGroups(const Node& node, int64_t channels, std::string_view what)
{
    const int64_t groups = node.intAttribute("group", 1);
    if (groups < 1 || groups > (int64_t{1} << 31) || channels % groups != 0)
        return shapeError("attribute 'group': " + std::to_string(groups) + " does not divide the " +
                          std::to_string(channels) + " " + std::string(what));
    return groups;
}

Status checkBias(const Dims* bias, int64_t outputChannels)
{
    if (bias && *bias != Dims{outputChannels})
        return shapeError("bias: expected " + toString(Dims{outputChannels}) + ", found " + toString(*bias));
    return {};
}

Status checkRanks(const Dims& x, const Dims& w)
{
    if (x.size() < 3 || x.size() != w.size())
        return shapeError("input and weights: expected the same rank, 3 or more, found " + toString(x) +
                          " and " + toString(w));
    return {};
}

Status finish(ConvolutionShape& shape, const Dims& x, decltype(placeWindow)* place)
{
    TRY_ASSIGN(shape.placements, placeAll(shape.window, x, place));
    shape.batch = x[0];
    shape.output = {shape.batch, shape.outputChannels};
    for (const AxisPlacement& placement : shape.placements)
        shape.output.push_back(placement.output);
    return {};
}

// Both operators, with symbols: batch passes through, channels come from the weights.
Result<std::optional<Shape>> outputOf(const Node& node, const Shape* x, const Shape* w, bool transposed)
{
    const std::optional<Dims> weights = w ? concreteDims(*w) : std::nullopt;
    if (!x || !weights)
        return std::optional<Shape>();
    if (const auto dims = concreteDims(*x)) { // everything is known: the kernels' own check
        TRY_ASSIGN(const ConvolutionShape shape,
                   transposed ? transposedConvolutionShape(node, *dims, *weights, nullptr)
                              : convolutionShape(node, *dims, *weights, nullptr));
        return std::optional(toShape(shape.output));
    }
    TRY(checkRanks(Dims(x->size()), *weights));
    TRY_ASSIGN(const Window window, convolutionWindow(node, *weights));
    TRY_ASSIGN(const int64_t groups, readGroups(node, 0, "channels"));
    Shape output{(*x)[0], transposed ? (*weights)[1] * groups : (*weights)[0]};
    for (size_t i = 0; i + 2 < x->size(); ++i) {
        TRY_ASSIGN(Dim dim, placeDim(window, i, (*x)[i + 2], transposed ? placeTransposed : placeWindow));
        output.push_back(std::move(dim));
    }
    return std::optional(std::move(output));
}

Status inferBoth(InferenceContext& context, bool transposed)
{
    context.setOutput(0, context.inputDataType(0));
    TRY_ASSIGN(std::optional<Shape> output,
               outputOf(context.node(), context.inputShape(0), context.inputShape(1), transposed));
    context.setOutput(0, context.inputDataType(0), std::move(output));
    return {};
}

Status inferConv(InferenceContext& context) { return inferBoth(context, false); }

Status inferConvTranspose(InferenceContext& context) { return inferBoth(context, true); }

constexpr int since1And11And22[] = {1, 11, 22};

constexpr OpDef ops[] = {
    {"", "Conv", since1And11And22, inferConv},
    {"", "ConvTranspose", since1And11And22, inferConvTranspose},
};

} // namespace

Result<ConvolutionShape> convolutionShape(const Node& node, const Dims& x, const Dims& w, const Dims* bias)
{
    TRY(checkRanks(x, w));
    ConvolutionShape shape;
    TRY_ASSIGN(shape.window, convolutionWindow(node, w));
    shape.inputChannels = x[1];
    shape.outputChannels = w[0];
    TRY_ASSIGN(shape.groups, readGroups(node, shape.inputChannels, "input channels"));
    TRY(readGroups(node, shape.outputChannels, "output channels"));
    if (w[1] != shape.inputChannels / shape.groups)
        return shapeError("weights: expected " + std::to_string(shape.inputChannels / shape.groups) +
                          " input channels for input " + toString(x) + " in " + std::to_string(shape.groups) +
                          " groups, found " + toString(w));
    TRY(checkBias(bias, shape.outputChannels));
    TRY(finish(shape, x, placeWindow));
    return shape;
}

Result<ConvolutionShape> transposedConvolutionShape(const Node& node, const Dims& x, const Dims& w,
                                                    const Dims* bias)
{
    TRY(checkRanks(x, w));
    ConvolutionShape shape;
    TRY_ASSIGN(shape.window, convolutionWindow(node, w));
    shape.inputChannels = x[1];
    TRY_ASSIGN(shape.groups, readGroups(node, shape.inputChannels, "input channels"));
    if (w[0] != shape.inputChannels)
        return shapeError("weights: expected " + std::to_string(shape.inputChannels) +
                          " input channels for input " + toString(x) + ", found " + toString(w));
    shape.outputChannels = w[1] * shape.groups;
    TRY(checkBias(bias, shape.outputChannels));
    TRY(finish(shape, x, placeTransposed));
    return shape;
}

Result<std::optional<Shape>> convolutionOutput(const Node& node, const Shape* x, const Shape* w)
{
    return outputOf(node, x, w, false);
}

std::span<const OpDef> convolutionOps() { return ops; }

} // namespace lapidary
