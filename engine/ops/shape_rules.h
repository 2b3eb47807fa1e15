// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the arithmetic of output shapes for operators that rearrange elements. Inference calls these
// with shapes that may be symbolic, kernels with known ones. Errors: ShapeMismatch, InvalidArgument.
// Source: ONNX docs/Operators.md, the operator of the name.
#pragma once

#include "engine/base/result.h"
#include "engine/ops/op_def.h"

namespace lapidary {

// Reshape: target holds sizes; 0 copies the input's dimension (unless allowZero), -1 is what remains.
Result<Shape> reshapedShape(const Shape& input, const std::vector<SymbolicInt>& target, bool allowZero);
Result<Dims> reshapedDims(const Dims& input, const std::vector<int64_t>& target, bool allowZero);

// Flatten: two dimensions, the products before and from the axis in [-rank, rank].
Result<Shape> flattenedShape(const Shape& input, int64_t axis);

// Squeeze: axes nullopt removes every dimension that is 1; nullopt when that is not known.
Result<std::optional<Shape>> squeezedShape(const Shape& input,
                                           const std::optional<std::vector<int64_t>>& axes);
// Unsqueeze: axes count in the result.
Result<Shape> unsqueezedShape(const Shape& input, const std::vector<int64_t>& axes);

// Transpose: an empty permutation reverses the axes.
Result<std::vector<int64_t>> checkedPermutation(std::vector<int64_t> permutation, int64_t rank);

// Concat: inputs agree but along axis. Legacy empty 1-D inputs are no exception.
Result<Shape> concatenatedShape(std::span<const Shape> inputs, int64_t axis);

// Split: sizes of the parts of a dimension. sizes empty: `parts` equal ones, the last smaller.
Result<std::vector<int64_t>> splitSizes(int64_t size, const std::vector<int64_t>& sizes, int64_t parts);

// Tile: repeats has one entry for each axis.
Result<Shape> tiledShape(const Shape& input, const std::vector<int64_t>& repeats);

// DepthToSpace and SpaceToDepth: [N, C, H, W].
Result<Shape> depthToSpaceShape(const Shape& input, int64_t blockSize);
Result<Shape> spaceToDepthShape(const Shape& input, int64_t blockSize);

// Range: how many numbers lie in [start, limit) in steps of delta.
Result<int64_t> rangeCount(double start, double limit, double delta);

} // namespace lapidary
