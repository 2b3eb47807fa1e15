// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the page that compares the open model with another one: both as one graph or side by side, and
// the list of what differs.
#pragma once

#include "ui/document/model_comparison.h"
#include "ui/document/model_document.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace lapidary {

class DifferenceList;
class ElidedLabel;
class EmptyState;
class GraphView;
class SideBySide;
struct ResultErrors;

class ComparePage : public QWidget {
    Q_OBJECT
public:
    explicit ComparePage(ModelDocument& document, QWidget* parent = nullptr);

    // The open model is what came after, this file what was before.
    void compareWith(const QString& path);
    std::shared_ptr<const ModelComparison> comparison() const { return m_comparison; } // null: none
    void setSideBySide(bool on);                                                       // remembered
    bool isSideBySide() const;
    // Runs both models on the inputs of the run page and colours the graphs by how far apart results are.
    void colourByErrors(bool on);
    std::shared_ptr<const ResultErrors> errors() const { return m_errors; } // null: not known
    QString countsText() const;
    GraphView& oneGraph() { return *m_oneGraph; }
    SideBySide* sideBySide() { return m_sideBySide; } // null until it was first shown

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
    void showWay();
    void showInOneGraph(std::shared_ptr<const ModelComparison> comparison);
    void runBoth();
    void showColours();
    bool wantsErrors() const;
    void showNode();            // m_node, in the graphs
    void markNode(NodeId node); // the user picked it in a graph
    void showCounts();
    QString errorsText() const;
    void retranslate();

    ModelDocument& m_document;
    std::shared_ptr<const ModelComparison> m_comparison;
    std::shared_ptr<const ResultErrors> m_errors;
    bool m_runningBoth = false;
    std::shared_ptr<const ModelComparison> m_inOneGraph;            // what that view shows
    NodeId m_node = noNode;                                         // selected, of the merged graph
    std::shared_ptr<const void> m_alive = std::make_shared<int>(0); // jobs deliver only while the page lives
    QStackedWidget* m_body;
    EmptyState* m_empty;
    QSplitter* m_parts; // the list, and one of the ways to draw the models
    QStackedWidget* m_ways;
    GraphView* m_oneGraph;
    SideBySide* m_sideBySide = nullptr;
    DifferenceList* m_list;
    ElidedLabel* m_names;
    QLabel* m_counts;
    QComboBox* m_colours;
    QTabBar* m_waySwitch;
    QPushButton* m_choose;
    QPushButton* m_swap;
    QToolButton* m_previous;
    QToolButton* m_next;
};

} // namespace lapidary
