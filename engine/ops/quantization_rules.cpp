// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/quantization_rules.h"

#include "engine/ops/axis.h"

namespace lapidary {

namespace {

// The shape that a blocked scale must have.
Dims blockedDims(Dims x, int64_t axis, int64_t blockSize)
{
    int64_t& size = x[static_cast<size_t>(axis)];
    size = size / blockSize + (size % blockSize != 0 ? 1 : 0);
    return x;
}

Error wrongScale(const Dims& expected, const Dims& found, const Dims& x)
{
    return makeError(ErrorCode::ShapeMismatch, "scale: expected " + toString(expected) + " for input " +
                                                   toString(x) + ", found " + toString(found));
}

} // namespace

ScaleAxis scaleAxisOf(const Node& node)
{
    return {node.intAttribute("axis", 1), node.intAttribute("block_size", 0)};
}

Result<ScaleLayout> scaleLayout(const Dims& x, const Dims& scale, const ScaleAxis& along)
{
    ScaleLayout layout;
    if (elementCount(scale) == 1) {
        layout.inner = elementCount(x).value_or(0);
        return layout;
    }
    if (along.blockSize < 0)
        return makeError(ErrorCode::ShapeMismatch, "attribute 'block_size': expected 0 or more, found " +
                                                       std::to_string(along.blockSize));
    const auto rank = static_cast<int64_t>(x.size());
    // ONNX calls the axis of a vector unnecessary, though its default, 1, is outside of it.
    int64_t axis = 0;
    if (rank != 1) {
        TRY_ASSIGN(axis, normalizeAxis(along.axis, rank));
    }
    for (int64_t i = 0; i < rank; ++i) {
        const int64_t size = x[static_cast<size_t>(i)];
        (i < axis ? layout.outer : i == axis ? layout.size : layout.inner) *= size;
    }
    if (along.blockSize == 0) {
        if (scale != Dims{layout.size})
            return wrongScale({layout.size}, scale, x);
        layout.blockStep = 1;
        return layout;
    }
    const Dims expected = blockedDims(x, axis, along.blockSize);
    if (scale != expected)
        return wrongScale(expected, scale, x);
    layout.block = along.blockSize;
    layout.blockStep = layout.inner;
    layout.outerStep = layout.inner * expected[static_cast<size_t>(axis)];
    layout.innerStep = 1;
    return layout;
}

} // namespace lapidary
