// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the page with the graph: the canvas, a few buttons on it, and the tie to the document.
#pragma once

#include "ui/document/model_document.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace lapidary {

class GraphView;

class GraphPage : public QWidget {
    Q_OBJECT
public:
    explicit GraphPage(ModelDocument& document, QWidget* parent = nullptr);

    GraphView& view() { return *m_view; }
    void revealSelection();
    // A layout of the model shown is done.
    bool isDrawn() const { return m_drawn; }

signals:
    void drawn(double layoutMs); // the next paint shows the graph

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showModel();
    void placeOverlays();
    void fillGroupsMenu();
    void retranslate();
    void updateIcons();

    ModelDocument& m_document;
    GraphView* m_view;
    QWidget* m_strip;
    QList<QToolButton*> m_buttons;
    QToolButton* m_groups;
    QLabel* m_busy;
    bool m_drawn = false;
};

} // namespace lapidary
