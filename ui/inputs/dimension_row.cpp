// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/dimension_row.h"

#include "ui/cards/flow_layout.h"
#include "ui/inputs/run_inputs.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

namespace lapidary {

DimensionRow::DimensionRow(RunInputs& inputs, QWidget* parent)
    : QWidget(parent),
      m_inputs(inputs),
      m_title(new QLabel(this)),
      m_items(new QWidget(this)),
      m_flow(new FlowLayout(m_items, 12))
{
    m_title->setForegroundRole(QPalette::PlaceholderText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_title);
    column->addWidget(m_items);
    connect(&inputs, &RunInputs::rebuilt, this, &DimensionRow::rebuild);
    rebuild();
}

void DimensionRow::rebuild()
{
    while (QLayoutItem* item = m_flow->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    m_title->setText(tr("Open dimensions"));
    m_title->setToolTip(tr("Sizes of values that are made up. A file brings its own."));
    const std::vector<std::string> keys = m_inputs.freeDims();
    for (const std::string& key : keys) {
        auto* field = new QWidget(m_items);
        auto* caption = new QLabel(QString::fromStdString(key), field);
        auto* size = new QSpinBox(field);
        const bool automatic = m_inputs.isAutomaticDim(key);
        size->setRange(automatic ? 0 : 1, 1 << 20);
        if (automatic)
            size->setSpecialValueText(tr("Auto"));
        size->setToolTip(automatic ? tr("Auto: the size of the picture, otherwise 1") : QString());
        size->setValue(static_cast<int>(m_inputs.dimSize(key)));
        size->setAccessibleName(tr("Size of dimension %1").arg(caption->text()));
        size->setKeyboardTracking(false);
        caption->setBuddy(size);
        connect(size, &QSpinBox::valueChanged, this,
                [this, key](int value) { m_inputs.setDimSize(key, value); });
        auto* row = new QHBoxLayout(field);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(6);
        row->addWidget(caption);
        row->addWidget(size);
        m_flow->addWidget(field);
    }
    setVisible(!keys.empty());
}

void DimensionRow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    QWidget::changeEvent(event);
}

} // namespace lapidary
