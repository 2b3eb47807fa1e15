// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/value_histogram.h"

#include "viewers/plot/plot_theme.h"
#include "viewers/tensor/element_text.h"

#include <QEvent>
#include <QHelpEvent>
#include <QLocale>
#include <QToolTip>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace lapidary {

ValueHistogram::ValueHistogram(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    m_bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    m_plot->axisRect()->setMinimumMargins(QMargins(4, 6, 10, 0));
    m_plot->yAxis->setTicks(false); // counts say little; the tool tip has them
    m_plot->yAxis->setTickLabels(false);
    m_plot->yAxis->grid()->setVisible(false);
    m_plot->xAxis->ticker()->setTickCount(4);
    m_plot->xAxis->setNumberFormat(QStringLiteral("gb"));
    m_plot->xAxis->setNumberPrecision(3);
    m_plot->installEventFilter(this);
    setMinimumHeight(110);
    setAccessibleName(tr("Distribution of the elements"));
    applyTheme();
}

void ValueHistogram::setHistogram(const Histogram& bins)
{
    m_bins = bins;
    QVector<double> centres;
    QVector<double> counts;
    for (size_t i = 0; i < bins.counts.size(); ++i) {
        centres << bins.start + (static_cast<double>(i) + 0.5) * bins.binWidth;
        counts << static_cast<double>(bins.counts[i]);
    }
    m_bars->setWidth(bins.binWidth * 0.92);
    m_bars->setData(centres, counts, true);
    const double bars = static_cast<double>(counts.size());
    const double air = bins.binWidth * (counts.size() < 5 ? 2 : 0.5);
    m_plot->xAxis->setRange(bins.start - air, bins.start + bins.binWidth * bars + air);
    m_plot->yAxis->setRange(0, counts.isEmpty() ? 1 : *std::max_element(counts.begin(), counts.end()) * 1.05);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ValueHistogram::applyTheme()
{
    applyPlotTheme(*m_plot, palette(), font());
    m_plot->yAxis->grid()->setVisible(false);
    QColor fill = palette().color(QPalette::Link);
    fill.setAlphaF(0.75F);
    m_bars->setBrush(fill);
    m_bars->setPen(Qt::NoPen);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

bool ValueHistogram::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::eventFilter(watched, event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const double value = m_plot->xAxis->pixelToCoord(help->pos().x());
    const double bin = std::floor((value - m_bins.start) / m_bins.binWidth);
    if (bin < 0 || bin >= static_cast<double>(m_bins.counts.size())) {
        QToolTip::hideText();
        return true;
    }
    const double from = m_bins.start + bin * m_bins.binWidth;
    QToolTip::showText(
        help->globalPos(),
        tr("%1 to %2: %3", "range: count")
            .arg(numberText(from, 4), numberText(from + m_bins.binWidth, 4),
                 QLocale().toString(static_cast<qlonglong>(m_bins.counts[static_cast<size_t>(bin)]))),
        m_plot);
    return true;
}

void ValueHistogram::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Distribution of the elements"));
    QWidget::changeEvent(event);
}

} // namespace lapidary
