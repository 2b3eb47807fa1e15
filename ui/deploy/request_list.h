// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a plan to read: its steps, their requests, and the body of the one that is selected.
#pragma once

#include "engine/deploy/plan_difference.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QTreeWidget;

namespace lapidary {

class RequestList : public QWidget {
    Q_OBJECT
public:
    explicit RequestList(QWidget* parent = nullptr);
    void setPlan(const deploy::DeployPlan* plan); // null: empty
    // What of it is there already and what would change; shown beside the steps.
    void setDifferences(const std::vector<deploy::ResourceDifference>& differences);

protected:
    void changeEvent(QEvent* event) override;

private:
    const deploy::ResourceDifference* differenceOf(const deploy::Step& step) const; // null: none
    void showCurrent();
    void showDifferences();
    void retranslate();

    deploy::DeployPlan m_plan;
    std::vector<deploy::ResourceDifference> m_differences;
    QTreeWidget* m_steps;
    QLabel* m_address;
    QPlainTextEdit* m_body;
};

} // namespace lapidary
