// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the page with the graph: the canvas, a few buttons on it, and the tie to the document.
#pragma once

#include "ui/document/graph_data.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace lapidary {

class Breadcrumb;
class GraphView;

class GraphPage : public QWidget {
    Q_OBJECT
public:
    explicit GraphPage(ModelDocument& document, QWidget* parent = nullptr);

    GraphView& view() { return *m_view; }
    void revealSelection();
    void colourBy(ColourBy by); // nothing but operators' colours while the data is not there
    // A layout of the model shown is done.
    bool isDrawn() const { return m_drawn; }

signals:
    void drawn(double layoutMs); // the next paint shows the graph
    void failed(const QString& what, const lapidary::Error& error);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showModel(bool again);
    void placeOverlays();
    void addMenuButton(QToolButton* button, void (GraphPage::*fill)());
    void fillGroupsMenu();
    void fillColoursMenu();
    void colourByFile();
    void refreshColours();
    void showCrumbs();
    void showContextMenu(const QPoint& global);
    void retranslate();
    void updateIcons();

    ModelDocument& m_document;
    GraphView* m_view;
    QWidget* m_strip;
    QList<QToolButton*> m_buttons;
    QToolButton* m_groups;
    QToolButton* m_colours;
    ColourBy m_colourBy = ColourBy::Operator;
    std::shared_ptr<const NodeData> m_fileData;                     // of ColourBy::File
    std::shared_ptr<const void> m_alive = std::make_shared<int>(0); // jobs deliver only while the page lives
    Breadcrumb* m_breadcrumb;
    QLabel* m_busy;
    bool m_drawn = false;
};

} // namespace lapidary
