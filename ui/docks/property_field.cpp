// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/property_field.h"

#include "ui/theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QTextLayout>

namespace lapidary {

namespace {
constexpr int marginX = 8;
constexpr int marginY = 4;
constexpr int arrowWidth = 16;
constexpr int foldedLines = 4;
constexpr qreal radius = 4;
} // namespace

PropertyField::PropertyField(const QString& text, QWidget* parent) : QWidget(parent), m_text(text)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAttribute(Qt::WA_Hover);
    describe();
}

void PropertyField::setText(const QString& text)
{
    m_text = text;
    describe();
    updateGeometry();
    update();
}

void PropertyField::setDetail(const QString& detail, DetailPlace place)
{
    m_detail = detail;
    m_detailPlace = place;
    describe();
    updateGeometry();
    update();
}

void PropertyField::setQuiet(bool quiet)
{
    m_quiet = quiet;
    update();
}

void PropertyField::setLink(bool link)
{
    m_link = link;
    setFocusPolicy(link ? Qt::TabFocus : Qt::NoFocus);
    setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void PropertyField::describe()
{
    setAccessibleName(m_text);
    setAccessibleDescription(m_detail);
}

QRect PropertyField::textArea(int width) const
{
    return QRect(marginX, marginY, std::max(20, width - 2 * marginX - (m_link ? arrowWidth : 0)), height());
}

QFont PropertyField::detailFont() const { return scaledFont(font(), 0.92); }

bool PropertyField::detailFitsBeside(int textWidth) const
{
    constexpr int gap = 16;
    return m_detailPlace == Beside && !m_text.contains(QLatin1Char('\n')) &&
           fontMetrics().horizontalAdvance(m_text) + gap +
                   QFontMetrics(detailFont()).horizontalAdvance(m_detail) <=
               textWidth;
}

int PropertyField::layoutText(QTextLayout& layout, int width) const
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.setCacheEnabled(true);
    layout.beginLayout();
    qreal height = 0;
    m_cut = false;
    for (int lines = 0;; ++lines) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        if (!m_expanded && lines == foldedLines) {
            line.setPosition({0, -10000}); // made to know that there is more; not shown
            m_cut = true;
            break;
        }
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    return qCeil(height);
}

int PropertyField::heightForWidth(int width) const
{
    const int textWidth = textArea(width).width();
    QTextLayout layout(m_text.isEmpty() ? QStringLiteral(" ") : m_text, font());
    int height = layoutText(layout, textWidth) + 2 * marginY;
    if (!m_detail.isEmpty() && !detailFitsBeside(textWidth)) {
        QTextLayout detail(m_detail, detailFont());
        const bool cut = m_cut;
        height += layoutText(detail, textWidth) + 1;
        m_cut = m_cut || cut;
    }
    return height;
}

QSize PropertyField::sizeHint() const { return {200, heightForWidth(std::max(width(), 120))}; }

QSize PropertyField::minimumSizeHint() const { return {60, fontMetrics().height() + 2 * marginY}; }

void PropertyField::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = Theme::instance().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool lit = m_link && (underMouse() || hasFocus());
    painter.setPen(lit ? QPen(colors.accent, 1) : QPen(colors.border, 1));
    painter.setBrush(colors.field);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);

    const QRect area = textArea(width());
    QTextLayout text(m_text, font());
    const int textHeight = layoutText(text, area.width());
    const bool textCut = m_cut;
    painter.setPen(m_quiet ? colors.mutedText : palette().color(QPalette::Text));
    text.draw(&painter, area.topLeft());
    if (detailFitsBeside(area.width())) {
        painter.setPen(colors.mutedText);
        painter.setFont(detailFont());
        painter.drawText(QRect(area.left(), marginY, area.width(), textHeight),
                         Qt::AlignRight | Qt::AlignVCenter, m_detail);
        painter.setFont(font());
    } else if (!m_detail.isEmpty()) {
        QTextLayout detail(m_detail, detailFont());
        layoutText(detail, area.width());
        painter.setPen(colors.mutedText);
        detail.draw(&painter, area.topLeft() + QPoint(0, textHeight + 1));
    }
    m_cut = m_cut || textCut;
    painter.setPen(colors.mutedText);
    if (m_cut)
        painter.drawText(rect().adjusted(0, 0, -marginX, -2), Qt::AlignRight | Qt::AlignBottom,
                         QStringLiteral("…"));
    if (m_link) {
        const QPointF tip(width() - marginX - 1, height() / 2.0);
        painter.setPen(QPen(lit ? colors.accent : colors.mutedText, 1.5, Qt::SolidLine, Qt::RoundCap));
        painter.drawPolyline(QPolygonF({tip + QPointF(-4, -4), tip, tip + QPointF(-4, 4)}));
    }
}

void PropertyField::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !rect().contains(event->position().toPoint()))
        return;
    if (m_link) {
        emit activated();
    } else if (m_cut || m_expanded) {
        m_expanded = !m_expanded;
        updateGeometry();
        update();
    }
}

void PropertyField::keyPressEvent(QKeyEvent* event)
{
    const bool press =
        event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (m_link && press)
        emit activated();
    else if (event->matches(QKeySequence::Copy))
        copy();
    else
        QWidget::keyPressEvent(event);
}

void PropertyField::copy() const { QGuiApplication::clipboard()->setText(m_text); }

void PropertyField::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy"), this, &PropertyField::copy);
    menu.exec(event->globalPos());
}

bool PropertyField::event(QEvent* event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    return QWidget::event(event);
}

} // namespace lapidary
