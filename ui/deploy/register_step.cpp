// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/register_step.h"

#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/document/model_document.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QUndoStack>
#include <QVBoxLayout>

namespace lapidary {

RegisterStep::RegisterStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_name(new QLineEdit),
      m_version(new QLineEdit),
      m_description(new QPlainTextEdit),
      m_tags(new QTableWidget(0, 2)),
      m_add(new QPushButton),
      m_remove(new QPushButton),
      m_unsaved(makeHint(nullptr)),
      m_error(new ErrorLine)
{
    m_name->setObjectName(QStringLiteral("modelName"));
    m_version->setObjectName(QStringLiteral("modelVersion"));
    m_tags->setObjectName(QStringLiteral("modelTags"));
    m_description->setFixedHeight(4 * fontMetrics().height());
    m_description->setTabChangesFocus(true);
    m_tags->verticalHeader()->hide();
    m_tags->setShowGrid(false);
    m_tags->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_tags->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_tags->horizontalHeader()->setStretchLastSection(true);
    m_tags->setMinimumHeight(9 * fontMetrics().height());
    auto* tagButtons = new QHBoxLayout;
    tagButtons->setSpacing(8);
    tagButtons->addWidget(m_add);
    tagButtons->addWidget(m_remove);
    tagButtons->addStretch(1);
    auto* tags = new QVBoxLayout;
    tags->setSpacing(6);
    tags->addWidget(m_tags);
    tags->addLayout(tagButtons);
    auto* form = makeForm();
    m_nameCaption = addRow(*form, m_name);
    m_versionCaption = addRow(*form, m_version);
    m_descriptionCaption = addRow(*form, m_description);
    m_tagsCaption = addRow(*form, tags);
    auto* card = new Card;
    card->column()->addLayout(form);
    column()->addWidget(m_unsaved);
    column()->addWidget(card);
    column()->addWidget(m_error);
    column()->addStretch(1);

    connect(m_name, &QLineEdit::textChanged, this, &RegisterStep::apply);
    connect(m_version, &QLineEdit::textChanged, this, &RegisterStep::apply);
    connect(m_description, &QPlainTextEdit::textChanged, this, &RegisterStep::apply);
    connect(m_tags, &QTableWidget::cellChanged, this, &RegisterStep::apply);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addTag({}, {});
        m_tags->setCurrentCell(m_tags->rowCount() - 1, 0);
        m_tags->editItem(m_tags->currentItem());
    });
    connect(m_remove, &QPushButton::clicked, this, &RegisterStep::removeTag);
    retranslate();
}

void RegisterStep::initializePage()
{
    const deploy::Choices& choices = m_draft.choices();
    m_filling = true;
    m_name->setText(QString::fromStdString(choices.modelName));
    m_version->setText(QString::fromStdString(choices.modelVersion));
    m_description->setPlainText(QString::fromStdString(choices.description));
    m_tags->setRowCount(0);
    for (const auto& [name, text] : choices.tags)
        addTag(QString::fromStdString(name), QString::fromStdString(text));
    m_tags->resizeColumnToContents(0);
    m_tags->setColumnWidth(0, std::max(160, m_tags->columnWidth(0) + 16));
    m_filling = false;
    m_unsaved->setVisible(!m_draft.document().edits().isClean());
    apply();
}

void RegisterStep::addTag(const QString& name, const QString& text)
{
    const int row = m_tags->rowCount();
    m_tags->insertRow(row);
    m_tags->setItem(row, 0, new QTableWidgetItem(name));
    m_tags->setItem(row, 1, new QTableWidgetItem(text));
}

void RegisterStep::removeTag()
{
    if (m_tags->currentRow() >= 0)
        m_tags->removeRow(m_tags->currentRow());
    apply();
}

void RegisterStep::apply()
{
    if (m_filling)
        return;
    deploy::Choices choices = m_draft.choices();
    choices.modelName = m_name->text().trimmed().toStdString();
    choices.modelVersion = m_version->text().trimmed().toStdString();
    choices.description = m_description->toPlainText().toStdString();
    choices.tags.clear();
    for (int row = 0; row < m_tags->rowCount(); ++row) {
        const auto text = [&](int cell) {
            const QTableWidgetItem* item = m_tags->item(row, cell);
            return item ? item->text().trimmed().toStdString() : std::string();
        };
        if (!text(0).empty())
            choices.tags[text(0)] = text(1);
    }
    m_draft.setChoices(choices);
    const Status name = deploy::checkModelName(choices.modelName);
    m_error->setError(name.ok() ? std::nullopt : std::optional(name.error()));
    emit completeChanged();
}

bool RegisterStep::isComplete() const { return deploy::checkModelName(m_draft.choices().modelName).ok(); }

void RegisterStep::retranslate()
{
    setTitle(tr("Register the model"));
    m_unsaved->setText(tr("The model has changes that are not saved. What is deployed is the file: %1")
                           .arg(QString::fromStdString(m_draft.choices().modelFile)));
    m_nameCaption->setText(tr("Name"));
    m_versionCaption->setText(tr("Version"));
    m_version->setPlaceholderText(tr("The next one that is free"));
    m_descriptionCaption->setText(tr("Description"));
    m_tagsCaption->setText(tr("Tags"));
    m_tags->setHorizontalHeaderLabels({tr("Name"), tr("Text")});
    m_tags->setAccessibleName(tr("Tags"));
    m_add->setText(tr("Add a tag"));
    m_remove->setText(tr("Remove"));
}

} // namespace lapidary
