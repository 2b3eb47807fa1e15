// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: paints what is visible of a scene, with as much detail as the zoom can show. Knows no
// widgets, so that it serves the canvas, the minimap and pictures alike.
#pragma once

#include "viewers/graph/graph_scene.h"
#include "viewers/graph/graph_theme.h"
#include "viewers/graph/node_data.h"
#include "viewers/graph/trace.h"
#include "viewers/graph/view_transform.h"

#include <QFont>
#include <QLineF>

class QPainter;

namespace lapidary {

// What stands out. Boxes and wires that are not there are noBox and -1.
struct GraphEmphasis {
    BoxId selectedBox = noBox;
    WireId selectedWire = -1;
    ValueId selectedRow = noValue; // a folded value of selectedBox
    BoxId hoveredBox = noBox;
    WireId hoveredWire = -1;
    std::shared_ptr<const Trace> trace;      // all else fades; may be null
    std::shared_ptr<const DataColours> data; // in place of the operators' colours; may be null
    std::vector<BoxId> hits;                 // ascending
};

// Where the label of a wire goes, in the scene: beside the place where the wire leaves its box. The second
// place where the first is not free; nullopt: there is but one.
struct LabelPlaces {
    Bounds first;
    std::optional<Bounds> second;
};
LabelPlaces labelPlaces(const GraphScene& scene, const SceneWire& wire, double width);

class GraphPainter {
public:
    explicit GraphPainter(const QFont& base);

    // Paints the area of the view (pixels) without its background. types: of the scene.
    void paint(QPainter& painter, const GraphScene& scene, const ScopeTypes& types, const ViewTransform& view,
               const QRectF& area, const GraphTheme& theme, const GraphEmphasis& emphasis);
    // Only shapes and colours, for the minimap; x and y may be scaled differently. data may be null.
    static void paintOverview(QPainter& painter, const GraphScene& scene, const QRectF& target,
                              const GraphTheme& theme, const DataColours* data);

private:
    struct Frame;
    void paintFrames(Frame& frame);
    void paintPieces(Frame& frame);
    void paintEmphasis(Frame& frame);
    void paintBoxes(Frame& frame);
    void paintPoints(Frame& frame);
    void paintHits(Frame& frame, const std::vector<BoxId>& boxes);
    void paintCard(Frame& frame, BoxId id);
    void paintHeader(Frame& frame, const QRectF& rect, const QColor& color);
    void paintOpener(Frame& frame, BoxId id);
    void paintBars(Frame& frame, const DisplayBox& box, const QRectF& rect);
    void paintTexts(Frame& frame, BoxId id);
    void paintRing(Frame& frame, BoxId id, const QColor& color, double width);
    void paintArrows(Frame& frame, const std::vector<BoxId>& boxes);
    void paintLabels(Frame& frame, const std::vector<BoxId>& boxes);
    void drawText(Frame& frame, const QFont& font, const QColor& color, double x, double y, double width,
                  const QString& text);

    QFont m_title;
    QFont m_rowName;
    QFont m_row;
    QFont m_label;
};

} // namespace lapidary
