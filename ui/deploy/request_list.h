// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a plan to read: its steps, their requests, and the body of the one that is selected.
#pragma once

#include "engine/deploy/plan.h"

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

protected:
    void changeEvent(QEvent* event) override;

private:
    void showCurrent();
    void retranslate();

    deploy::DeployPlan m_plan;
    QTreeWidget* m_steps;
    QLabel* m_address;
    QPlainTextEdit* m_body;
};

} // namespace lapidary
