// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/time_plot.h"

#include "viewers/plot/plot_theme.h"

#include <QEvent>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include <algorithm>

namespace lapidary {

TimePlot::TimePlot(QWidget* parent)
    : QWidget(parent), m_plot(new QCustomPlot(this)), m_clock(new QCPAxisTickerDateTime)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    m_plot->xAxis->setTicker(m_clock);
    m_clock->setTickCount(2);
    m_plot->yAxis->ticker()->setTickCount(4);
    // Names of the lines in a row above them, never on them.
    m_plot->plotLayout()->insertRow(0);
    m_plot->plotLayout()->addElement(0, 0, m_plot->legend);
    m_plot->plotLayout()->setRowStretchFactor(0, 0.001);
    m_plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    redraw();
}

void TimePlot::setSeries(std::vector<TimeSeries> series, const QString& valueLabel)
{
    m_series = std::move(series);
    m_label = valueLabel;
    redraw();
}

void TimePlot::redraw()
{
    applyPlotTheme(*m_plot, palette(), font());
    m_plot->clearGraphs();
    m_plot->yAxis->setLabel(m_label);
    const QColor accent = palette().color(QPalette::Link);
    double first = 0, last = 0, top = 0;
    bool any = false;
    for (size_t i = 0; i < m_series.size(); ++i) {
        const TimeSeries& series = m_series[i];
        QCPGraph* graph = m_plot->addGraph();
        graph->setName(series.name);
        graph->setData(QVector<double>(series.seconds.begin(), series.seconds.end()),
                       QVector<double>(series.values.begin(), series.values.end()), true);
        QColor line = accent;
        line.setAlphaF(i == 0 ? 1.0F : 0.5F);
        graph->setPen(QPen(line, 1.5, i < 2 ? Qt::SolidLine : Qt::DotLine));
        if (series.seconds.size() < 3)
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 4));
        if (series.seconds.empty())
            continue;
        first = any ? std::min(first, series.seconds.front()) : series.seconds.front();
        last = any ? std::max(last, series.seconds.back()) : series.seconds.back();
        top = std::max(top, *std::ranges::max_element(series.values));
        any = true;
    }
    // One point stands in the middle.
    const double shortest = 120;
    const double missing = std::max(0.0, shortest - (last - first)) / 2;
    m_plot->xAxis->setRange(first - missing, last + missing);
    m_clock->setDateTimeFormat(last - first < 600 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
    m_plot->yAxis->setRange(0, top > 0 ? top * 1.15 : 1);
    m_plot->xAxis->setTickLabels(any);
    m_plot->yAxis->setTickLabels(any);
    m_plot->legend->setVisible(any && m_series.size() > 1);
    m_plot->legend->setBorderPen(Qt::NoPen);
    m_plot->legend->setBrush(Qt::NoBrush);
    m_plot->legend->setFont(m_plot->xAxis->tickLabelFont());
    m_plot->legend->setTextColor(mixedColour(palette(), 0.8));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TimePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
    QWidget::changeEvent(event);
}

} // namespace lapidary
