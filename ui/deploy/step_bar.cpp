// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/step_bar.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace lapidary {

namespace {
constexpr int mark = 20;
constexpr int gap = 6;
constexpr int between = 18; // names of two steps
} // namespace

StepBar::StepBar(QWidget* parent) : QWidget(parent)
{
    setFont(scaledFont(font(), 0.92));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StepBar::setNames(const QStringList& names)
{
    m_names = names;
    describe();
    update();
}

void StepBar::setCurrent(int step)
{
    m_current = step;
    describe();
    update();
}

void StepBar::describe()
{
    if (m_current >= 0 && m_current < m_names.size())
        setAccessibleName(
            tr("Step %1 of %2: %3").arg(m_current + 1).arg(m_names.size()).arg(m_names[m_current]));
}

QSize StepBar::sizeHint() const { return {600, mark + 20}; }

// All names where there is room; else only that of the current step.
void StepBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::instance().colors();
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const auto nameWidth = [&](qsizetype i) {
        return QFontMetrics(i == m_current ? bold : font()).horizontalAdvance(m_names[i]);
    };
    int all = 16;
    for (qsizetype i = 0; i < m_names.size(); ++i)
        all += mark + gap + nameWidth(i) + between;
    const bool named = all <= width();
    int x = 16;
    for (qsizetype i = 0; i < m_names.size(); ++i) {
        const bool current = i == m_current;
        const bool passed = i < m_current;
        const QRectF circle(x, (height() - mark) / 2.0, mark, mark);
        painter.setPen(QPen(current || passed ? colors.accent : colors.border, 1.25));
        painter.setBrush(current ? QBrush(colors.accent) : QBrush(Qt::NoBrush));
        painter.drawEllipse(circle);
        painter.setFont(bold);
        painter.setPen(current  ? palette().color(QPalette::HighlightedText)
                       : passed ? colors.accent
                                : colors.mutedText);
        painter.drawText(circle, Qt::AlignCenter, QString::number(i + 1));
        x += mark + gap;
        if (named || current) {
            painter.setFont(current ? bold : font());
            painter.setPen(current ? palette().color(QPalette::WindowText) : colors.mutedText);
            const int wide = nameWidth(i);
            painter.drawText(QRect(x, 0, wide + 2, height()), Qt::AlignVCenter | Qt::AlignLeft, m_names[i]);
            x += wide;
        }
        x += named || current ? between : gap;
    }
    painter.setPen(colors.border);
    painter.drawLine(QPointF(0, height() - 0.5), QPointF(width(), height() - 0.5));
}

} // namespace lapidary
