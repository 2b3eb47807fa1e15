// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/slice_chooser.h"

#include "ui/cards/flow_layout.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace lapidary {

SliceChooser::SliceChooser(QWidget* parent) : QWidget(parent), m_row(new FlowLayout(this, 8))
{
    m_row->setContentsMargins(0, 0, 0, 0);
}

void SliceChooser::setDims(const Dims& dims)
{
    m_dims = dims;
    const PlaneAxes axes = planeAxes(dims);
    m_rowAxis = axes.row;
    m_columnAxis = axes.column;
    m_position.assign(dims.size(), 0);
    rebuild();
}

TensorPlane SliceChooser::plane() const { return slicePlane(m_dims, m_rowAxis, m_columnAxis, m_position); }

void SliceChooser::addAxis(const QString& caption, int& axis, int& other)
{
    auto* field = new QWidget(this);
    auto* label = new QLabel(caption, field);
    auto* choice = new QComboBox(field);
    for (size_t i = 0; i < m_dims.size(); ++i)
        choice->addItem(tr("%1 (%2 long)", "dimension").arg(i).arg(m_dims[i]), static_cast<int>(i));
    choice->setCurrentIndex(choice->findData(axis));
    choice->setAccessibleName(caption);
    label->setBuddy(choice);
    connect(choice, &QComboBox::activated, this, [this, choice, &axis, &other] {
        const int wanted = choice->currentData().toInt();
        if (wanted == other)
            other = axis; // they change places
        axis = wanted;
        // The field that was used is replaced.
        QMetaObject::invokeMethod(
            this,
            [this] {
                rebuild();
                emit changed();
            },
            Qt::QueuedConnection);
    });
    auto* row = new QHBoxLayout(field);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(label);
    row->addWidget(choice);
    m_row->addWidget(field);
}

void SliceChooser::rebuild()
{
    while (QLayoutItem* item = m_row->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    if (m_rowAxis < 0)
        return;
    addAxis(tr("Rows"), m_rowAxis, m_columnAxis);
    addAxis(tr("Columns"), m_columnAxis, m_rowAxis);
    for (size_t i = 0; i < m_dims.size(); ++i) {
        const int axis = static_cast<int>(i);
        if (axis == m_rowAxis || axis == m_columnAxis || m_dims[i] < 2)
            continue;
        auto* field = new QWidget(this);
        auto* label = new QLabel(tr("Dimension %1").arg(axis), field);
        auto* index = new QSpinBox(field);
        index->setRange(0, static_cast<int>(std::min<int64_t>(m_dims[i] - 1, INT_MAX)));
        index->setWrapping(true);
        index->setValue(static_cast<int>(m_position[i]));
        index->setSuffix(QStringLiteral(" / %1").arg(m_dims[i]));
        index->setAccessibleName(tr("Index along dimension %1").arg(axis));
        label->setBuddy(index);
        connect(index, &QSpinBox::valueChanged, this, [this, i](int value) {
            m_position[i] = value;
            emit changed();
        });
        auto* row = new QHBoxLayout(field);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(label);
        row->addWidget(index);
        m_row->addWidget(field);
    }
}

void SliceChooser::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    QWidget::changeEvent(event);
}

} // namespace lapidary
