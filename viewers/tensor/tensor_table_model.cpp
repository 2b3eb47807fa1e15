// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/tensor_table_model.h"

#include "viewers/tensor/element_text.h"

#include <algorithm>

namespace lapidary {

TensorGrid tensorGrid(const Dims& dims)
{
    TensorGrid grid;
    std::vector<int> longAxes;
    for (int axis = 0; axis < static_cast<int>(dims.size()); ++axis) {
        if (dims[static_cast<size_t>(axis)] != 1)
            longAxes.push_back(axis);
    }
    if (!longAxes.empty()) {
        grid.rowAxis = longAxes.back();
        longAxes.pop_back();
    }
    if (!longAxes.empty()) {
        grid.columnAxis = std::exchange(grid.rowAxis, longAxes.back());
        longAxes.pop_back();
    }
    grid.sliceAxes = std::move(longAxes);
    return grid;
}

void TensorTableModel::setTensor(Tensor tensor)
{
    beginResetModel();
    m_tensor = std::move(tensor);
    const Dims& dims = m_tensor.dims();
    m_grid = tensorGrid(dims);
    m_strides = denseStrides(dims);
    m_position.assign(dims.size(), 0);
    m_offset = 0;
    endResetModel();
}

void TensorTableModel::setSlice(int axis, int64_t index)
{
    const bool isSliceAxis = std::ranges::count(m_grid.sliceAxes, axis) == 1;
    if (!isSliceAxis || index < 0 || index >= lengthOf(axis))
        return;
    int64_t& position = m_position[static_cast<size_t>(axis)];
    m_offset += (index - position) * strideOf(axis);
    position = index;
    if (rowCount() > 0 && columnCount() > 0)
        emit dataChanged(this->index(0, 0), this->index(rowCount() - 1, columnCount() - 1),
                         {Qt::DisplayRole});
}

bool TensorTableModel::isCut() const
{
    return lengthOf(m_grid.rowAxis) > maxRows || lengthOf(m_grid.columnAxis) > maxColumns;
}

int64_t TensorTableModel::lengthOf(int axis) const
{
    return axis < 0 ? 1 : m_tensor.dims()[static_cast<size_t>(axis)];
}

int TensorTableModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || m_tensor.count() == 0)
        return 0;
    return static_cast<int>(std::min<int64_t>(lengthOf(m_grid.rowAxis), maxRows));
}

int TensorTableModel::columnCount(const QModelIndex& parent) const
{
    if (parent.isValid() || m_tensor.count() == 0)
        return 0;
    return static_cast<int>(std::min<int64_t>(lengthOf(m_grid.columnAxis), maxColumns));
}

QVariant TensorTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const int64_t element =
        m_offset + index.row() * strideOf(m_grid.rowAxis) + index.column() * strideOf(m_grid.columnAxis);
    return elementText(m_tensor, element);
}

QVariant TensorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Horizontal && m_grid.columnAxis < 0)
        return tr("Value");
    return section;
}

} // namespace lapidary
