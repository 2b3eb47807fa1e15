// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: says what the colours of a graph that is coloured by data mean; painted in a corner of the canvas.
#pragma once

#include "viewers/graph/graph_theme.h"
#include "viewers/graph/node_data.h"

class QFont;
class QPainter;
class QPointF;
class QSizeF;

namespace lapidary {

QSizeF legendSize(const QFont& font, const NodeData& data, const DataColours& colours);
// topRight: of the legend, in pixels.
void paintLegend(QPainter& painter, const QPointF& topRight, const QFont& font, const NodeData& data,
                 const DataColours& colours, const GraphTheme& theme);

} // namespace lapidary
