// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how often a model uses each operator, as bars.
#pragma once

#include "engine/ir/model.h"

#include <QWidget>

namespace lapidary {

struct OpCount {
    QString opType; // with its domain when that is not ai.onnx
    int count = 0;
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

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int rowHeight() const;
    QList<OpCount> m_counts;
};

} // namespace lapidary
