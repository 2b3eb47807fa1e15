// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: bytes alive at each node of a run, as steps, with the peak marked. A click picks the node
// below the pointer.
#pragma once

#include <QWidget>

#include <functional>
#include <vector>

class QCPGraph;
class QCPItemStraightLine;
class QCPItemTracer;
class QCustomPlot;

namespace lapidary {

class MemoryPlot : public QWidget {
    Q_OBJECT
public:
    explicit MemoryPlot(QWidget* parent = nullptr);

    // peak: index of the highest; -1: none. describe: the tool tip of a node.
    void setBytes(const std::vector<uint64_t>& bytesAtNode, int peak, std::function<QString(int)> describe);
    int nodeAt(const QPoint& position) const; // -1: none
    QSize sizeHint() const override { return {300, 140}; }

signals:
    void nodePicked(int node);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void applyTheme();

    int m_nodes = 0;
    int m_peak = -1;
    std::function<QString(int)> m_describe;
    QCustomPlot* m_plot;
    QCPGraph* m_steps;
    QCPItemTracer* m_mark;
    QCPItemStraightLine* m_pointer;
};

} // namespace lapidary
