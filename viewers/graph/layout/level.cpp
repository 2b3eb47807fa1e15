// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/layout/level.h"

#include "viewers/graph/layout/pack.h"

#include <algorithm>
#include <numeric>

namespace lapidary::layered {

namespace {

// Of the boxes pinned first the one whose straight line passes the most cells.
int32_t mainPort(const Component& component, const Placement& placement)
{
    if (component.pins.empty())
        return -1;
    std::vector<int32_t> length(placement.block.size(), 0);
    for (const int32_t block : placement.block)
        ++length[static_cast<size_t>(block)];
    int32_t found = -1;
    int32_t longest = 0;
    for (int32_t box = 0; box < component.boxCount(); ++box) {
        const int32_t candidate = length[static_cast<size_t>(placement.block[static_cast<size_t>(box)])];
        if (component.pinOf(box) == Pin::First && candidate > longest) {
            longest = candidate;
            found = box;
        }
    }
    return found;
}

ComponentLayout layoutComponent(Component& component, const LayoutOptions& options, JobContext& job)
{
    const std::vector<int32_t> ranks = rankBoxes(component, job);
    Layers layers = buildLayers(component, ranks);
    const int64_t crossings = orderRanks(layers, job);
    const Placement placement = placeCells(layers, options, job);
    ComponentLayout result = routeEdges(component, layers, placement, options);
    result.crossings = crossings;
    result.mainPort = mainPort(component, placement);
    result.pinned = !component.pins.empty();
    return result;
}

} // namespace

Level::Level(size_t boxes, std::vector<Pin> pins, std::vector<LevelEdge> edges)
    : m_boxCount(boxes), m_pins(std::move(pins)), m_edges(std::move(edges))
{
}

// Pinned boxes belong together: what they join must reach the same borders.
std::vector<int32_t> Level::connectedRoots() const
{
    std::vector<int32_t> root(m_boxCount);
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&root](int32_t box) {
        while (root[static_cast<size_t>(box)] != box) {
            auto& parent = root[static_cast<size_t>(box)];
            parent = root[static_cast<size_t>(parent)];
            box = parent;
        }
        return box;
    };
    const auto join = [&](int32_t a, int32_t b) {
        a = find(a);
        b = find(b);
        root[static_cast<size_t>(std::max(a, b))] = std::min(a, b);
    };
    for (const LevelEdge& edge : m_edges)
        join(edge.from, edge.to);
    int32_t pinned = -1;
    for (size_t box = 0; box < m_pins.size(); ++box) {
        if (m_pins[box] == Pin::None)
            continue;
        if (pinned >= 0)
            join(pinned, static_cast<int32_t>(box));
        pinned = static_cast<int32_t>(box);
    }
    for (size_t box = 0; box < root.size(); ++box)
        root[box] = find(static_cast<int32_t>(box));
    return root;
}

void Level::split()
{
    const std::vector<int32_t> roots = connectedRoots();
    std::vector<int32_t> componentOf(m_boxCount, -1);
    std::vector<int32_t> localIndex(m_boxCount, 0);
    for (size_t box = 0; box < m_boxCount; ++box) {
        const auto root = static_cast<size_t>(roots[box]);
        if (componentOf[root] < 0) {
            componentOf[root] = static_cast<int32_t>(m_components.size());
            m_components.emplace_back();
            m_boxes.emplace_back();
        }
        componentOf[box] = componentOf[root];
        const auto component = static_cast<size_t>(componentOf[box]);
        localIndex[box] = static_cast<int32_t>(m_boxes[component].size());
        m_boxes[component].push_back(static_cast<int32_t>(box));
    }
    for (size_t c = 0; c < m_components.size(); ++c) {
        m_components[c].sizes.resize(m_boxes[c].size());
        const auto pinned = [this](int32_t box) {
            return !m_pins.empty() && m_pins[static_cast<size_t>(box)] != Pin::None;
        };
        if (std::none_of(m_boxes[c].begin(), m_boxes[c].end(), pinned))
            continue;
        for (const int32_t box : m_boxes[c])
            m_components[c].pins.push_back(m_pins[static_cast<size_t>(box)]);
    }
    for (size_t e = 0; e < m_edges.size(); ++e) {
        const LevelEdge& edge = m_edges[e];
        if (edge.from == edge.to)
            continue;
        const auto from = static_cast<size_t>(edge.from);
        m_components[static_cast<size_t>(componentOf[from])].edges.push_back(
            {localIndex[from], localIndex[static_cast<size_t>(edge.to)], edge.wire, static_cast<int32_t>(e)});
    }
}

void Level::orient()
{
    split();
    for (Component& component : m_components) {
        layered::orient(component);
        for (const Edge& edge : component.edges)
            m_edges[static_cast<size_t>(edge.original)].reversed = edge.reversed;
    }
}

// A reversed edge meets its boxes the other way round.
void Level::fill(Component& component, const std::vector<int32_t>& boxes,
                 const std::vector<Size>& sizes) const
{
    for (size_t i = 0; i < boxes.size(); ++i)
        component.sizes[i] = sizes[static_cast<size_t>(boxes[i])];
    for (Edge& edge : component.edges) {
        const LevelEdge& original = m_edges[static_cast<size_t>(edge.original)];
        edge.toPort = edge.reversed ? original.fromPort : original.toPort;
        component.wires[static_cast<size_t>(edge.wire)].fromPort =
            edge.reversed ? original.toPort : original.fromPort;
    }
}

LevelLayout Level::layout(const std::vector<Size>& sizes, const LayoutOptions& options, JobContext& job)
{
    std::vector<ComponentLayout> parts;
    parts.reserve(m_components.size());
    for (size_t c = 0; c < m_components.size(); ++c) {
        if (job.stopRequested())
            return {};
        fill(m_components[c], m_boxes[c], sizes);
        parts.push_back(layoutComponent(m_components[c], options, job));
    }
    return assemble(parts, options);
}

LevelLayout Level::assemble(std::vector<ComponentLayout>& parts, const LayoutOptions& options) const
{
    LevelLayout layout;
    layout.boxAcross.resize(m_boxCount);
    layout.boxAlong.resize(m_boxCount);
    layout.ranks.resize(m_boxCount);
    layout.routes.resize(m_edges.size());
    const Packing packing = packComponents(parts, options);
    layout.across = packing.across;
    layout.along = packing.along;
    for (size_t c = 0; c < parts.size(); ++c) {
        ComponentLayout& part = parts[c];
        const Offset offset = packing.offsets[c];
        for (size_t i = 0; i < m_boxes[c].size(); ++i) {
            const auto box = static_cast<size_t>(m_boxes[c][i]);
            layout.boxAcross[box] = part.boxAcross[i] + offset.across;
            layout.boxAlong[box] = part.boxAlong[i] + offset.along;
            layout.ranks[box] = part.ranks[i];
        }
        for (size_t e = 0; e < part.routes.size(); ++e) {
            for (RouteRun& run : part.routes[e])
                run = {run.across + offset.across, run.start + offset.along, run.end + offset.along};
            layout.routes[static_cast<size_t>(m_components[c].edges[e].original)] = std::move(part.routes[e]);
        }
        layout.crossings += part.crossings;
        if (part.mainPort >= 0)
            layout.mainPort = m_boxes[c][static_cast<size_t>(part.mainPort)];
    }
    return layout;
}

} // namespace lapidary::layered
