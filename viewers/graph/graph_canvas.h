// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the surface on which a scene is shown: zoom about the pointer, pan, pick by pointer or keys,
// minimap. Paints only what is visible.
//   wheel: zoom; touchpad: pan, with Ctrl zoom; pinch: zoom; Shift + wheel: move along; drag: pan
//   arrows: walk along edges (from the selection); Escape: select nothing; F, double click: fit
//   double click on a line: go to its far end
//   a click on the triangle of a group or body, a double click on it, Space: open and close
#pragma once

#include "viewers/graph/minimap.h"
#include "viewers/graph/view_place.h"

#include <QPixmap>
#include <QWidget>

class QVariantAnimation;

namespace lapidary {

class GraphCanvas : public QWidget {
    Q_OBJECT
public:
    explicit GraphCanvas(QWidget* parent = nullptr);
    ~GraphCanvas() override;

    // Null: nothing is shown. A new graph is shown from its start.
    void setScene(std::shared_ptr<const GraphScene> scene);
    // The same graph laid out anew: the upper left corner of a place that is in both (see OpenPlaces)
    // stays where it is in the window; without one, the view stays as far along in the graph.
    void replaceScene(std::shared_ptr<const GraphScene> scene, const std::string& place);
    // The next scene is of another version of the graph: until it is set, a picture of this one stays, and
    // the view then stands at the same place.
    void holdForNewVersion();
    const GraphScene* scene() const { return m_scene.get(); }
    std::shared_ptr<const GraphScene> sharedScene() const { return m_scene; }
    void setTypes(std::shared_ptr<const InferredTypes> types);
    std::shared_ptr<const InferredTypes> types() const { return m_types; }
    std::shared_ptr<const NodeData> data() const { return m_data; }
    std::shared_ptr<const Trace> trace() const { return m_emphasis.trace; }

    const Selection& selection() const { return m_selection; }
    void select(const Selection& selection); // no signal
    void revealSelection();
    void setHits(std::vector<HitMark> hits); // of a search, to be marked

    // Null: by operator.
    void setData(std::shared_ptr<const NodeData> nodeData);
    void setLegendShown(bool shown);

    // Shows only what leads to the selection, follows from it, or lies between it and what was selected
    // before; anew after each layout.
    enum class TraceWay { None, Upstream, Downstream, Between };
    void trace(TraceWay way);
    TraceWay traced() const { return m_traceWay; }
    bool canTraceBetween() const;

    const ViewTransform& view() const { return m_view; }
    void setView(const ViewTransform& view); // at once, stops an animation
    // As another view moves; jump: it moved on to another place, so that this one has some way to go.
    void follow(const ViewTransform& view, bool jump);
    double fitScale() const; // at which the whole graph is visible
    void fit(bool animated = true);
    void showStart(); // readable, at the first boxes
    void zoomBy(double factor);
    void zoomTo(double scale);

signals:
    void selectionChanged(const lapidary::Selection& selection); // by the user
    void zoomChanged(double scale);
    void viewChanged();                           // panned, zoomed or resized, by whomever
    void toggled(const QString& place);           // the user wants to open or close it
    void contextMenuWanted(const QPoint& global); // on what is selected

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Hit {
        BoxId box = noBox;
        WireId wire = -1;
    };
    Hit hitAt(const QPointF& point) const;
    Selection selectionAt(const QPointF& point) const;
    void pick(const Selection& selection); // by the user
    bool isOpener(const QPointF& point, BoxId box) const;
    void toggle(BoxId box);
    void toggleSelected();
    void updateEmphasis();
    void updateTrace();
    void updateData();
    void goToFarEnd(WireId wire, const QPointF& point);
    void updateHits();
    void updateHover(const QPointF& point);
    void walk(int key);
    bool zoomKey(int key);
    void panBy(const QPointF& pixels);
    void zoomAbout(const QPointF& anchor, double scale, bool animated);
    void moveTo(const ViewTransform& target, bool animated);
    void applyView(const ViewTransform& view);
    ViewTransform limited(ViewTransform view) const;
    double leastScale() const;
    ViewTransform fitView() const;
    void dragMinimap(const QPointF& point);
    bool animates() const;
    void useScene(std::shared_ptr<const GraphScene> scene);

    std::shared_ptr<const GraphScene> m_scene;
    std::shared_ptr<const InferredTypes> m_types;
    ScopeTypes m_scopeTypes;
    GraphTheme m_theme;
    GraphPainter m_painter;
    Minimap m_minimap;
    ViewTransform m_view;
    ViewTransform m_target; // where an animation leads
    QVariantAnimation* m_animation = nullptr;
    QPointF m_anchor; // of an animated zoom
    bool m_anchored = false;
    ViewTransform m_from;
    std::optional<ViewPlace> m_held; // for the next scene
    QPixmap m_past;                  // the scene before, fading out
    QVariantAnimation* m_fade = nullptr;
    // What the view follows when the window's size changes.
    enum class Follow { Center, Whole, Start } m_follow = Follow::Center;

    Selection m_selection;
    Selection m_before; // the last selection before this one that was not empty
    std::vector<HitMark> m_hits;
    GraphEmphasis m_emphasis;
    std::shared_ptr<const NodeData> m_data;
    bool m_legendShown = true;
    TraceWay m_traceWay = TraceWay::None;
    Selection m_traceFrom, m_traceTo;
    QPointF m_pressed;
    QPointF m_dragged;
    enum class Drag { None, Maybe, Pan, Minimap } m_drag = Drag::None;
};

} // namespace lapidary
