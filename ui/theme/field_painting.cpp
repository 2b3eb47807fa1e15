// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/field_painting.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>

namespace lapidary {

namespace {

constexpr qreal fieldRadius = 4;

// A little more than the hairline between panels: a field is something to act on.
QColor frameColour(const QStyleOption& option)
{
    if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Enabled))
        return Theme::instance().colors().accent;
    QColor colour = Theme::instance().colors().mutedText;
    colour.setAlphaF(option.state & QStyle::State_Enabled ? 0.45F : 0.25F);
    return colour;
}

void drawTick(const QRectF& box, QPainter& painter, bool partly)
{
    painter.setPen(QPen(Qt::white, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto at = [&box](qreal x, qreal y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    if (partly)
        painter.drawLine(at(0.28, 0.5), at(0.72, 0.5));
    else
        painter.drawPolyline(QPolygonF{at(0.24, 0.52), at(0.43, 0.72), at(0.77, 0.30)});
}

} // namespace

void drawFieldFrame(const QStyleOption& option, QPainter& painter)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(frameColour(option), option.state & QStyle::State_HasFocus ? 1.5 : 1));
    painter.setBrush(option.palette.color(QPalette::Base));
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.75, 0.75, -0.75, -0.75), fieldRadius, fieldRadius);
    painter.restore();
}

void drawCheckBox(const QStyleOption& option, QPainter& painter)
{
    const bool on = option.state & QStyle::State_On;
    const bool partly = option.state & QStyle::State_NoChange;
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(option.state & QStyle::State_Enabled ? 1 : 0.5);
    painter.setPen(QPen(frameColour(option), 1));
    painter.setBrush(option.palette.color(on || partly ? QPalette::Highlight : QPalette::Base));
    painter.drawRoundedRect(box, 3, 3);
    if (on || partly)
        drawTick(box, painter, partly);
    painter.restore();
}

void drawRadioButton(const QStyleOption& option, QPainter& painter)
{
    const bool on = option.state & QStyle::State_On;
    const QRectF circle = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(option.state & QStyle::State_Enabled ? 1 : 0.5);
    painter.setPen(QPen(frameColour(option), 1));
    painter.setBrush(option.palette.color(on ? QPalette::Highlight : QPalette::Base));
    painter.drawEllipse(circle);
    if (on) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(option.palette.color(QPalette::HighlightedText));
        const double ring = circle.width() * 0.32;
        painter.drawEllipse(circle.adjusted(ring, ring, -ring, -ring));
    }
    painter.restore();
}

void drawSpinBox(const QStyleOptionSpinBox& option, QPainter& painter, const QWidget* widget,
                 const QStyle& style)
{
    if (option.frame)
        drawFieldFrame(option, painter);
    else
        painter.fillRect(option.rect, option.palette.base());
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    for (const auto part : {QStyle::SC_SpinBoxUp, QStyle::SC_SpinBoxDown}) {
        const bool isUp = part == QStyle::SC_SpinBoxUp;
        QStyleOption arrow = option;
        arrow.rect = style.subControlRect(QStyle::CC_SpinBox, &option, part, widget);
        if ((option.activeSubControls & part) &&
            (option.state & (QStyle::State_MouseOver | QStyle::State_Sunken))) {
            QColor ground = option.palette.color(QPalette::Text);
            ground.setAlphaF(option.state & QStyle::State_Sunken ? 0.16F : 0.08F);
            painter.fillRect(arrow.rect.adjusted(1, isUp ? 2 : 0, -2, isUp ? 0 : -2), ground);
        }
        const auto step = isUp ? QAbstractSpinBox::StepUpEnabled : QAbstractSpinBox::StepDownEnabled;
        arrow.state.setFlag(QStyle::State_Enabled,
                            (option.state & QStyle::State_Enabled) && (option.stepEnabled & step));
        const QRect cell = arrow.rect;
        arrow.rect = QRect(0, 0, 10, 10);
        arrow.rect.moveCenter(cell.center());
        style.drawPrimitive(isUp ? QStyle::PE_IndicatorArrowUp : QStyle::PE_IndicatorArrowDown, &arrow,
                            &painter, widget);
    }
}

void drawHeaderSection(const QStyleOption& option, bool horizontal, QPainter& painter)
{
    const QColor line = Theme::instance().colors().border;
    const QRect& area = option.rect;
    painter.fillRect(area, option.palette.color(QPalette::Base));
    if (horizontal)
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), line);
    else
        painter.fillRect(QRect(area.right(), area.top(), 1, area.height()), line);
}

} // namespace lapidary
