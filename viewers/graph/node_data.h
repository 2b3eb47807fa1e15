// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a number, or a kind, for each node, to colour the graph by: time, memory, type, device, ...
// Groups show what the nodes in them add up to.
#pragma once

#include "viewers/graph/graph_scene.h"

#include <QRgb>
#include <QString>

#include <functional>

namespace lapidary {

struct NodeData {
    QString title;              // for the legend: "Time"
    std::vector<double> values; // by node of the model's own graph; NaN: not known
    // Of a group. Most: the largest; of several kinds the last.
    enum class Combine { Sum, Mean, Most } combine = Combine::Sum;
    std::function<QString(double)> text; // of a value
    // Not empty: values are indices of these kinds. A group of several kinds has none (but see Most).
    QStringList kinds;
    std::vector<QRgb> kindColours; // of kinds; empty: any that differ
};

// What is painted: by box.
struct DataColours {
    std::vector<QRgb> fills; // 0: no data
    std::vector<double> values;
    double least = 0; // of the boxes shown
    double most = 0;
};

DataColours coloursOf(const GraphScene& scene, const NodeData& data, bool dark);
// Of the ramp at 0 to 1.
QRgb rampColour(double position, bool dark);
// Of a kind.
QRgb kindFill(const NodeData& data, double kind, bool dark = false);

} // namespace lapidary
