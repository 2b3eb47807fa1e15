// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cards/card.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QStyleOptionFocusRect>
#include <QVBoxLayout>

namespace lapidary {

Card::Card(QWidget* parent) : QFrame(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(14, 12, 14, 12);
    m_column->setSpacing(8);
}

void Card::setFrameColour(const QColor& colour)
{
    m_frameColour = colour;
    update();
}

void Card::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool marked = m_frameColour.isValid();
    painter.setPen(QPen(marked ? m_frameColour : Theme::instance().colors().border, marked ? 1.5 : 1.0));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 8, 8);
}

PrimaryButton::PrimaryButton(QWidget* parent) : QPushButton(parent)
{
    setCursor(Qt::PointingHandCursor);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    setFont(bold);
}

QSize PrimaryButton::sizeHint() const
{
    const int iconWidth = icon().isNull() ? 0 : iconSize().width() + 6;
    return {fontMetrics().horizontalAdvance(text()) + iconWidth + 40, fontMetrics().height() + 16};
}

void PrimaryButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::Highlight);
    if (isDown())
        ground = ground.darker(115);
    else if (underMouse() && isEnabled())
        ground = ground.lighter(110);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    const QRectF body = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.drawRoundedRect(body, 6, 6);
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::HighlightedText), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(body.adjusted(2.5, 2.5, -2.5, -2.5), 4, 4);
    }
    const int iconWidth = icon().isNull() ? 0 : iconSize().width() + 6;
    const int textWidth = fontMetrics().horizontalAdvance(text());
    const int left = (width() - iconWidth - textWidth) / 2;
    if (iconWidth > 0)
        icon().paint(&painter, QRect(left, (height() - iconSize().height()) / 2, iconSize().width(),
                                     iconSize().height()));
    painter.setPen(isEnabled() ? palette().color(QPalette::HighlightedText)
                               : Theme::instance().colors().mutedText);
    painter.drawText(QRect(left + iconWidth, 0, textWidth + 2, height()), Qt::AlignVCenter | Qt::AlignLeft,
                     text());
}

void PrimaryButton::enterEvent(QEnterEvent* event)
{
    QPushButton::enterEvent(event);
    update();
}

void PrimaryButton::leaveEvent(QEvent* event)
{
    QPushButton::leaveEvent(event);
    update();
}

MetricTile::MetricTile(QWidget* parent)
    : QWidget(parent), m_value(new QLabel(this)), m_caption(new QLabel(this))
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.45);
    large.setWeight(QFont::DemiBold);
    m_value->setFont(large);
    m_value->setObjectName(QStringLiteral("metricValue"));
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_caption->setForegroundRole(QPalette::PlaceholderText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    column->addWidget(m_value);
    column->addWidget(m_caption);
    setValue(QStringLiteral("–"));
}

void MetricTile::setCaption(const QString& caption)
{
    m_caption->setText(caption);
    updateAccessibleName();
}

void MetricTile::setValue(const QString& value)
{
    m_value->setText(value);
    updateAccessibleName();
}

void MetricTile::updateAccessibleName()
{
    m_value->setAccessibleName(m_caption->text() + QLatin1Char(' ') + m_value->text());
}

void MetricTile::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        update();
    QWidget::changeEvent(event);
}

QLabel* makeHint(QWidget* parent)
{
    auto* hint = new QLabel(parent);
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setWordWrap(true);
    return hint;
}

} // namespace lapidary
