// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the nodes in which a run spent its time.
#pragma once

#include "engine/session/session.h"
#include "ui/cards/card.h"

class QTreeWidget;
class QTreeWidgetItem;

namespace lapidary {

class RunProfile : public Card {
    Q_OBJECT
public:
    explicit RunProfile(QWidget* parent = nullptr);
    void setProfile(std::shared_ptr<const Model> model, const Profile& profile);

signals:
    void nodeActivated(lapidary::NodeId node);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addRow(const NodeTiming& timing, int64_t totalNs);
    void retranslate();
    std::shared_ptr<const Model> m_model;
    QLabel* m_title;
    QTreeWidget* m_list;
};

} // namespace lapidary
