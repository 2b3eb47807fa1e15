// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/histogram_plot.h"

#include "viewers/plot/histogram.h"
#include "viewers/plot/plot_theme.h"

#include <QEvent>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include <algorithm>

namespace lapidary {

HistogramPlot::HistogramPlot(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    m_bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    m_plot->axisRect()->setMinimumMargins(QMargins(0, 12, 16, 0));
    m_plot->yAxis->ticker()->setTickCount(4);
    m_plot->xAxis->ticker()->setTickCount(5);
    applyTheme();
    retranslate();
    setValues({});
}

void HistogramPlot::setValues(const std::vector<double>& milliseconds)
{
    const Histogram bins = histogram(milliseconds);
    QVector<double> centres;
    QVector<double> counts;
    for (size_t i = 0; i < bins.counts.size(); ++i) {
        centres << bins.start + (static_cast<double>(i) + 0.5) * bins.binWidth;
        counts << static_cast<double>(bins.counts[i]);
    }
    const bool any = !counts.isEmpty();
    m_bars->setWidth(bins.binWidth * 0.92);
    m_bars->setData(centres, counts, true);
    const double end = bins.start + bins.binWidth * std::max<double>(1, static_cast<double>(counts.size()));
    // One bin alone would be a wall; it gets air around it.
    const double air = bins.binWidth * (counts.size() < 5 ? 2 : 0.5);
    m_plot->xAxis->setRange(any ? std::max(0.0, bins.start - air) : 0, any ? end + air : 1);
    m_plot->yAxis->setRange(0, any ? *std::max_element(counts.begin(), counts.end()) * 1.1 : 1);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTicks(any);
        axis->setTickLabels(any);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::applyTheme()
{
    applyPlotTheme(*m_plot, palette(), font());
    QColor fill = palette().color(QPalette::Link);
    fill.setAlphaF(0.75F);
    m_bars->setBrush(fill);
    m_bars->setPen(Qt::NoPen);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::retranslate()
{
    m_plot->xAxis->setLabel(tr("Latency (ms)"));
    m_plot->yAxis->setLabel(tr("Runs"));
    setAccessibleName(tr("Distribution of latencies"));
}

void HistogramPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
