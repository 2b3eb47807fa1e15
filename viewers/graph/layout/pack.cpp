// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/layout/pack.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lapidary::layered {

Packing packComponents(const std::vector<ComponentLayout>& parts, const LayoutOptions& options)
{
    Packing packing;
    packing.offsets.resize(parts.size());
    if (parts.empty())
        return packing;
    std::vector<size_t> order(parts.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        if (parts[a].pinned != parts[b].pinned)
            return parts[a].pinned;
        return parts[a].boxAcross.size() > parts[b].boxAcross.size();
    });
    double area = 0;
    for (const ComponentLayout& part : parts)
        area += (part.across + options.componentGap) * (part.along + options.componentGap);
    // Columns along the flow, filled one after the other.
    const double columnLength = std::max(parts[order[0]].along, std::sqrt(area));
    double columnStart = 0;
    double columnWidth = 0;
    double at = 0;
    bool taken = false; // the column, by a part with pins
    for (const size_t i : order) {
        if (at > 0 && (taken || at + parts[i].along > columnLength)) {
            columnStart += columnWidth + options.componentGap;
            columnWidth = 0;
            at = 0;
        }
        packing.offsets[i] = {columnStart, at};
        taken = parts[i].pinned;
        columnWidth = std::max(columnWidth, parts[i].across);
        at += parts[i].along + options.componentGap;
        packing.across = std::max(packing.across, columnStart + parts[i].across);
        packing.along = std::max(packing.along, packing.offsets[i].along + parts[i].along);
    }
    return packing;
}

} // namespace lapidary::layered
