// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/layout.h"

#include "viewers/graph/layout/layered_graph.h"
#include "viewers/graph/layout/pack.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace lapidary {

namespace {

using layered::Component;
using layered::ComponentLayout;

struct Parts {
    std::vector<Component> components;
    std::vector<int32_t> componentOf;        // by box
    std::vector<int32_t> localIndex;         // by box
    std::vector<std::vector<int32_t>> boxes; // by component
};

std::vector<int32_t> connectedRoots(const LayoutInput& input)
{
    std::vector<int32_t> root(input.boxes.size());
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&root](int32_t box) {
        while (root[static_cast<size_t>(box)] != box) {
            auto& parent = root[static_cast<size_t>(box)];
            parent = root[static_cast<size_t>(parent)];
            box = parent;
        }
        return box;
    };
    for (const LayoutEdge& edge : input.edges) {
        const int32_t a = find(edge.from);
        const int32_t b = find(edge.to);
        root[static_cast<size_t>(std::max(a, b))] = std::min(a, b);
    }
    for (size_t box = 0; box < root.size(); ++box)
        root[box] = find(static_cast<int32_t>(box));
    return root;
}

Parts split(const LayoutInput& input, bool horizontal)
{
    Parts parts;
    const std::vector<int32_t> roots = connectedRoots(input);
    parts.componentOf.assign(input.boxes.size(), -1);
    parts.localIndex.assign(input.boxes.size(), 0);
    for (size_t box = 0; box < input.boxes.size(); ++box) {
        const auto root = static_cast<size_t>(roots[box]);
        if (parts.componentOf[root] < 0) {
            parts.componentOf[root] = static_cast<int32_t>(parts.components.size());
            parts.components.emplace_back();
            parts.boxes.emplace_back();
        }
        const int32_t index = parts.componentOf[root];
        Component& component = parts.components[static_cast<size_t>(index)];
        parts.componentOf[box] = index;
        parts.localIndex[box] = component.boxCount();
        const BoxSize& size = input.boxes[box];
        component.sizes.push_back(horizontal ? layered::Size{size.height, size.width}
                                             : layered::Size{size.width, size.height});
        parts.boxes[static_cast<size_t>(index)].push_back(static_cast<int32_t>(box));
    }
    for (size_t e = 0; e < input.edges.size(); ++e) {
        const LayoutEdge& edge = input.edges[e];
        if (edge.from == edge.to)
            continue;
        const auto from = static_cast<size_t>(edge.from);
        parts.components[static_cast<size_t>(parts.componentOf[from])].edges.push_back(
            {parts.localIndex[from], parts.localIndex[static_cast<size_t>(edge.to)], edge.wire,
             static_cast<int32_t>(e), false});
    }
    return parts;
}

ComponentLayout layoutComponent(Component& component, const LayoutOptions& options, JobContext& job)
{
    layered::orient(component);
    const std::vector<int32_t> ranks = layered::rankBoxes(component, job);
    layered::Layers layers = layered::buildLayers(component, ranks);
    const int64_t crossings = layered::orderRanks(layers, job);
    const layered::Placement placement = layered::placeCells(layers, options, job);
    ComponentLayout result = layered::routeEdges(component, layers, placement, options);
    result.crossings = crossings;
    return result;
}

BoxRect rectOf(double across, double along, const BoxSize& size, bool horizontal)
{
    return horizontal ? BoxRect{along, across, size.width, size.height}
                      : BoxRect{across, along, size.width, size.height};
}

GraphLayout assemble(const LayoutInput& input, const LayoutOptions& options, const Parts& parts,
                     std::vector<ComponentLayout>& pieces)
{
    const bool horizontal = options.direction == LayoutDirection::Horizontal;
    GraphLayout layout;
    layout.direction = options.direction;
    layout.boxes.resize(input.boxes.size());
    layout.ranks.resize(input.boxes.size());
    std::vector<const std::vector<RouteRun>*> routes(input.edges.size(), nullptr);
    const layered::Packing packing = layered::packComponents(pieces, options);
    for (size_t c = 0; c < pieces.size(); ++c) {
        ComponentLayout& piece = pieces[c];
        const layered::Offset offset = packing.offsets[c];
        for (size_t i = 0; i < parts.boxes[c].size(); ++i) {
            const auto box = static_cast<size_t>(parts.boxes[c][i]);
            layout.boxes[box] = rectOf(piece.boxAcross[i] + offset.across, piece.boxAlong[i] + offset.along,
                                       input.boxes[box], horizontal);
            layout.ranks[box] = piece.ranks[i];
        }
        for (size_t e = 0; e < piece.routes.size(); ++e) {
            for (RouteRun& run : piece.routes[e])
                run = {run.across + offset.across, run.start + offset.along, run.end + offset.along};
            routes[static_cast<size_t>(parts.components[c].edges[e].original)] = &piece.routes[e];
        }
        layout.crossings += piece.crossings;
    }
    layout.routeStart.push_back(0);
    for (const auto* route : routes) {
        if (route != nullptr)
            layout.runs.insert(layout.runs.end(), route->begin(), route->end());
        layout.routeStart.push_back(static_cast<uint32_t>(layout.runs.size()));
    }
    layout.width = horizontal ? packing.along : packing.across;
    layout.height = horizontal ? packing.across : packing.along;
    return layout;
}

} // namespace

Result<GraphLayout> layoutGraph(const LayoutInput& input, const LayoutOptions& options, JobContext& job)
{
    const auto count = static_cast<int32_t>(input.boxes.size());
    for (const LayoutEdge& edge : input.edges) {
        if (edge.from < 0 || edge.to < 0 || edge.from >= count || edge.to >= count)
            return makeError(ErrorCode::InvalidArgument,
                             "An edge of the graph names box " + std::to_string(edge.from) + " or " +
                                 std::to_string(edge.to) + " of " + std::to_string(count) + ".");
    }
    Parts parts = split(input, options.direction == LayoutDirection::Horizontal);
    std::vector<ComponentLayout> pieces;
    pieces.reserve(parts.components.size());
    for (Component& component : parts.components) {
        if (job.stopRequested())
            return cancelled();
        pieces.push_back(layoutComponent(component, options, job));
    }
    if (job.stopRequested())
        return cancelled();
    return assemble(input, options, parts, pieces);
}

} // namespace lapidary
