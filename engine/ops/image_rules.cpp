// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/image_rules.h"

#include "engine/ops/axis.h"

#include <numeric>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

} // namespace

Result<Dims> unpooledDims(const Node& node, const Dims& pooled)
{
    const Dims kernel = node.intsAttribute("kernel_shape");
    if (pooled.size() < 3 || kernel.size() != pooled.size() - 2)
        return shapeError(
            "expected an input [N, C, spatial...] and one size in kernel_shape for each spatial "
            "axis, found " +
            toString(pooled) + " and " + toString(kernel));
    TRY_ASSIGN(const Window window, readWindow(node, kernel));
    Dims dims = pooled;
    for (size_t i = 0; i < kernel.size(); ++i) {
        const AxisWindow& axis = window.axes[i];
        int64_t reach = 0;
        if (__builtin_mul_overflow(pooled[i + 2] - 1, axis.stride, &reach) || reach > (int64_t{1} << 60))
            return shapeError("the result of MaxUnpool would be too large");
        dims[i + 2] = reach + axis.kernel - axis.padBegin - axis.padEnd;
        if (dims[i + 2] < 0)
            return shapeError("pads leave nothing of spatial axis " + std::to_string(i));
    }
    return dims;
}

Result<ColumnShape> columnShape(const Node& node, const Dims& columns, const Dims& image, const Dims& block)
{
    if (columns.size() != 3 || image.empty() || image.size() != block.size())
        return shapeError(
            "expected columns [N, C * window, blocks] and an image and a block of the same rank, "
            "found " +
            toString(columns) + ", " + toString(image) + " and " + toString(block));
    ColumnShape shape;
    TRY_ASSIGN(shape.window, readWindow(node, block));
    int64_t blocks = 1;
    for (size_t i = 0; i < image.size(); ++i) {
        if (image[i] < 0)
            return shapeError("an image cannot have the size " + toString(image));
        TRY_ASSIGN(const AxisPlacement placement, placeWindow(shape.window, i, image[i]));
        shape.placements.push_back(placement);
        if (__builtin_mul_overflow(blocks, placement.output, &blocks) ||
            __builtin_mul_overflow(shape.taps, block[i], &shape.taps))
            return shapeError("the image " + toString(image) + " is too large");
    }
    if (columns[2] != blocks)
        return shapeError("an image " + toString(image) + " has " + std::to_string(blocks) +
                          " blocks, the columns " + toString(columns) + " hold " +
                          std::to_string(columns[2]));
    if (columns[1] % shape.taps != 0)
        return shapeError("the window has " + std::to_string(shape.taps) +
                          " places, which do not divide the " + std::to_string(columns[1]) +
                          " rows of the columns");
    shape.output = {columns[0], columns[1] / shape.taps};
    shape.output.insert(shape.output.end(), image.begin(), image.end());
    return shape;
}

Result<std::vector<CenteredAxis>> centeredAxes(const Dims& input, const std::vector<int64_t>& sizes,
                                               const std::optional<std::vector<int64_t>>& axes)
{
    std::vector<int64_t> named(input.size());
    std::iota(named.begin(), named.end(), 0);
    if (axes) {
        TRY_ASSIGN(named, normalizeAxes(*axes, static_cast<int64_t>(input.size())));
    }
    if (named.size() != sizes.size())
        return shapeError("expected a size for each of " + std::to_string(named.size()) + " axes, found " +
                          std::to_string(sizes.size()));
    std::vector<CenteredAxis> result;
    for (const int64_t size : input)
        result.push_back({size, size});
    for (size_t i = 0; i < named.size(); ++i) {
        if (sizes[i] < 0)
            return shapeError("a size cannot be " + std::to_string(sizes[i]));
        result[static_cast<size_t>(named[i])].out = sizes[i];
    }
    return result;
}

} // namespace lapidary
