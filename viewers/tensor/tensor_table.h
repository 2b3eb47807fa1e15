// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the widget that shows a tensor as numbers: statistics, a grid, an index for each further
// dimension.
#pragma once

#include "viewers/tensor/tensor_statistics.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QTableView;

namespace lapidary {

class JobQueue;
class TensorTableModel;

class TensorTable : public QWidget {
    Q_OBJECT
public:
    // jobs outlives the widget; statistics run on its lane "statistics".
    explicit TensorTable(JobQueue& jobs, QWidget* parent = nullptr);

    void setTensor(Tensor tensor);
    // For a place that shows them itself. Before setTensor.
    void setStatisticsShown(bool shown) { m_showsStatistics = shown; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void startStatistics();
    void showStatistics();
    void buildSlices();
    void retranslate();

    JobQueue& m_jobs;
    TensorTableModel* m_model;
    QTableView* m_view;
    QLabel* m_statisticsLine;
    QLabel* m_cutNote;
    QWidget* m_slices;
    QHBoxLayout* m_sliceRow;
    Result<TensorStatistics> m_statistics;
    bool m_showsStatistics = true;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary
