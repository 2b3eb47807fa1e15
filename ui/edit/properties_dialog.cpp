// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/properties_dialog.h"

#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace lapidary {

PropertiesDialog::PropertiesDialog(ModelDocument& document, QWidget* parent)
    : EditDialog(document, tr("Properties of the model"), tr("Change"), parent),
      graphName(new QLineEdit(this)),
      description(new QPlainTextEdit(this)),
      producer(new QLineEdit(this)),
      producerVersion(new QLineEdit(this)),
      domain(new QLineEdit(this)),
      version(new QLineEdit(this)),
      metadata(new QTableWidget(0, 2, this)),
      m_before(propertiesOf(*document.model()))
{
    graphName->setText(QString::fromStdString(m_before.graphName));
    description->setPlainText(QString::fromStdString(m_before.doc));
    description->setTabChangesFocus(true);
    description->setFixedHeight(4 * description->fontMetrics().lineSpacing() + 12);
    producer->setText(QString::fromStdString(m_before.producerName));
    producerVersion->setText(QString::fromStdString(m_before.producerVersion));
    domain->setText(QString::fromStdString(m_before.domain));
    version->setText(QString::number(m_before.modelVersion));
    version->setValidator(new QRegularExpressionValidator(QRegularExpression("-?\\d{1,18}"), version));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("Graph"), graphName);
    form->addRow(tr("Description"), description);
    form->addRow(tr("Producer"), producer);
    form->addRow(tr("Producer's version"), producerVersion);
    form->addRow(tr("Domain"), domain);
    form->addRow(tr("Model's version"), version);
    content()->addLayout(form);

    metadata->setHorizontalHeaderLabels({tr("Key"), tr("Value")});
    metadata->horizontalHeader()->setStretchLastSection(true);
    metadata->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    metadata->setColumnWidth(0, 170);
    metadata->verticalHeader()->hide();
    metadata->setSelectionBehavior(QAbstractItemView::SelectRows);
    metadata->setMinimumHeight(150);
    for (const auto& [key, value] : m_before.metadata) {
        metadata->insertRow(metadata->rowCount());
        fillRow(metadata->rowCount() - 1, QString::fromStdString(key), QString::fromStdString(value));
    }
    auto* caption = new QLabel(tr("Metadata"), this);
    caption->setBuddy(metadata);
    auto* add = new QPushButton(tr("Add"), this);
    auto* remove = new QPushButton(tr("Remove"), this);
    for (QPushButton* one : {add, remove})
        one->setAutoDefault(false);
    remove->setEnabled(false);
    auto* row = new QHBoxLayout;
    row->addWidget(caption, 1);
    row->addWidget(add);
    row->addWidget(remove);
    content()->addLayout(row);
    content()->addWidget(metadata, 1);
    connect(add, &QPushButton::clicked, this, &PropertiesDialog::addEntry);
    connect(remove, &QPushButton::clicked, this, &PropertiesDialog::removeEntry);
    connect(metadata, &QTableWidget::currentCellChanged, remove,
            [remove](int current) { remove->setEnabled(current >= 0); });
    resize(560, 560);
    m_shown = read();
}

void PropertiesDialog::fillRow(int row, const QString& key, const QString& value)
{
    metadata->setItem(row, 0, new QTableWidgetItem(key));
    metadata->setItem(row, 1, new QTableWidgetItem(value));
}

void PropertiesDialog::addEntry()
{
    const int row = metadata->rowCount();
    metadata->insertRow(row);
    fillRow(row, {}, {});
    metadata->setCurrentCell(row, 0);
    metadata->editItem(metadata->item(row, 0));
}

void PropertiesDialog::removeEntry()
{
    if (metadata->currentRow() >= 0)
        metadata->removeRow(metadata->currentRow());
}

// As the fields show it.
ModelProperties PropertiesDialog::read() const
{
    ModelProperties shown;
    shown.graphName = graphName->text().toStdString();
    shown.doc = description->toPlainText().toStdString();
    shown.producerName = producer->text().toStdString();
    shown.producerVersion = producerVersion->text().toStdString();
    shown.domain = domain->text().toStdString();
    shown.modelVersion = version->text().toLongLong();
    for (int row = 0; row < metadata->rowCount(); ++row)
        shown.metadata.emplace_back(metadata->item(row, 0)->text().toStdString(),
                                    metadata->item(row, 1)->text().toStdString());
    return shown;
}

std::optional<EditDialog::Wanted> PropertiesDialog::wanted()
{
    // A field that was left alone keeps what it has to the byte; fields show some bytes otherwise.
    ModelProperties after = m_before;
    const ModelProperties now = read();
    const auto take = [&](auto member) {
        if (now.*member != m_shown.*member)
            after.*member = now.*member;
    };
    for (const auto text :
         {&ModelProperties::graphName, &ModelProperties::doc, &ModelProperties::producerName,
          &ModelProperties::producerVersion, &ModelProperties::domain})
        take(text);
    take(&ModelProperties::modelVersion);
    take(&ModelProperties::metadata);
    if (after == m_before)
        return std::nullopt;
    return Wanted{tr("Change properties"),
                  [after](const Model& model, JobContext&) { return withProperties(model, after); }};
}

} // namespace lapidary
