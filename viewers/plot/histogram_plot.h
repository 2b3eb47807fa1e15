// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how latencies are distributed.
#pragma once

#include <QWidget>

#include <vector>

class QCPBars;
class QCustomPlot;

namespace lapidary {

class HistogramPlot : public QWidget {
    Q_OBJECT
public:
    explicit HistogramPlot(QWidget* parent = nullptr);

    void setValues(const std::vector<double>& milliseconds);
    QSize sizeHint() const override { return {320, 280}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();
    void retranslate();

    QCustomPlot* m_plot;
    QCPBars* m_bars;
};

} // namespace lapidary
