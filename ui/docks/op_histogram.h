// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how often a model uses each operator, as bars, with the work they come to. A click leads to
// the first node with the operator.
#pragma once

#include "engine/ir/model.h"

#include <QWidget>

namespace lapidary {

struct OpCount {
    QString opType; // with its domain when that is not ai.onnx
    int count = 0;
    NodeId first = noNode; // a node with the operator
    double flops = 0;      // of one run; 0: none, or not known
};
// Most frequent first, equal ones by name.
QList<OpCount> countOperators(const Graph& graph);
QList<OpCount> countOperators(const Graph& graph, std::span<const NodeId> nodes);

class OpHistogram : public QWidget {
    Q_OBJECT
public:
    explicit OpHistogram(QList<OpCount> counts, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {60, sizeHint().height()}; }

signals:
    void picked(lapidary::NodeId first);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    int rowHeight() const;
    int rowAt(const QPoint& position) const; // -1: none
    QList<OpCount> m_counts;
    int m_hovered = -1;
};

} // namespace lapidary
