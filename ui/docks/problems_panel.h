// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what is wrong with the model, found in the background while the panel is open. A row leads
// to its node.
#pragma once

#include "engine/onnx/checker.h"
#include "ui/document/model_document.h"

#include <QWidget>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace lapidary {

class ProblemsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProblemsPanel(ModelDocument& document, QWidget* parent = nullptr);

signals:
    void walked();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void modelChanged();
    void check();
    void refresh();
    void go(QTreeWidgetItem* item);

    enum class State { Unchecked, Checking, Checked };
    ModelDocument& m_document;
    QLabel* m_summary;
    QTreeWidget* m_list;
    State m_state = State::Unchecked;
    std::shared_ptr<const int> m_alive = std::make_shared<const int>(0);
    std::vector<CheckFinding> m_findings;
};

} // namespace lapidary
