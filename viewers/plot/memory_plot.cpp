// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/memory_plot.h"

#include "viewers/plot/plot_theme.h"

#include <QEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace lapidary {

MemoryPlot::MemoryPlot(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    m_steps = m_plot->addGraph();
    m_steps->setLineStyle(QCPGraph::lsStepLeft);
    m_pointer = new QCPItemStraightLine(m_plot);
    m_pointer->setVisible(false);
    m_mark = new QCPItemTracer(m_plot);
    m_mark->setStyle(QCPItemTracer::tsCircle);
    m_mark->setSize(8);
    m_mark->setVisible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    m_plot->axisRect()->setMinimumMargins(QMargins(0, 8, 10, 0));
    m_plot->yAxis->ticker()->setTickCount(3);
    const auto nodes = QSharedPointer<QCPAxisTickerFixed>::create(); // whole numbers
    nodes->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    nodes->setTickCount(4);
    m_plot->xAxis->setTicker(nodes);
    m_plot->installEventFilter(this);
    m_plot->setMouseTracking(true);
    m_plot->setCursor(Qt::PointingHandCursor);
    setMinimumHeight(110);
    setAccessibleName(tr("Memory of values over the nodes of a run"));
    applyTheme();
}

void MemoryPlot::setBytes(const std::vector<uint64_t>& bytesAtNode, int peak,
                          std::function<QString(int)> describe)
{
    m_nodes = static_cast<int>(bytesAtNode.size());
    m_peak = peak;
    m_describe = std::move(describe);
    const double highest =
        bytesAtNode.empty() ? 0
                            : static_cast<double>(*std::max_element(bytesAtNode.begin(), bytesAtNode.end()));
    const double scale = highest >= 1e9 ? 1e9 : highest >= 1e6 ? 1e6 : highest >= 1e3 ? 1e3 : 1;
    QVector<double> places;
    QVector<double> bytes;
    for (int i = 0; i <= m_nodes && m_nodes > 0; ++i) { // the last step has an end
        places << i;
        bytes << static_cast<double>(bytesAtNode[static_cast<size_t>(std::min(i, m_nodes - 1))]) / scale;
    }
    m_steps->setData(places, bytes, true);
    m_plot->xAxis->setRange(0, std::max(m_nodes, 1));
    m_plot->yAxis->setRange(0, highest > 0 ? highest / scale * 1.12 : 1);
    m_plot->yAxis->setLabel(scale == 1e9   ? tr("GB")
                            : scale == 1e6 ? tr("MB")
                            : scale == 1e3 ? tr("kB")
                                           : tr("bytes"));
    m_mark->setVisible(peak >= 0);
    m_mark->position->setCoords(peak + 0.5, highest / scale);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

int MemoryPlot::nodeAt(const QPoint& position) const
{
    const double place = std::floor(m_plot->xAxis->pixelToCoord(position.x()));
    if (place < 0 || place >= m_nodes)
        return -1;
    // The peak is a target of a few pixels, however many nodes there are.
    const double peakX = m_plot->xAxis->coordToPixel(m_peak + 0.5);
    const double peakY = m_plot->yAxis->coordToPixel(m_mark->position->coords().y());
    if (m_peak >= 0 && std::abs(peakX - position.x()) < 7 && std::abs(peakY - position.y()) < 7)
        return m_peak;
    return static_cast<int>(place);
}

bool MemoryPlot::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int node = nodeAt(help->pos());
        QToolTip::showText(help->globalPos(), node >= 0 && m_describe ? m_describe(node) : QString(), m_plot);
        return true;
    }
    case QEvent::MouseButtonRelease: {
        const int node = nodeAt(static_cast<QMouseEvent*>(event)->pos());
        if (node >= 0)
            emit nodePicked(node);
        return true;
    }
    case QEvent::MouseMove: {
        const int node = nodeAt(static_cast<QMouseEvent*>(event)->pos());
        m_pointer->setVisible(node >= 0);
        m_pointer->point1->setCoords(node + 0.5, 0);
        m_pointer->point2->setCoords(node + 0.5, 1);
        m_plot->replot(QCustomPlot::rpQueuedReplot);
        break;
    }
    case QEvent::Leave:
        m_pointer->setVisible(false);
        m_plot->replot(QCustomPlot::rpQueuedReplot);
        break;
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void MemoryPlot::applyTheme()
{
    applyPlotTheme(*m_plot, palette(), font());
    const QColor line = palette().color(QPalette::Link);
    QColor fill = line;
    fill.setAlphaF(0.22F);
    m_steps->setPen(QPen(line, 1.4));
    m_steps->setBrush(fill);
    m_mark->setPen(QPen(palette().color(QPalette::Base), 1.5));
    m_mark->setBrush(QColor(0xd6, 0x5a, 0x31));
    m_pointer->setPen(QPen(mixedColour(palette(), 0.4), 1, Qt::DotLine));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void MemoryPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Memory of values over the nodes of a run"));
    QWidget::changeEvent(event);
}

} // namespace lapidary
