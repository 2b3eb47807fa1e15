// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor laid out on a plane of cells, and the picture of a part of it. Nothing is copied:
// a picture reads the elements that it shows and no others, so a weight of gigabytes draws at once.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/tensor.h"

#include <QImage>
#include <QRectF>

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

    bool empty() const { return rows == 0 || columns == 0; }
    // Index of the cell's element; -1 for a gap or a place outside.
    int64_t element(int64_t row, int64_t column) const;
};

// The dimensions at rowAxis and columnAxis (-1: none), the others at position.
TensorPlane slicePlane(const Dims& dims, int rowAxis, int columnAxis, const Dims& position);

// Convolution kernels [M, C, kH, kW] as tiles: maps by channels, the longer side across; maps alone, in a
// square, when there is one channel, or three (as colours).
TensorPlane kernelPlane(const Dims& dims);
// Tiles of these dimensions are worth looking at.
bool isKernel(const Dims& dims);

// What the ends of the colours stand for. A few outliers do not count: the size that all but one in
// 500 elements stay below, from a sample. 0 when all are zero. Any thread, a few milliseconds.
double colourLimit(const Tensor& tensor);

struct PlanePicture {
    QImage image;
    QRectF cells; // what it shows: x and width are columns, y and height rows
};

// cells: the part wanted, widened to whole cells; mostPixels: of the widget. One pixel a cell, or, where
// there are more cells than pixels, the largest in size of up to nine cells of each pixel, so that what
// stands out is not averaged away. NaN is magenta.
// Errors: Cancelled.
Result<PlanePicture> planePicture(const Tensor& tensor, const TensorPlane& plane, const QRectF& cells,
                                  QSize mostPixels, double limit, bool dark, const JobContext& job);

} // namespace lapidary
