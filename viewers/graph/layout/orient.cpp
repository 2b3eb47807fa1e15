// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/layout/layered_graph.h"

#include <algorithm>
#include <numeric>

namespace lapidary::layered {

namespace {

// Kahn's algorithm. When only boxes on cycles are left, the first of them is taken next, which
// turns its remaining incoming edges round.
std::vector<int32_t> takeOrder(const Component& component)
{
    const auto count = static_cast<size_t>(component.boxCount());
    std::vector<int32_t> waiting(count, 0);
    std::vector<int32_t> start(count + 1, 0);
    for (const Edge& edge : component.edges) {
        ++waiting[static_cast<size_t>(edge.to)];
        ++start[static_cast<size_t>(edge.from) + 1];
    }
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<int32_t> targets(component.edges.size());
    std::vector<int32_t> fill(start.begin(), start.end() - 1);
    for (const Edge& edge : component.edges)
        targets[static_cast<size_t>(fill[static_cast<size_t>(edge.from)]++)] = edge.to;

    std::vector<int32_t> order;
    order.reserve(count);
    std::vector<char> taken(count, 0);
    const auto take = [&](size_t box) {
        taken[box] = 1;
        order.push_back(static_cast<int32_t>(box));
    };
    for (size_t box = 0; box < count; ++box) {
        if (waiting[box] == 0)
            take(box);
    }
    size_t next = 0;
    for (size_t candidate = 0; order.size() < count || next < order.size();) {
        if (next == order.size()) {
            while (taken[candidate])
                ++candidate;
            take(candidate);
        }
        const auto box = static_cast<size_t>(order[next++]);
        for (int32_t i = start[box]; i < start[box + 1]; ++i) {
            const auto target = static_cast<size_t>(targets[static_cast<size_t>(i)]);
            if (--waiting[target] == 0 && !taken[target])
                take(target);
        }
    }
    return order;
}

} // namespace

void orient(Component& component)
{
    int32_t newWire = 0;
    for (const Edge& edge : component.edges)
        newWire = std::max(newWire, edge.wire + 1);
    const auto turn = [&newWire](Edge& edge) {
        std::swap(edge.from, edge.to);
        edge.reversed = true;
        edge.wire = newWire++;
    };
    for (Edge& edge : component.edges) {
        if (component.pinOf(edge.from) == Pin::Last || component.pinOf(edge.to) == Pin::First)
            turn(edge);
    }
    component.order = takeOrder(component);
    std::vector<int32_t> index(component.order.size());
    for (size_t i = 0; i < component.order.size(); ++i)
        index[static_cast<size_t>(component.order[i])] = static_cast<int32_t>(i);
    for (Edge& edge : component.edges) {
        if (index[static_cast<size_t>(edge.from)] > index[static_cast<size_t>(edge.to)])
            turn(edge);
    }

    std::sort(component.edges.begin(), component.edges.end(), [](const Edge& a, const Edge& b) {
        if (a.from != b.from)
            return a.from < b.from;
        return a.wire != b.wire ? a.wire < b.wire : a.original < b.original;
    });
    component.wires.clear();
    int32_t lastWire = -1;
    for (size_t i = 0; i < component.edges.size(); ++i) {
        Edge& edge = component.edges[i];
        if (component.wires.empty() || component.wires.back().source != edge.from || lastWire != edge.wire)
            component.wires.push_back({edge.from, static_cast<int32_t>(i)});
        lastWire = edge.wire;
        edge.wire = static_cast<int32_t>(component.wires.size()) - 1;
        ++component.wires.back().edgeCount;
    }
}

} // namespace lapidary::layered
