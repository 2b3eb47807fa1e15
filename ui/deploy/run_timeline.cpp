// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/run_timeline.h"

#include "ui/errors/engine_texts.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QEvent>
#include <QPainter>

namespace lapidary {

namespace {

constexpr int markExtent = 16;
constexpr int left = 4;

void paintMark(QPainter& painter, const QRectF& place, deploy::StepState state)
{
    const ThemeColors& colors = Theme::instance().colors();
    switch (state) {
    case deploy::StepState::Waiting:
        painter.setPen(QPen(colors.border, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(place.adjusted(2, 2, -2, -2));
        return;
    case deploy::StepState::Running:
        painter.setPen(QPen(colors.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(place.adjusted(2, 2, -2, -2));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.accent);
        painter.drawEllipse(place.adjusted(5.5, 5.5, -5.5, -5.5));
        return;
    case deploy::StepState::Done:
        Theme::instance().icon(QStringLiteral("success"), colors.good).paint(&painter, place.toRect());
        return;
    case deploy::StepState::Failed:
        Theme::instance().icon(QStringLiteral("error"), colors.error).paint(&painter, place.toRect());
        return;
    }
}

} // namespace

RunTimeline::RunTimeline(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("timeline"));
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, qOverload<>(&QWidget::update));
}

void RunTimeline::setRun(const deploy::DeployRun& run)
{
    m_rows.clear();
    bool working = false;
    for (size_t i = 0; i < run.steps.size(); ++i) {
        const deploy::StepRecord& record = run.steps[i];
        m_rows.push_back({inUsersLanguage(run.plan.steps[i].title), record.state,
                          QString::fromStdString(record.startedAt),
                          QString::fromStdString(record.finishedAt)});
        working = working || record.state == deploy::StepState::Running;
    }
    if (working)
        m_tick.start();
    else
        m_tick.stop();
    describe();
    updateGeometry();
    update();
}

int RunTimeline::rowHeight() const { return fontMetrics().height() + 14; }

QSize RunTimeline::sizeHint() const { return {280, static_cast<int>(m_rows.size()) * rowHeight() + 8}; }

QString RunTimeline::timeText(const Row& row) const
{
    const QDateTime start = QDateTime::fromString(row.startedAt, Qt::ISODateWithMs);
    if (!start.isValid())
        return {};
    const QDateTime end = row.state == deploy::StepState::Running
                              ? QDateTime::currentDateTimeUtc()
                              : QDateTime::fromString(row.finishedAt, Qt::ISODateWithMs);
    if (!end.isValid())
        return {};
    const qint64 ms = std::max<qint64>(0, start.msecsTo(end));
    if (ms >= 60'000)
        return tr("%1 min %2 s").arg(ms / 60'000).arg(ms / 1000 % 60);
    return durationText(static_cast<double>(ms));
}

void RunTimeline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::instance().colors();
    const int height = rowHeight();
    const int middle = left + markExtent / 2;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        const int top = 4 + static_cast<int>(i) * height;
        const QRectF mark(left, top + (height - markExtent) / 2.0, markExtent, markExtent);
        if (i + 1 < m_rows.size()) {
            painter.setPen(QPen(colors.border, 1.5));
            painter.drawLine(QPointF(middle, mark.bottom() + 2),
                             QPointF(middle, top + height + (height - markExtent) / 2.0 - 2));
        }
        paintMark(painter, mark, row.state);
        const QString time = timeText(row);
        const int timeWidth = time.isEmpty() ? 0 : fontMetrics().horizontalAdvance(time) + 10;
        const int textLeft = left + markExtent + 10;
        const bool quiet = row.state == deploy::StepState::Waiting;
        painter.setPen(quiet ? colors.mutedText : palette().color(QPalette::WindowText));
        QFont font = this->font();
        font.setWeight(row.state == deploy::StepState::Running ? QFont::DemiBold : QFont::Normal);
        painter.setFont(font);
        const QRect textPlace(textLeft, top, width() - textLeft - timeWidth, height);
        painter.drawText(textPlace, Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(font).elidedText(row.title, Qt::ElideRight, textPlace.width()));
        painter.setFont(this->font());
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(width() - timeWidth, top, timeWidth, height),
                         Qt::AlignVCenter | Qt::AlignRight, time);
    }
}

// For people who do not see the marks.
void RunTimeline::describe()
{
    QStringList lines;
    for (const Row& row : m_rows) {
        const QString state = row.state == deploy::StepState::Done      ? tr("done")
                              : row.state == deploy::StepState::Failed  ? tr("failed")
                              : row.state == deploy::StepState::Running ? tr("under way")
                                                                        : tr("waiting");
        lines << tr("%1: %2").arg(row.title, state);
    }
    setAccessibleName(tr("Steps of the deployment"));
    setAccessibleDescription(lines.join(QLatin1Char('\n')));
    setToolTip(lines.join(QLatin1Char('\n')));
}

void RunTimeline::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        describe();
    QWidget::changeEvent(event);
}

} // namespace lapidary
