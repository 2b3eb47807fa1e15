// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: asks what a picture of the graph is to be like; says how large it becomes.
#pragma once

#include "viewers/graph/graph_picture.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace lapidary {

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    // The areas are of the scene. dark: what the window looks like now.
    ExportDialog(const QRectF& whole, const QRectF& view, bool dark, QWidget* parent);

    PictureOptions options() const;
    QString sizeText() const; // what the dialog says of the size

    QComboBox* const format;
    QComboBox* const area;
    QComboBox* const colours;
    QDoubleSpinBox* const scale; // percent
    QPushButton* save = nullptr;

private:
    void showSize();

    QRectF m_whole;
    QRectF m_view;
    QLabel* m_size;
};

} // namespace lapidary
