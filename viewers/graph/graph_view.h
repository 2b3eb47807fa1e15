// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the widget that shows a model's graph: layout off the GUI thread, pan, zoom, selection.
#pragma once

#include "engine/ir/model.h"
#include "engine/ops/inference.h"
#include "viewers/graph/selection.h"

#include "viewers/graph/breadcrumb.h"

#include <QWidget>

namespace lapidary {

class JobQueue;
struct NodeData;
struct GraphDrawing;
struct ShownPart;
struct ViewTransform;

class GraphView : public QWidget {
    Q_OBJECT
public:
    // jobs outlives the view; layouts run on its lane "layout", newest wins.
    explicit GraphView(JobQueue& jobs, QWidget* parent = nullptr);
    ~GraphView() override;

    // types may be null (shapes then come from the file alone) and set again later: edges get their
    // shapes without a new layout. Null model: empty view.
    void setModel(std::shared_ptr<const Model> model, std::shared_ptr<const InferredTypes> types);
    void setTypes(std::shared_ptr<const InferredTypes> types);
    // Another version of the model shown: the view stays where it is, and open what was opened.
    void replaceModel(std::shared_ptr<const Model> model, std::shared_ptr<const InferredTypes> types);

    const Selection& selection() const;
    void select(const Selection& selection); // no signal
    // Scrolls and zooms so that it can be read; opens what it is hidden in. Before a model is laid out: as
    // soon as it is.
    void revealSelection();
    void setHits(std::vector<HitMark> hits);           // of a search, marked at every zoom
    double zoom() const;                               // pixels for one unit of the scene
    GraphDrawing drawing() const;                      // what is shown, for pictures; its scene may be null
    QRectF shownArea() const;                          // of the scene
    ShownPart shownPart() const;                       // for a view that is linked with this one
    void follow(const ViewTransform& view, bool jump); // see GraphCanvas
    int groupLevel() const;
    bool foldsQuantization() const;
    int groupDepth() const; // of groups within groups in the graph shown; 0 until they were drawn once

    // The place whose card says this (a name, or an operator and a node's name); empty when there is none.
    QString placeNamed(const QString& name) const;

    // The frames around the selection, from the outside in, and the selection; empty when in none.
    QList<Crumb> crumbs() const;

    // Colours the cards by data; null: by operator.
    void setData(std::shared_ptr<const NodeData> nodeData);
    void setLegendShown(bool shown);
    // Something lies between the selection and what was selected before it.
    bool canTraceBetween() const;
    bool isTracing() const;

    // Large graphs are drawn with groups at first, unless this is off.
    void setGroupsLargeGraphs(bool on);

public slots:
    void fit();
    void zoomIn();
    void zoomOut();
    void actualSize();
    void setHorizontal(bool horizontal);
    // 0: no groups are drawn; 1: all closed; each further level opens those one deeper. Beyond
    // groupDepth(): all open. Forgets what was opened and closed by hand.
    void setGroupLevel(int level);
    void setFoldQuantization(bool fold);
    void traceUpstream(); // from the selection
    void traceDownstream();
    void traceBetween();
    void endTrace();
    void openLevel();
    void closeLevel();
    void toggleGroups();
    // A group, or the body of a node (see OpenPlaces).
    void togglePlace(const QString& place);

signals:
    void selectionChanged(const lapidary::Selection& selection); // by the user
    void layoutStarted();
    void layoutFinished(double layoutMs); // the next paint shows the graph
    void zoomChanged(double scale);
    void viewChanged();                           // panned, zoomed or resized, by whomever
    void groupsChanged();                         // level, depth
    void contextMenuWanted(const QPoint& global); // on the selection

private:
    struct Private;
    void startLayout(const std::string& anchor = {});
    std::unique_ptr<Private> d;
};

} // namespace lapidary
