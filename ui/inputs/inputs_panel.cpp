// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/inputs_panel.h"

#include "ui/cards/error_line.h"
#include "ui/inputs/dimension_row.h"
#include "ui/inputs/dropped_file.h"
#include "ui/inputs/input_card.h"
#include "ui/inputs/run_inputs.h"
#include "ui/inputs/sample_strip.h"

#include <QDragEnterEvent>
#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace lapidary {

InputsPanel::InputsPanel(RunInputs& inputs, QWidget* parent)
    : QScrollArea(parent),
      m_inputs(inputs),
      m_title(new QLabel),
      m_none(makeHint(nullptr)),
      m_folderError(new ErrorLine)
{
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(16, 14, 16, 14);
    m_column->setSpacing(12);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_column->addWidget(m_title);
    m_column->addWidget(new SampleStrip(inputs, content));
    m_column->addWidget(m_folderError);
    m_column->addWidget(new DimensionRow(inputs, content));
    m_column->addWidget(m_none);
    m_column->addStretch(1);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAcceptDrops(true);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);

    connect(&inputs, &RunInputs::rebuilt, this, &InputsPanel::rebuildCards);
    connect(&inputs, &RunInputs::choiceChanged, this, [this](size_t index) { m_cards[index]->showChoice(); });
    connect(&inputs, &RunInputs::previewChanged, this,
            [this](size_t index) { m_cards[index]->showPreview(); });
    connect(&inputs, &RunInputs::dataFolderChanged, this,
            [this] { m_folderError->setError(m_inputs.dataFolderError()); });
    retranslate();
    rebuildCards();
}

void InputsPanel::rebuildCards()
{
    for (InputCard* card : m_cards) {
        card->hide();
        card->deleteLater();
        m_column->removeWidget(card);
    }
    m_cards.clear();
    for (size_t i = 0; i < m_inputs.specs().size(); ++i) {
        m_cards.push_back(new InputCard(m_inputs, i, widget()));
        m_column->insertWidget(m_column->count() - 1, m_cards.back());
    }
    m_none->setVisible(m_cards.empty());
    m_folderError->setError(m_inputs.dataFolderError());
}

void InputsPanel::dragEnterEvent(QDragEnterEvent* event)
{
    if (!droppedDataFolder(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void InputsPanel::dropEvent(QDropEvent* event)
{
    const QString folder = droppedDataFolder(event->mimeData());
    if (folder.isEmpty())
        return;
    event->acceptProposedAction();
    m_inputs.useDataFolder(folder);
}

void InputsPanel::retranslate()
{
    m_title->setText(tr("Inputs"));
    m_none->setText(tr("This model needs no inputs."));
    widget()->setAccessibleName(tr("Inputs of the model"));
}

void InputsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QScrollArea::changeEvent(event);
}

} // namespace lapidary
