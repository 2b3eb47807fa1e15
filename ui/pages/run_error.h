// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a run that failed: what, where, why, what to do, and the nodes it is about as links.
#pragma once

#include "engine/base/error.h"
#include "engine/ir/model.h"

#include <QScrollArea>

#include <optional>

class QLabel;

namespace lapidary {

class Card;

class RunError : public QScrollArea {
    Q_OBJECT
public:
    explicit RunError(QMargins margins, QWidget* parent = nullptr);
    void showError(std::shared_ptr<const Model> model, const Error& error);

signals:
    void nodeActivated(lapidary::NodeId node);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    std::shared_ptr<const Model> m_model;
    std::optional<Error> m_error;
    Card* m_card;
    QLabel* m_title;
    QLabel* m_message;
    QLabel* m_place;
    QLabel* m_nextStep;
    QLabel* m_links;
};

// Nodes of the model's main graph that the error names, in the words of nodeLabel(), each once.
std::vector<NodeId> nodesInError(const Model& model, const Error& error);

} // namespace lapidary
