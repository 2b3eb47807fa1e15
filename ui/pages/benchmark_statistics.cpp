// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/benchmark_statistics.h"

#include "ui/text/numbers.h"

#include <QEvent>
#include <QGridLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace lapidary {

namespace {

constexpr int tileCount = 9;
constexpr int tileSpacing = 16;
constexpr int columnsWhenNarrow = 5;

QString perSecondText(double perSecond)
{
    return BenchmarkStatistics::tr("%1 /s").arg(QLocale().toString(perSecond, 'f', perSecond < 100 ? 1 : 0));
}

} // namespace

BenchmarkStatistics::BenchmarkStatistics(QWidget* parent) : Card(parent), m_grid(new QGridLayout)
{
    m_grid->setHorizontalSpacing(tileSpacing);
    m_grid->setVerticalSpacing(8);
    for (int i = 0; i < tileCount; ++i)
        m_tiles.push_back(new MetricTile(this));
    column()->addLayout(m_grid);
    retranslate();
    arrange();
}

QSize BenchmarkStatistics::minimumSizeHint() const
{
    return {widthOf(columnsWhenNarrow), Card::minimumSizeHint().height()};
}

int BenchmarkStatistics::widthOf(int columns) const
{
    int tileWidth = 0;
    for (const MetricTile* tile : m_tiles)
        tileWidth = std::max(tileWidth, tile->sizeHint().width());
    const QMargins margins = column()->contentsMargins();
    return columns * (tileWidth + tileSpacing) - tileSpacing + margins.left() + margins.right();
}

void BenchmarkStatistics::arrange()
{
    const int columns = width() < widthOf(tileCount) ? columnsWhenNarrow : tileCount;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int i = 0; i < tileCount; ++i) {
        m_grid->addWidget(m_tiles[static_cast<size_t>(i)], i / columns, i % columns);
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
    }
}

void BenchmarkStatistics::resizeEvent(QResizeEvent* event)
{
    arrange();
    Card::resizeEvent(event);
}

void BenchmarkStatistics::setStatistics(const LatencyStatistics& statistics, int64_t batch)
{
    m_statistics = statistics;
    m_batch = batch;
    const LatencyStatistics& s = statistics;
    const double values[] = {s.p50Ms,  s.p90Ms, s.p95Ms, s.p99Ms,
                             s.meanMs, s.minMs, s.maxMs, s.standardDeviationMs};
    for (size_t i = 0; i < std::size(values); ++i)
        m_tiles[i]->setValue(s.count == 0 ? QStringLiteral("–") : durationText(values[i]));
    const double perSecond = s.meanMs > 0 ? 1000 / s.meanMs * static_cast<double>(batch) : 0;
    m_tiles.back()->setValue(s.count == 0 ? QStringLiteral("–") : perSecondText(perSecond));
    m_tiles.back()->setToolTip(batch > 1 ? tr("Items in a second: %1 in each run").arg(batch)
                                         : tr("Runs in a second"));
    arrange();
}

void BenchmarkStatistics::retranslate()
{
    setAccessibleName(tr("Statistics of the benchmark"));
    const QStringList captions{tr("p50"),    tr("p90"),     tr("p95"), tr("p99"),       tr("Mean"),
                               tr("Lowest"), tr("Highest"), tr("σ"),   tr("Throughput")};
    for (int i = 0; i < tileCount; ++i)
        m_tiles[static_cast<size_t>(i)]->setCaption(captions[i]);
    setStatistics(m_statistics, m_batch);
}

void BenchmarkStatistics::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

} // namespace lapidary
