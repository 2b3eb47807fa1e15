// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: from the scene's units to the pixels of the canvas and back.
#pragma once

#include "viewers/graph/layout.h"
#include "viewers/graph/spatial_index.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace lapidary {

struct ViewTransform {
    double scale = 1;
    double left = 0; // scene coordinates of the canvas's upper left corner
    double top = 0;

    double toX(double x) const { return (x - left) * scale; }
    double toY(double y) const { return (y - top) * scale; }
    QPointF toView(double x, double y) const { return {toX(x), toY(y)}; }
    QRectF toView(const BoxRect& box) const
    {
        return {toX(box.x), toY(box.y), box.width * scale, box.height * scale};
    }
    QPointF toScene(const QPointF& point) const
    {
        return {point.x() / scale + left, point.y() / scale + top};
    }
    Bounds sceneArea(const QRectF& view) const
    {
        return {view.left() / scale + left, view.top() / scale + top, view.right() / scale + left,
                view.bottom() / scale + top};
    }
    // Moves so that this point of the scene is in the middle of a canvas of this size.
    void centre(double x, double y, const QSizeF& canvas)
    {
        left = x - canvas.width() / 2 / scale;
        top = y - canvas.height() / 2 / scale;
    }
    // Zooms so that the scene point under anchor stays there.
    void zoomAbout(const QPointF& anchor, double newScale)
    {
        const QPointF fixed = toScene(anchor);
        scale = newScale;
        left = fixed.x() - anchor.x() / scale;
        top = fixed.y() - anchor.y() / scale;
    }
};

} // namespace lapidary
