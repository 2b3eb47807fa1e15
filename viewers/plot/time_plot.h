// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: numbers over the time of day, as lines.
#pragma once

#include <QSharedPointer>
#include <QWidget>

#include <vector>

class QCPAxisTickerDateTime;
class QCustomPlot;

namespace lapidary {

struct TimeSeries {
    QString name;
    std::vector<double> seconds; // since 1970, ascending
    std::vector<double> values;
};

class TimePlot : public QWidget {
    Q_OBJECT
public:
    explicit TimePlot(QWidget* parent = nullptr);
    void setSeries(std::vector<TimeSeries> series, const QString& valueLabel);

    QSize sizeHint() const override { return {360, 160}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void redraw();

    std::vector<TimeSeries> m_series;
    QString m_label;
    QCustomPlot* m_plot;
    QSharedPointer<QCPAxisTickerDateTime> m_clock;
};

} // namespace lapidary
