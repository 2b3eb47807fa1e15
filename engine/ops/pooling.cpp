// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/pooling.h"

#include "engine/ops/families.h"

namespace lapidary {

namespace {

// The attribute kernel_shape, which LpPool-1 leaves optional.
Result<Window> poolingWindow(const Node& node, size_t rank)
{
    if (rank < 3)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected an input of rank 3 or more, found rank " + std::to_string(rank));
    const Dims kernel = node.intsAttribute("kernel_shape");
    if (kernel.size() != rank - 2)
        return makeError(ErrorCode::ShapeMismatch, "attribute 'kernel_shape': expected " +
                                                       std::to_string(rank - 2) + " values, found " +
                                                       std::to_string(kernel.size()));
    TRY_ASSIGN(Window window, readWindow(node, kernel));
    for (const AxisWindow& axis : window.axes) {
        if (window.autoPad == AutoPad::NotSet && std::max(axis.padBegin, axis.padEnd) >= axis.span())
            return makeError(ErrorCode::ShapeMismatch,
                             "pads must be smaller than the window: a window of " +
                                 std::to_string(axis.span()) + " would see only padding of " +
                                 std::to_string(std::max(axis.padBegin, axis.padEnd)));
    }
    return window;
}

Status inferPool(InferenceContext& context)
{
    std::optional<Shape> output;
    if (const Shape* x = context.inputShape(0)) {
        TRY_ASSIGN(output, poolingOutput(context.node(), *x));
    }
    context.setOutput(0, context.inputDataType(0), output);
    context.setOutput(1, DataType::Int64, output); // MaxPool's indices
    return {};
}

Status inferGlobalPool(InferenceContext& context)
{
    std::optional<Shape> output;
    if (const Shape* x = context.inputShape(0)) {
        TRY_ASSIGN(output, globalPoolingOutput(*x));
    }
    context.setOutput(0, context.inputDataType(0), std::move(output));
    return {};
}

constexpr int maxPoolVersions[] = {1, 8, 10, 11, 12, 22};
constexpr int averagePoolVersions[] = {1, 7, 10, 11, 19, 22};
constexpr int lpPoolVersions[] = {1, 2, 11, 18, 22};
constexpr int since1And22[] = {1, 22};
constexpr int globalLpPoolVersions[] = {1, 2, 22};

constexpr OpDef ops[] = {
    {"", "MaxPool", maxPoolVersions, inferPool},
    {"", "AveragePool", averagePoolVersions, inferPool},
    {"", "LpPool", lpPoolVersions, inferPool},
    {"", "GlobalMaxPool", since1And22, inferGlobalPool},
    {"", "GlobalAveragePool", since1And22, inferGlobalPool},
    {"", "GlobalLpPool", globalLpPoolVersions, inferGlobalPool},
};

} // namespace

Result<PoolingShape> poolingShape(const Node& node, const Dims& x)
{
    PoolingShape shape;
    TRY_ASSIGN(shape.window, poolingWindow(node, x.size()));
    TRY_ASSIGN(shape.placements, placeAll(shape.window, x));
    shape.output = {x[0], x[1]};
    for (const AxisPlacement& placement : shape.placements)
        shape.output.push_back(placement.output);
    return shape;
}

Result<Shape> poolingOutput(const Node& node, const Shape& x)
{
    TRY_ASSIGN(const Window window, poolingWindow(node, x.size()));
    Shape output{x[0], x[1]};
    for (size_t i = 0; i + 2 < x.size(); ++i) {
        TRY_ASSIGN(Dim dim, placeDim(window, i, x[i + 2]));
        output.push_back(std::move(dim));
    }
    return output;
}

Result<Shape> globalPoolingOutput(const Shape& x)
{
    if (x.size() < 2)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected an input of rank 2 or more, found " + toString(x));
    Shape output = x;
    std::fill(output.begin() + 2, output.end(), Dim(1));
    return output;
}

Result<double> normExponent(const Node& node, int64_t opset)
{
    const double p = opset < 2 ? static_cast<double>(node.floatAttribute("p", 2))
                               : static_cast<double>(node.intAttribute("p", 2));
    if (!(p > 0))
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'p': expected a number above 0, found " + std::to_string(p));
    return p;
}

std::span<const OpDef> poolingOps() { return ops; }

} // namespace lapidary
