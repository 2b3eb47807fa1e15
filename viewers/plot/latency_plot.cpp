// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/latency_plot.h"

#include "engine/benchmark/benchmark.h"
#include "viewers/plot/plot_theme.h"

#include <QEvent>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include <algorithm>

namespace lapidary {

namespace {

QCPItemText* makeLabel(QCustomPlot* plot, Qt::Alignment alignment)
{
    auto* text = new QCPItemText(plot);
    text->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    text->position->setTypeY(QCPItemPosition::ptPlotCoords);
    text->setPositionAlignment(alignment);
    text->setPadding(QMargins(6, 2, 2, 2));
    text->setClipToAxisRect(false);
    return text;
}

} // namespace

LatencyPlot::LatencyPlot(QWidget* parent)
    : QWidget(parent),
      m_plot(new QCustomPlot(this)),
      m_points(m_plot->addGraph()),
      m_band(new QCPItemRect(m_plot)),
      m_median(new QCPItemStraightLine(m_plot)),
      m_medianText(makeLabel(m_plot, Qt::AlignLeft | Qt::AlignVCenter)),
      m_bandText(makeLabel(m_plot, Qt::AlignLeft | Qt::AlignVCenter))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    m_plot->setNoAntialiasingOnDrag(true);
    // Room at the right for the names of the lines, outside the points.
    m_plot->axisRect()->setMinimumMargins(QMargins(0, 12, 92, 0));
    m_points->setLineStyle(QCPGraph::lsLine);
    m_points->setAdaptiveSampling(true);
    m_band->topLeft->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_band->bottomRight->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_band->setPen(Qt::NoPen);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(33);
    connect(&m_refresh, &QTimer::timeout, this, &LatencyPlot::redraw);
    applyTheme();
    retranslate();
    start(1);
}

void LatencyPlot::start(int expectedRuns)
{
    m_expectedRuns = std::max(expectedRuns, 1);
    m_runs.clear();
    redraw();
}

void LatencyPlot::addRun(double latencyMs)
{
    m_runs.push_back(latencyMs);
    if (!m_refresh.isActive())
        m_refresh.start();
}

void LatencyPlot::setRuns(std::vector<double> latenciesMs)
{
    m_runs = std::move(latenciesMs);
    m_expectedRuns = std::max<int>(static_cast<int>(m_runs.size()), 1);
    redraw();
}

void LatencyPlot::redraw()
{
    QVector<double> indices(static_cast<int>(m_runs.size()));
    std::iota(indices.begin(), indices.end(), 1);
    m_points->setData(indices, QVector<double>(m_runs.begin(), m_runs.end()), true);
    // Single points would vanish in a line, many would fill the plot.
    const bool few = m_runs.size() <= 200;
    m_points->setScatterStyle(few ? QCPScatterStyle(QCPScatterStyle::ssDisc, 4) : QCPScatterStyle::ssNone);

    const int runs = std::max<int>(m_expectedRuns, static_cast<int>(m_runs.size()));
    m_plot->xAxis->setRange(runs > 1 ? 0.5 : 0, runs + 0.5);
    const LatencyStatistics statistics = latencyStatistics(m_runs);
    // One slow first run must not flatten the rest: the axis ends a little above p99.
    const double top =
        m_runs.empty() ? 1 : std::min(statistics.maxMs, std::max(statistics.p99Ms, statistics.p95Ms * 1.5));
    const double bottom = m_runs.empty() ? 0 : statistics.minMs;
    const double margin = std::max((top - bottom) * 0.25, top * 0.05);
    m_plot->yAxis->setRange(std::max(0.0, bottom - margin), top + margin);
    const bool any = !m_runs.empty();
    for (QCPAbstractItem* item :
         std::initializer_list<QCPAbstractItem*>{m_band, m_median, m_medianText, m_bandText})
        item->setVisible(any);
    if (any)
        drawPercentiles(statistics.p50Ms, statistics.p95Ms);
    m_plot->yAxis->setTicks(any);
    m_plot->yAxis->setTickLabels(any);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LatencyPlot::drawPercentiles(double p50Ms, double p95Ms)
{
    m_band->topLeft->setCoords(0, p95Ms);
    m_band->bottomRight->setCoords(1, p50Ms);
    m_median->point1->setCoords(0, p50Ms);
    m_median->point2->setCoords(1, p50Ms);
    m_medianText->setText(tr("p50 %1").arg(millisecondsText(p50Ms)));
    m_bandText->setText(tr("p95 %1").arg(millisecondsText(p95Ms)));
    // The names keep a line of text apart when the percentiles are close together.
    const double msPerPixel = m_plot->yAxis->range().size() / std::max(1, m_plot->axisRect()->height());
    const double apart = fontMetrics().height() * msPerPixel;
    const double missing = std::max(0.0, apart - (p95Ms - p50Ms));
    m_medianText->position->setCoords(1, p50Ms - missing / 2);
    m_bandText->position->setCoords(1, p95Ms + missing / 2);
}

void LatencyPlot::applyTheme()
{
    applyPlotTheme(*m_plot, palette(), font());
    const QColor accent = palette().color(QPalette::Link);
    QColor faint = accent;
    faint.setAlphaF(0.14F);
    QColor line = accent;
    line.setAlphaF(0.55F);
    m_points->setPen(QPen(line, 1.25));
    m_band->setBrush(faint);
    m_median->setPen(QPen(accent, 1, Qt::DashLine));
    for (QCPItemText* label : {m_medianText, m_bandText}) {
        label->setColor(mixedColour(palette(), label == m_medianText ? 0.9 : 0.65));
        label->setFont(m_plot->xAxis->tickLabelFont());
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LatencyPlot::retranslate()
{
    m_plot->xAxis->setLabel(tr("Run"));
    m_plot->yAxis->setLabel(tr("Latency (ms)"));
    setAccessibleName(tr("Latency of each run"));
}

void LatencyPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        redraw();
    }
    QWidget::changeEvent(event);
}

} // namespace lapidary
