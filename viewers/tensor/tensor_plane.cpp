// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/tensor_plane.h"

#include "viewers/tensor/tensor_table_model.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

int64_t partOf(int64_t cell, int64_t tileCells, int64_t stride, int64_t tileStride)
{
    if (tileCells == 0)
        return cell * stride;
    const int64_t inside = cell % (tileCells + 1);
    return inside == tileCells ? TensorPlane::gap : inside * stride + cell / (tileCells + 1) * tileStride;
}

} // namespace

int64_t TensorPlane::rowPart(int64_t row) const
{
    return partOf(row, tileRows, rowStride, tileRowStride * (tileCount > 0 ? tilesAcross : 1));
}

int64_t TensorPlane::columnPart(int64_t column) const
{
    return partOf(column, tileColumns, columnStride, tileCount > 0 ? tileRowStride : tileColumnStride);
}

int64_t TensorPlane::element(int64_t row, int64_t column) const
{
    if (row < 0 || column < 0 || row >= rows || column >= columns)
        return -1;
    const int64_t down = rowPart(row);
    const int64_t across = columnPart(column);
    const bool exists =
        tileCount == 0 || row / (tileRows + 1) * tilesAcross + column / (tileColumns + 1) < tileCount;
    return down == gap || across == gap || !exists ? -1 : offset + down + across;
}

PlaneAxes planeAxes(const Dims& dims)
{
    const TensorGrid grid = tensorGrid(dims);
    return grid.columnAxis < 0 ? PlaneAxes{-1, grid.rowAxis} : PlaneAxes{grid.rowAxis, grid.columnAxis};
}

TensorPlane slicePlane(const Dims& dims, int rowAxis, int columnAxis, const Dims& position)
{
    const std::vector<int64_t> strides = denseStrides(dims);
    TensorPlane plane;
    for (const int64_t dim : dims) {
        if (dim == 0)
            return plane;
    }
    const auto use = [&](int axis, int64_t& length, int64_t& stride) {
        length = axis < 0 ? 1 : dims[static_cast<size_t>(axis)];
        stride = axis < 0 ? 0 : strides[static_cast<size_t>(axis)];
    };
    use(rowAxis, plane.rows, plane.rowStride);
    use(columnAxis, plane.columns, plane.columnStride);
    for (size_t axis = 0; axis < std::min(dims.size(), position.size()); ++axis) {
        if (static_cast<int>(axis) != rowAxis && static_cast<int>(axis) != columnAxis)
            plane.offset += strides[axis] * std::clamp<int64_t>(position[axis], 0, dims[axis] - 1);
    }
    return plane;
}

bool isKernel(const Dims& dims)
{
    return dims.size() == 4 && dims[0] > 0 && dims[1] > 0 && dims[2] > 0 && dims[3] > 0 &&
           dims[2] * dims[3] > 1 && dims[2] <= 32 && dims[3] <= 32;
}

TensorPlane kernelPlane(const Dims& dims)
{
    TensorPlane plane;
    if (!isKernel(dims))
        return plane;
    const std::vector<int64_t> strides = denseStrides(dims);
    plane.tileRows = dims[2];
    plane.tileColumns = dims[3];
    plane.rowStride = strides[2];
    plane.columnStride = 1;
    plane.tileRowStride = strides[0];
    // There is more width than height: the longer side lies down.
    const bool mapsAcross = dims[0] > dims[1];
    int64_t down = mapsAcross ? dims[1] : dims[0];
    int64_t across = mapsAcross ? dims[0] : dims[1];
    if (dims[1] == 1 || dims[1] == 3) {
        plane.colourStride = dims[1] == 3 ? strides[1] : 0;
        plane.tileCount = dims[0];
        across = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(dims[0]) * 1.6)));
        across = std::clamp<int64_t>(across, 1, dims[0]);
        down = (dims[0] + across - 1) / across;
    } else {
        plane.tileRowStride = strides[mapsAcross ? 1 : 0];
        plane.tileColumnStride = strides[mapsAcross ? 0 : 1];
    }
    plane.tilesAcross = across;
    plane.rows = down * (plane.tileRows + 1) - 1;
    plane.columns = across * (plane.tileColumns + 1) - 1;
    return plane;
}

} // namespace lapidary
