// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two dimensions of a tensor as a grid, without copying it. The other dimensions are held
// at an index each.
#pragma once

#include "engine/ir/tensor.h"

#include <QAbstractTableModel>

namespace lapidary {

// Which dimensions are rows and columns; -1: there is one row or one column.
struct TensorGrid {
    int rowAxis = -1;
    int columnAxis = -1;
    std::vector<int> sliceAxes; // the others longer than 1
};

// The last two dimensions longer than 1; a single one becomes rows: [1, 1000, 1, 1] is a list.
TensorGrid tensorGrid(const Dims& dims);

class TensorTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    // Sizes that a table view still scrolls and resizes at once.
    static constexpr int maxRows = 100'000;
    static constexpr int maxColumns = 4'096;

    using QAbstractTableModel::QAbstractTableModel;

    void setTensor(Tensor tensor);
    const Tensor& tensor() const { return m_tensor; }
    const TensorGrid& grid() const { return m_grid; }
    // Index along one of grid().sliceAxes.
    void setSlice(int axis, int64_t index);
    // The grid is larger than what is shown.
    bool isCut() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    int64_t lengthOf(int axis) const;
    int64_t strideOf(int axis) const { return axis < 0 ? 0 : m_strides[static_cast<size_t>(axis)]; }

    Tensor m_tensor;
    TensorGrid m_grid;
    std::vector<int64_t> m_strides;  // in elements
    std::vector<int64_t> m_position; // index along each axis, 0 for rows and columns
    int64_t m_offset = 0;            // of the first element of the slice
};

} // namespace lapidary
