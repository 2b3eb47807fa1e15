// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/hit_marks.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lapidary {

namespace {
constexpr double dot = 3;
} // namespace

std::vector<BoxId> boxesOf(const GraphScene& scene, const std::vector<HitMark>& hits)
{
    std::vector<char> found(scene.display().boxes.size(), 0);
    for (const HitMark& hit : hits) {
        BoxId box = scene.boxOf(hit.value == noValue ? Selection::ofNode(hit.node, hit.graph)
                                                     : Selection::ofValue(hit.value, hit.graph));
        if (box == noBox && hit.around != noNode)
            box = scene.boxOf(Selection::ofNode(hit.around));
        if (box != noBox)
            found[static_cast<size_t>(box)] = 1;
    }
    std::vector<BoxId> boxes;
    for (size_t box = 0; box < found.size(); ++box) {
        if (found[box])
            boxes.push_back(static_cast<BoxId>(box));
    }
    return boxes;
}

void paintHitDots(QPainter& painter, const GraphScene& scene, const std::vector<BoxId>& boxes,
                  const std::function<QRectF(const BoxRect&)>& place, const QRectF& area, const QColor& color)
{
    if (boxes.empty() || area.isEmpty())
        return;
    const auto columns = static_cast<size_t>(std::ceil(area.width() / dot)) + 1;
    const auto rows = static_cast<size_t>(std::ceil(area.height() / dot)) + 1;
    std::vector<char> taken(columns * rows, 0);
    QList<QRectF> dots;
    for (const BoxId box : boxes) {
        QRectF rect = place(scene.rect(box));
        if (!rect.adjusted(-dot, -dot, dot, dot).intersects(area))
            continue;
        if (scene.box(box).open)
            rect.setSize({dot, dot}); // a corner: what is in the frame stays visible
        if (rect.width() <= dot && rect.height() <= dot) {
            const QPointF center = rect.center() - area.topLeft();
            const auto column = static_cast<size_t>(std::clamp(center.x() / dot, 0.0, double(columns - 1)));
            const auto row = static_cast<size_t>(std::clamp(center.y() / dot, 0.0, double(rows - 1)));
            if (std::exchange(taken[row * columns + column], char(1)))
                continue;
        }
        const double moreX = std::max(0.0, dot - rect.width()) / 2,
                     moreY = std::max(0.0, dot - rect.height()) / 2;
        dots.append(rect.adjusted(-moreX, -moreY, moreX, moreY));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRects(dots);
}

} // namespace lapidary
