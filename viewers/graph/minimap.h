// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the small picture of the whole graph in a corner of the canvas, with a frame around what is
// visible. Very long graphs are squeezed so that they stay recognisable.
#pragma once

#include "viewers/graph/graph_painter.h"

#include <QPixmap>

namespace lapidary {

class Minimap {
public:
    void setScene(std::shared_ptr<const GraphScene> scene);
    void setTheme(const GraphTheme& theme);
    void setData(std::shared_ptr<const DataColours> data);
    void setHits(const std::vector<BoxId>& hits);

    // Where it is on a canvas of this size; empty when the whole graph is visible anyway.
    QRectF rect(const QSizeF& canvas, const ViewTransform& view) const;
    void paint(QPainter& painter, const QSizeF& canvas, const ViewTransform& view, double pixelRatio);
    // The scene point under a point of the canvas, which lies in rect().
    QPointF scenePoint(const QPointF& point, const QRectF& rect) const;

private:
    QRectF picture(const QRectF& rect) const;

    std::shared_ptr<const GraphScene> m_scene;
    GraphTheme m_theme;
    std::shared_ptr<const DataColours> m_data;
    std::vector<BoxId> m_hits;
    QPixmap m_pixmap;
};

} // namespace lapidary
