// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/size_fields.h"

#include "ui/cards/flow_layout.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

namespace lapidary {

DimSizes openDims(const Model& model)
{
    DimSizes sizes;
    for (const ValueId id : model.graph.requiredInputs()) {
        const TypeInfo& type = model.graph.value(id).type;
        for (const Dim& dim : type.shape ? *type.shape : Shape()) {
            if (!dim.known() && !dim.symbol.empty())
                sizes[dim.symbol] = 1;
        }
    }
    return sizes;
}

SizeFields::SizeFields(QWidget* parent) : QWidget(parent), m_flow(new FlowLayout(this, 12)) {}

void SizeFields::setSizes(const DimSizes& sizes)
{
    m_sizes = sizes;
    while (QLayoutItem* item = m_flow->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto& [name, size] : sizes) {
        auto* field = new QWidget(this);
        auto* caption = new QLabel(QString::fromStdString(name), field);
        caption->setTextFormat(Qt::PlainText);
        auto* box = new QSpinBox(field);
        box->setRange(1, 1 << 20);
        box->setValue(static_cast<int>(size));
        box->setKeyboardTracking(false);
        box->setAccessibleName(tr("Size of dimension %1").arg(caption->text()));
        caption->setBuddy(box);
        connect(box, &QSpinBox::valueChanged, this, [this, name = name](int value) {
            m_sizes[name] = value;
            emit changed();
        });
        auto* row = new QHBoxLayout(field);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(caption);
        row->addWidget(box);
        m_flow->addWidget(field);
    }
}

} // namespace lapidary
