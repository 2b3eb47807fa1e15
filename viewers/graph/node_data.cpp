// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/node_data.h"

#include "viewers/image/colour_map.h"

#include <QColor>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

// From little to much: pale to warm on a light ground, dim to bright on a dark one.
constexpr std::array<QRgb, 4> lightRamp{0xffd9e2ec, 0xfff2c879, 0xffe07b39, 0xff9c1c1c};
constexpr std::array<QRgb, 4> darkRamp{0xff3a434d, 0xff8a6a2f, 0xffd2762f, 0xffff5f4a};

constexpr std::array<QRgb, 10> kindColours{0xff2f5690, 0xff8a5a0c, 0xff33603a, 0xff7d3129, 0xff5f2f66,
                                           0xff1f6070, 0xff6b5246, 0xff464a75, 0xff4a5a2e, 0xff6b6f76};

// Of the nodes that each box stands for.
void gather(const GraphScene& scene, const NodeData& data, std::vector<double>& sums,
            std::vector<int>& counts, std::vector<char>& mixed, std::vector<double>& largest)
{
    const DisplayScope& scope = scene.display().scope(0);
    for (size_t node = 0; node < data.values.size() && node < scope.boxOfNode.size(); ++node) {
        if (std::isnan(data.values[node]) || scope.isFolded[node])
            continue;
        // An open group shows what all in it add up to, like a closed one.
        for (BoxId box = scope.boxOfNode[node]; box != noBox; box = scene.box(box).frame) {
            const auto i = static_cast<size_t>(box);
            mixed[i] = mixed[i] || (counts[i] > 0 && sums[i] / counts[i] != data.values[node]);
            largest[i] = counts[i] > 0 ? std::max(largest[i], data.values[node]) : data.values[node];
            sums[i] += data.values[node];
            ++counts[i];
        }
    }
}

} // namespace

QRgb rampColour(double position, bool dark) { return colourAlong(dark ? darkRamp : lightRamp, position); }

QRgb kindFill(const NodeData& data, double kind, bool dark)
{
    const auto index = static_cast<size_t>(kind);
    const QColor colour = QColor::fromRgb(
        index < data.kindColours.size() ? data.kindColours[index] : kindColours[index % kindColours.size()]);
    return dark ? colour.lighter(125).rgb() : colour.rgb();
}

DataColours coloursOf(const GraphScene& scene, const NodeData& data, bool dark)
{
    const size_t count = scene.display().boxes.size();
    std::vector<double> sums(count, 0);
    std::vector<int> counts(count, 0);
    std::vector<char> mixed(count, 0);
    std::vector<double> largest(count, 0);
    gather(scene, data, sums, counts, mixed, largest);
    DataColours colours;
    colours.values.assign(count, notKnown);
    colours.fills.assign(count, 0);
    const bool kinds = !data.kinds.isEmpty();
    bool first = true;
    for (size_t box = 0; box < count; ++box) {
        const bool most = data.combine == NodeData::Combine::Most;
        if (counts[box] == 0 || (kinds && mixed[box] && !most))
            continue;
        const bool mean = kinds || data.combine == NodeData::Combine::Mean;
        double value = mean ? sums[box] / counts[box] : sums[box];
        if (most)
            value = kinds && mixed[box] ? static_cast<double>(data.kinds.size() - 1) : largest[box];
        colours.values[box] = value;
        if (scene.box(static_cast<BoxId>(box)).open)
            continue; // would outdo all that is in it
        colours.least = first ? value : std::min(colours.least, value);
        colours.most = first ? value : std::max(colours.most, value);
        first = false;
    }
    // Sums start at nothing, so that equal colours mean equal shares.
    if (!kinds && data.combine == NodeData::Combine::Sum)
        colours.least = std::min(colours.least, 0.0);
    const double range = std::max(colours.most - colours.least, 1e-300);
    for (size_t box = 0; box < count; ++box) {
        if (std::isnan(colours.values[box]))
            continue;
        colours.fills[box] = kinds ? kindFill(data, colours.values[box], dark)
                                   : rampColour((colours.values[box] - colours.least) / range, dark);
    }
    return colours;
}

} // namespace lapidary
