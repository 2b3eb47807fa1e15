// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how the elements of a tensor are distributed, as bars; the bar under the pointer says its
// range and count.
#pragma once

#include "viewers/plot/histogram.h"

#include <QWidget>

class QCPBars;
class QCustomPlot;

namespace lapidary {

class ValueHistogram : public QWidget {
    Q_OBJECT
public:
    explicit ValueHistogram(QWidget* parent = nullptr);

    void setHistogram(const Histogram& bins);
    QSize sizeHint() const override { return {300, 150}; }

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void applyTheme();

    Histogram m_bins;
    QCustomPlot* m_plot;
    QCPBars* m_bars;
};

} // namespace lapidary
