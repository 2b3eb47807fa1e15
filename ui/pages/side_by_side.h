// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two compared models beside each other, before on the left and after on the right. While they are
// linked, what is selected in one is selected in the other, and both are moved and zoomed together.
#pragma once

#include "ui/document/model_comparison.h"

#include <QWidget>

class QPushButton;

namespace lapidary {

class ElidedLabel;
class GraphView;
class JobQueue;
struct ResultErrors;

class SideBySide : public QWidget {
    Q_OBJECT
public:
    explicit SideBySide(JobQueue& jobs, QWidget* parent = nullptr);

    // Null: empty. The same one again changes nothing.
    void setComparison(std::shared_ptr<const ModelComparison> comparison);
    std::shared_ptr<const ModelComparison> comparison() const { return m_comparison; }
    // Selects a node of the merged graph where it is, and shows it; noNode: nothing is selected. No signal.
    void select(NodeId node);
    // What the nodes are coloured by; null: by what differs.
    void setErrors(std::shared_ptr<const ResultErrors> errors);
    void setLinked(bool linked);

    GraphView& before() { return *m_before.view; }
    GraphView& after() { return *m_after.view; }

signals:
    void picked(lapidary::NodeId node); // by the user, in either view: of the merged graph; noNode: no node

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Side {
        GraphView* view = nullptr;
        ElidedLabel* name = nullptr;
    };
    Side makeSide(JobQueue& jobs);
    void connectSide(Side& side);
    void showModel(const Side& side);
    void showColours(const Side& side);
    void pickedIn(Side& side);
    void linkSelection(); // from the leading view to the other one
    void selectIn(const Side& side, NodeId node);
    void follow();
    NodeId nodeToHold() const;
    void retranslate();

    bool isBefore(const Side& side) const { return &side == &m_before; }
    Side& other(const Side& side) { return isBefore(side) ? m_after : m_before; }
    // Of a comparison.
    const ComparedModel& modelOf(const Side& side) const;
    const std::vector<NodeId>& counterparts(const Side& side) const; // by node of this side
    NodeId nodeIn(const Side& side, NodeId merged) const;            // noNode: it is not there
    NodeId selectedIn(const Side& side) const;                       // of the merged graph; noNode

    std::shared_ptr<const ModelComparison> m_comparison;
    std::shared_ptr<const ResultErrors> m_errors;
    Side m_before;
    Side m_after;
    Side* m_leading = &m_before; // which the user moved last
    NodeId m_held = noNode;      // of the merged graph: stands at the same place in both views
    QPushButton* m_linked;
};

} // namespace lapidary
