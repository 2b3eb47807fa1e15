// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/reload_bar.h"

#include "ui/document/reloader.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace lapidary {

ReloadBar::ReloadBar(Reloader& reloader, QWidget* parent)
    : QFrame(parent),
      m_text(new QLabel(this)),
      m_reload(new QPushButton(this)),
      m_always(new QPushButton(this)),
      m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("reloadBar"));
    m_reload->setObjectName(QStringLiteral("reload"));
    m_close->setAutoRaise(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(18, 6, 10, 6);
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    row->addWidget(m_reload);
    row->addWidget(m_always);
    row->addWidget(m_close);
    connect(m_reload, &QPushButton::clicked, this, &ReloadBar::reloadRequested);
    connect(m_always, &QPushButton::clicked, this, &ReloadBar::alwaysRequested);
    connect(m_close, &QToolButton::clicked, &reloader, &Reloader::decline);
    connect(&reloader, &Reloader::offeredChanged, this,
            [this, &reloader] { setVisible(reloader.isOffered()); });
    connect(&Theme::instance(), &Theme::changed, this, &ReloadBar::updateColors);
    retranslate();
    updateColors();
    hide();
}

void ReloadBar::retranslate()
{
    m_text->setText(tr("The file has changed on disk."));
    m_reload->setText(tr("Reload"));
    m_always->setText(tr("Always reload"));
    m_close->setToolTip(tr("Keep what is shown"));
    m_close->setAccessibleName(tr("Keep what is shown"));
}

void ReloadBar::updateColors()
{
    m_close->setIcon(themedIcon("close"));
    update();
}

void ReloadBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void ReloadBar::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = Theme::instance().colors();
    QPainter painter(this);
    painter.fillRect(rect(), colors.surface);
    painter.fillRect(QRect(0, 0, 4, height()), colors.accent);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colors.border);
}

} // namespace lapidary
