// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/step_page.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace lapidary {

StepPage::StepPage(QWidget* parent) : QWizardPage(parent)
{
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(9, 4, 9, 12);
    m_column->setSpacing(10);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The ground of the window, not of a list.
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

void StepPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        retranslate();
    QWizardPage::changeEvent(event);
}

QLabel* makeTitle()
{
    auto* title = new QLabel;
    title->setFont(scaledFont(title->font(), 1.0, QFont::DemiBold));
    return title;
}

QPlainTextEdit* makeLog()
{
    auto* log = new QPlainTextEdit;
    log->setReadOnly(true);
    log->setFrameShape(QFrame::NoFrame);
    log->setFont(monospaceFont(log->font()));
    log->setLineWrapMode(QPlainTextEdit::NoWrap);
    return log;
}

QFormLayout* makeForm()
{
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(14);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    return form;
}

QLabel* addRow(QFormLayout& form, QWidget* field)
{
    auto* label = new QLabel;
    label->setBuddy(field);
    form.addRow(label, field);
    return label;
}

QLabel* addRow(QFormLayout& form, QLayout* field)
{
    auto* label = new QLabel;
    form.addRow(label, field);
    return label;
}

} // namespace lapidary
