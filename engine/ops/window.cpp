// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/window.h"

#include <algorithm>

namespace lapidary {

namespace {

// Products of two sizes then fit 63 bits.
constexpr int64_t largestSize = int64_t{1} << 31;

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// The attribute's list, or fallback everywhere when it is absent.
Result<Dims> readList(const Node& node, std::string_view name, size_t length, int64_t fallback,
                      int64_t smallest)
{
    Dims values = node.intsAttribute(name);
    if (values.empty())
        return Dims(length, fallback);
    if (values.size() != length)
        return shapeError("attribute '" + std::string(name) + "': expected " + std::to_string(length) +
                          " values, found " + std::to_string(values.size()));
    for (const int64_t value : values) {
        if (value < smallest || value > largestSize)
            return shapeError("attribute '" + std::string(name) + "': expected values from " +
                              std::to_string(smallest) + " to 2^31, found " + std::to_string(value));
    }
    return values;
}

Result<AutoPad> readAutoPad(const Node& node)
{
    const std::string name = node.stringAttribute("auto_pad", "NOTSET");
    if (name == "NOTSET" || name.empty())
        return AutoPad::NotSet;
    if (name == "SAME_UPPER")
        return AutoPad::SameUpper;
    if (name == "SAME_LOWER")
        return AutoPad::SameLower;
    if (name == "VALID")
        return AutoPad::Valid;
    return shapeError("attribute 'auto_pad': expected NOTSET, SAME_UPPER, SAME_LOWER or VALID, found " +
                      name);
}

// total shared between both ends; the odd one goes to the end for SAME_UPPER.
void splitPadding(AxisPlacement& placement, int64_t total, bool oddAtEnd)
{
    placement.padBegin = oddAtEnd ? total / 2 : total - total / 2;
    placement.padEnd = total - placement.padBegin;
}

int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

Error tooSmall(size_t axis, int64_t found, int64_t needed)
{
    return shapeError("spatial axis " + std::to_string(axis) + ": the window spans " +
                      std::to_string(needed) + ", the padded input only " + std::to_string(found));
}

} // namespace

Result<Window> readWindow(const Node& node, const Dims& kernel)
{
    const size_t rank = kernel.size();
    Window window;
    TRY_ASSIGN(window.autoPad, readAutoPad(node));
    window.ceilMode = node.intAttribute("ceil_mode", 0) != 0;
    TRY_ASSIGN(const Dims strides, readList(node, "strides", rank, 1, 1));
    TRY_ASSIGN(const Dims dilations, readList(node, "dilations", rank, 1, 1));
    TRY_ASSIGN(const Dims pads, readList(node, "pads", 2 * rank, 0, 0));
    TRY_ASSIGN(const Dims outputPadding, readList(node, "output_padding", rank, 0, 0));
    for (size_t i = 0; i < rank; ++i) {
        if (kernel[i] < 1 || kernel[i] > largestSize || kernel[i] * dilations[i] > (largestSize << 8))
            return shapeError("the window must be from 1 to 2^31 wide, found " + toString(kernel));
        window.axes.push_back(
            {kernel[i], strides[i], dilations[i], pads[i], pads[rank + i], outputPadding[i]});
    }
    Dims outputShape = node.intsAttribute("output_shape");
    if (outputShape.size() == rank + 2) // some exporters write batch and channels too
        outputShape.erase(outputShape.begin(), outputShape.begin() + 2);
    if (!outputShape.empty() && outputShape.size() != rank)
        return shapeError("attribute 'output_shape': expected " + std::to_string(rank) + " values, found " +
                          std::to_string(outputShape.size()));
    for (const int64_t size : outputShape) {
        if (size < 1 || size > largestSize)
            return shapeError("attribute 'output_shape': expected sizes from 1 to 2^31, found " +
                              toString(outputShape));
    }
    window.outputShape = std::move(outputShape);
    return window;
}

Result<AxisPlacement> placeWindow(const Window& window, size_t axis, int64_t input)
{
    const AxisWindow& along = window.axes[axis];
    if (input < 0 || input > (largestSize << 8))
        return shapeError("spatial axis " + std::to_string(axis) + " is too large: " + std::to_string(input));
    AxisPlacement placement;
    if (window.autoPad == AutoPad::SameUpper || window.autoPad == AutoPad::SameLower) {
        placement.output = ceilDiv(input, along.stride);
        const int64_t needed = (placement.output - 1) * along.stride + along.span();
        splitPadding(placement, std::max<int64_t>(0, needed - input), window.autoPad == AutoPad::SameUpper);
        return placement;
    }
    if (window.autoPad == AutoPad::NotSet) {
        placement.padBegin = along.padBegin;
        placement.padEnd = along.padEnd;
    }
    const int64_t padded = input + placement.padBegin + placement.padEnd;
    const int64_t room = padded - along.span();
    if (room < 0)
        return tooSmall(axis, padded, along.span());
    placement.output = (window.ceilMode ? ceilDiv(room, along.stride) : room / along.stride) + 1;
    // A window that would start in the padding at the end sees no input: it is left out.
    if (window.ceilMode && (placement.output - 1) * along.stride >= input + placement.padBegin)
        --placement.output;
    return placement;
}

Result<AxisPlacement> placeTransposed(const Window& window, size_t axis, int64_t input)
{
    const AxisWindow& along = window.axes[axis];
    if (input < 1 || input > largestSize)
        return shapeError("spatial axis " + std::to_string(axis) +
                          ": expected a size from 1 to 2^31, found " + std::to_string(input));
    const int64_t full = along.stride * (input - 1) + along.outputPadding + along.span();
    const bool same = window.autoPad == AutoPad::SameUpper || window.autoPad == AutoPad::SameLower;
    AxisPlacement placement;
    if (!window.outputShape.empty() || same) {
        placement.output =
            same && window.outputShape.empty() ? input * along.stride : window.outputShape[axis];
        // A larger output than the input reaches stays empty at its end.
        splitPadding(placement, std::max<int64_t>(0, full - placement.output),
                     window.autoPad == AutoPad::SameUpper);
        return placement;
    }
    if (window.autoPad == AutoPad::NotSet) {
        placement.padBegin = along.padBegin;
        placement.padEnd = along.padEnd;
    }
    placement.output = full - placement.padBegin - placement.padEnd;
    if (placement.output < 1)
        return shapeError("spatial axis " + std::to_string(axis) + ": pads of " +
                          std::to_string(placement.padBegin) + " and " + std::to_string(placement.padEnd) +
                          " leave nothing of " + std::to_string(full));
    return placement;
}

Result<std::vector<AxisPlacement>> placeAll(const Window& window, const Dims& input,
                                            decltype(placeWindow)* place)
{
    if (input.size() != window.axes.size() + 2)
        return shapeError("expected an input of rank " + std::to_string(window.axes.size() + 2) + ", found " +
                          toString(input));
    std::vector<AxisPlacement> placements(window.axes.size());
    for (size_t i = 0; i < placements.size(); ++i) {
        TRY_ASSIGN(placements[i], place(window, i, input[i + 2]));
    }
    return placements;
}

Result<Dim> placeDim(const Window& window, size_t axis, const Dim& input, decltype(placeWindow)* place)
{
    if (input.known()) {
        TRY_ASSIGN(const AxisPlacement placement, place(window, axis, input.value));
        return Dim(placement.output);
    }
    if (place == placeTransposed && !window.outputShape.empty())
        return Dim(window.outputShape[axis]);
    // Sizes that differ by nothing at two places differ nowhere: the formulas are linear for stride 1.
    const int64_t probe = 2 * window.axes[axis].span();
    const auto placement = place(window, axis, probe);
    const bool keepsSize = window.axes[axis].stride == 1 && placement.ok() && placement->output == probe;
    return keepsSize ? input : Dim();
}

} // namespace lapidary
