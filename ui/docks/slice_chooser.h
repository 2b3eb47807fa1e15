// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which two dimensions of a tensor are rows and columns, and where the others stand.
#pragma once

#include "viewers/tensor/tensor_plane.h"

#include <QWidget>

namespace lapidary {

class FlowLayout;

class SliceChooser : public QWidget {
    Q_OBJECT
public:
    explicit SliceChooser(QWidget* parent = nullptr);

    // The last two long dimensions at first.
    void setDims(const Dims& dims);
    bool hasChoice() const { return m_rowAxis >= 0; }
    TensorPlane plane() const; // what is chosen

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void addAxis(const QString& caption, int& axis, int& other);

    FlowLayout* m_row;
    Dims m_dims;
    int m_rowAxis = -1;
    int m_columnAxis = -1;
    Dims m_position;
};

} // namespace lapidary
