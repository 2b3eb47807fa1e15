// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cards/empty_state.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace lapidary {

EmptyState::EmptyState(const QString& icon, QWidget* parent)
    : QWidget(parent),
      m_iconName(icon),
      m_icon(new QLabel(this)),
      m_title(new QLabel(this)),
      m_advice(new QLabel(this))
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_advice->setWordWrap(true);
    m_title->setWordWrap(true);
    m_advice->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : {m_icon, m_title, m_advice})
        label->setAlignment(Qt::AlignCenter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(10);
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addWidget(m_title);
    column->addWidget(m_advice);
    column->addStretch(3);
    refreshIcon();
}

void EmptyState::setTexts(const QString& title, const QString& advice)
{
    m_title->setText(title);
    m_advice->setText(advice);
    setAccessibleName(title);
    setAccessibleDescription(advice);
}

void EmptyState::refreshIcon()
{
    m_icon->setPixmap(
        Theme::instance().icon(m_iconName, Theme::instance().colors().mutedText).pixmap(48, 48));
}

void EmptyState::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        refreshIcon();
    QWidget::changeEvent(event);
}

} // namespace lapidary
