// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the page that compares the open model with another one: both as one graph, and the list of
// what differs.
#pragma once

#include "ui/document/model_comparison.h"
#include "ui/document/model_document.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace lapidary {

class DifferenceList;
class EmptyState;
class GraphView;

class ComparePage : public QWidget {
    Q_OBJECT
public:
    explicit ComparePage(ModelDocument& document, QWidget* parent = nullptr);

    // The open model is what came after, this file what was before.
    void compareWith(const QString& path);
    std::shared_ptr<const ModelComparison> comparison() const { return m_comparison; } // null: none
    GraphView& view() { return *m_view; }

signals:
    void failed(const QString& what, const lapidary::Error& error);

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    using Compared = Result<std::shared_ptr<const ModelComparison>>;
    QWidget* makeHeader();
    void chooseFile();
    void swap();
    void start(const QString& what, std::function<Compared(JobContext&)> work);
    void show(std::shared_ptr<const ModelComparison> comparison);
    void retranslate();

    ModelDocument& m_document;
    std::shared_ptr<const ModelComparison> m_comparison;
    std::shared_ptr<const void> m_alive = std::make_shared<int>(0); // jobs deliver only while the page lives
    QStackedWidget* m_body;
    EmptyState* m_empty;
    GraphView* m_view;
    DifferenceList* m_list;
    QLabel* m_names;
    QLabel* m_counts;
    QPushButton* m_choose;
    QPushButton* m_swap;
    QToolButton* m_previous;
    QToolButton* m_next;
};

} // namespace lapidary
