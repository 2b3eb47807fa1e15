// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the numbers of a benchmark, large enough to read from a distance.
#pragma once

#include "engine/benchmark/benchmark.h"
#include "ui/cards/card.h"

#include <vector>

class QGridLayout;

namespace lapidary {

class BenchmarkStatistics : public Card {
    Q_OBJECT
public:
    explicit BenchmarkStatistics(QWidget* parent = nullptr);
    // batch: items in one run, for the throughput. No runs: dashes.
    void setStatistics(const LatencyStatistics& statistics, int64_t batch);
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void retranslate();
    int widthOf(int columns) const;
    void arrange();

    LatencyStatistics m_statistics;
    int64_t m_batch = 1;
    std::vector<MetricTile*> m_tiles;
    QGridLayout* m_grid;
    int m_columns = 0;
};

} // namespace lapidary
