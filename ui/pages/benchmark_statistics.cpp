// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/benchmark_statistics.h"

#include "ui/text/numbers.h"

#include <QEvent>
#include <QGridLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr int tileCount = 9;

QString perSecondText(double perSecond)
{
    return BenchmarkStatistics::tr("%1 /s").arg(QLocale().toString(perSecond, 'f', perSecond < 100 ? 1 : 0));
}

} // namespace

BenchmarkStatistics::BenchmarkStatistics(QWidget* parent) : Card(parent)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(20);
    for (int i = 0; i < tileCount; ++i) {
        m_tiles.push_back(new MetricTile(this));
        row->addWidget(m_tiles.back(), 1);
    }
    column()->addLayout(row);
    retranslate();
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
