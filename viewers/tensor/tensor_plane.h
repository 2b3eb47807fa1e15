// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor laid out on a plane of cells: where each cell's element is. Pure data.
#pragma once

#include "engine/ir/shape.h"

namespace lapidary {

// Cells in rows and columns. Either a slice of two dimensions, or kernels as tiles with a gap of one
// cell between them.
struct TensorPlane {
    int64_t rows = 0;
    int64_t columns = 0;
    // Tiles: each tileRows × tileColumns cells, the gap apart; 0: a plain slice. tilesAcross tiles make
    // a row of tiles when they are counted through (tileStride), else rows and columns have strides.
    int64_t tileRows = 0;
    int64_t tileColumns = 0;
    int64_t tilesAcross = 0;
    int64_t tileCount = 0; // counted through; 0: tiles by row and column
    int64_t offset = 0;    // of the first element
    int64_t rowStride = 0; // of cells in a tile, or of the slice
    int64_t columnStride = 0;
    int64_t tileRowStride = 0; // from tile to tile; counted through: of all tiles
    int64_t tileColumnStride = 0;
    int64_t colourStride = 0; // not 0: three elements make one coloured cell

    // An element is at offset + the row's part + the column's part, in slices and tiles alike; gap: none.
    static constexpr int64_t gap = -1;
    int64_t rowPart(int64_t row) const;
    int64_t columnPart(int64_t column) const;

    bool empty() const { return rows == 0 || columns == 0; }
    // Index of the cell's element; -1 for a gap or a place outside.
    int64_t element(int64_t row, int64_t column) const;
};

// The last two dimensions longer than 1; a single one lies down: there is more width than height. -1: none.
struct PlaneAxes {
    int row = -1;
    int column = -1;
};
PlaneAxes planeAxes(const Dims& dims);
// The dimensions at rowAxis and columnAxis (-1: none), the others at position.
TensorPlane slicePlane(const Dims& dims, int rowAxis, int columnAxis, const Dims& position);

// Convolution kernels [M, C, kH, kW] as tiles: maps by channels, the longer side across; maps alone, in a
// square, when there is one channel, or three (as colours).
TensorPlane kernelPlane(const Dims& dims);
// Tiles of these dimensions are worth looking at.
bool isKernel(const Dims& dims);

} // namespace lapidary
