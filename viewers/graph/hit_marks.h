// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a search has found, marked in the drawing so that it is seen from any distance.
#pragma once

#include "viewers/graph/graph_scene.h"

#include <QColor>
#include <QRectF>

class QPainter;

namespace lapidary {

// Boxes that show the hits: each once, ascending.
std::vector<BoxId> boxesOf(const GraphScene& scene, const std::vector<HitMark>& hits);

// A dot of at least three pixels for each box; those that fall onto each other are drawn once.
// place: of a box in the picture; area: of the picture that is visible.
void paintHitDots(QPainter& painter, const GraphScene& scene, const std::vector<BoxId>& boxes,
                  const std::function<QRectF(const BoxRect&)>& place, const QRectF& area,
                  const QColor& color);

} // namespace lapidary
