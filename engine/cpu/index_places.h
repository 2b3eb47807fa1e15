// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: index tensors of Gather, Scatter and their kin as checked offsets into the data. Errors:
// InvalidArgument (an index out of range), ShapeMismatch.
#pragma once

#include "engine/ir/tensor.h"

namespace lapidary {

using Ints = std::vector<int64_t>;

// All indices, those below zero counted from the end of an axis of this size.
Result<Ints> checkedIndices(const Tensor& indices, int64_t size);

// GatherElements, ScatterElements: indices must lie inside data but for the axis.
Status requireInside(const Dims& indices, const Dims& data, int64_t axis);
// For each element of indices, in order: its place in data, with the axis' coordinate replaced.
Ints elementPlaces(const Dims& indexDims, const Dims& dataDims, int64_t axis, const Ints& indices);

// GatherND, ScatterND: index tuples as offsets of blocks in data. The shapes fit gatheredNdShape.
struct TupleOffsets {
    Ints offsets;
    int64_t blockSize = 1;
};

Result<TupleOffsets> tupleOffsets(const Dims& data, const Tensor& indices, int64_t batchDims);

} // namespace lapidary
