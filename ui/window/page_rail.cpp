// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/page_rail.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace lapidary {

namespace {
constexpr int iconExtent = 24;
constexpr int gap = 4;
} // namespace

RailButton::RailButton(const QString& iconName, QWidget* parent)
    : QAbstractButton(parent), m_iconName(iconName)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setFont(scaledFont(font(), 0.88));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize RailButton::sizeHint() const
{
    const int textWidth = fontMetrics().horizontalAdvance(text());
    return {std::max(72, textWidth + 22), 12 + iconExtent + gap + fontMetrics().height() + 10};
}

void RailButton::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = Theme::instance().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = palette().color(QPalette::WindowText);
    ground.setAlphaF(isChecked() ? 0.08f : underMouse() && isEnabled() ? 0.05f : 0.0f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(rect().adjusted(6, 2, -6, -2), 6, 6);
    if (isChecked()) {
        painter.setBrush(colors.accent);
        painter.drawRoundedRect(QRectF(0, 12, 3, height() - 24), 1.5, 1.5);
    }
    // A button also gets the focus when the one that had it is disabled: only keys make it of interest.
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setPen(QPen(colors.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(6.5, 2.5, -6.5, -2.5), 6, 6);
    }

    QColor ink = isChecked() ? palette().color(QPalette::WindowText) : colors.mutedText;
    if (!isEnabled())
        ink.setAlphaF(0.5f);
    const QIcon icon = Theme::instance().icon(m_iconName, ink);
    icon.paint(&painter, QRect((width() - iconExtent) / 2, 12, iconExtent, iconExtent));
    painter.setPen(ink);
    painter.drawText(QRect(0, 12 + iconExtent + gap, width(), fontMetrics().height()), Qt::AlignHCenter,
                     text());
}

bool RailButton::event(QEvent* event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    return QAbstractButton::event(event);
}

PageRail::PageRail(QWidget* parent) : QFrame(parent), m_layout(new QVBoxLayout(this))
{
    // The ground of the window, also in a tool bar, which has another one.
    setBackgroundRole(QPalette::Window);
    setAutoFillBackground(true);
    m_layout->setContentsMargins(0, 6, 1, 6);
    m_layout->setSpacing(2);
    m_layout->addStretch(1);
}

void PageRail::addPage(const QString& iconName)
{
    auto* button = new RailButton(iconName, this);
    const int page = static_cast<int>(m_buttons.size());
    connect(button, &QAbstractButton::clicked, this, [this, page] { emit pageChosen(page); });
    m_layout->insertWidget(page, button);
    m_buttons << button;
}

void PageRail::setPageName(int page, const QString& name, const QString& tooltip)
{
    m_buttons[page]->setText(name);
    m_buttons[page]->setToolTip(tooltip);
    m_buttons[page]->updateGeometry();
}

void PageRail::setCurrent(int page) { m_buttons[page]->setChecked(true); }

void PageRail::setPagesEnabled(bool enabled)
{
    for (RailButton* button : m_buttons)
        button->setEnabled(enabled);
}

void PageRail::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(width() - 1, 0, 1, height(), Theme::instance().colors().border);
}

} // namespace lapidary
