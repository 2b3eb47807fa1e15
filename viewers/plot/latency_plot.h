// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the latency of each run as it happens, with the median and the band up to the 95th
// percentile.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QCPGraph;
class QCPItemRect;
class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace lapidary {

class LatencyPlot : public QWidget {
    Q_OBJECT
public:
    explicit LatencyPlot(QWidget* parent = nullptr);

    // Forgets all runs; expectedRuns: how long the axis is from the start.
    void start(int expectedRuns);
    void addRun(double latencyMs); // redrawn at most 30 times a second
    void setRuns(std::vector<double> latenciesMs);
    const std::vector<double>& runs() const { return m_runs; }

    QSize sizeHint() const override { return {480, 280}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void redraw();
    void applyTheme();
    void retranslate();
    void drawPercentiles(double p50Ms, double p95Ms);

    std::vector<double> m_runs;
    int m_expectedRuns = 1;
    QCustomPlot* m_plot;
    QCPGraph* m_points;
    QCPItemRect* m_band;
    QCPItemStraightLine* m_median;
    QCPItemText* m_medianText;
    QCPItemText* m_bandText;
    QTimer m_refresh;
};

} // namespace lapidary
