// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the differences of two models as a list: each node that is not the same, and how.
#pragma once

#include "ui/document/model_comparison.h"

#include <QTreeWidget>

namespace lapidary {

class DifferenceList : public QTreeWidget {
    Q_OBJECT
public:
    explicit DifferenceList(QWidget* parent = nullptr);

    // Null: empty.
    void setComparison(std::shared_ptr<const ModelComparison> comparison);
    // Marks the row of a node of the merged graph; none when it is the same in both. No signal.
    void mark(NodeId node);
    void step(int direction); // to the next or previous difference

signals:
    void picked(NodeId node); // of the merged graph

private:
    QTreeWidgetItem* makeRow(NodeId node) const;
    void updateDots(); // in the colours of the theme
    std::shared_ptr<const ModelComparison> m_comparison;
};

} // namespace lapidary
