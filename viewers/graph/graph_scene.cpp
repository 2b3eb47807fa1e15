// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_scene.h"

#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_types.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace lapidary {

namespace {

constexpr double sameLine = 0.01;

// Groups the items 0..count-1 by key(item) in [0, keys).
template <typename Key>
void groupBy(size_t keys, size_t count, Key key, std::vector<int32_t>& start, std::vector<int32_t>& items)
{
    start.assign(keys + 1, 0);
    for (size_t i = 0; i < count; ++i)
        ++start[static_cast<size_t>(key(i)) + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    items.resize(count);
    std::vector<int32_t> fill(start.begin(), start.end() - 1);
    for (size_t i = 0; i < count; ++i)
        items[static_cast<size_t>(fill[static_cast<size_t>(key(i))]++)] = static_cast<int32_t>(i);
}

// Straight lines at the same place become one where they overlap or touch.
void mergeLines(std::vector<RouteRun>& lines)
{
    for (RouteRun& line : lines) {
        if (line.start > line.end)
            std::swap(line.start, line.end);
    }
    std::sort(lines.begin(), lines.end(), [](const RouteRun& a, const RouteRun& b) {
        return a.across != b.across ? a.across < b.across : a.start < b.start;
    });
    size_t kept = 0;
    for (const RouteRun& line : lines) {
        if (kept > 0 && std::abs(lines[kept - 1].across - line.across) < sameLine &&
            line.start <= lines[kept - 1].end + sameLine)
            lines[kept - 1].end = std::max(lines[kept - 1].end, line.end);
        else
            lines[kept++] = line;
    }
    lines.resize(kept);
}

bool before(const WirePiece& a, const WirePiece& b)
{
    if (a.start != b.start)
        return a.start < b.start;
    if (a.a0 != b.a0)
        return a.a0 < b.a0;
    return a.a1 != b.a1 ? a.a1 < b.a1 : a.end < b.end;
}

bool same(const WirePiece& a, const WirePiece& b)
{
    return a.start == b.start && a.a0 == b.a0 && a.a1 == b.a1 && a.end == b.end;
}

} // namespace

FlowPoint pointOn(const WirePiece& piece, double t)
{
    const double u = 1 - t;
    const double across = u * u * (u + 3 * t) * piece.a0 + t * t * (t + 3 * u) * piece.a1;
    const double middle = (piece.start + piece.end) / 2;
    const double along = u * u * u * piece.start + 3 * u * t * middle + t * t * t * piece.end;
    return {across, along};
}

Result<std::shared_ptr<const GraphScene>> GraphScene::build(std::shared_ptr<const Model> model,
                                                            const Graph& graph, const CardMetrics& metrics,
                                                            const DisplayOptions& display,
                                                            const LayoutOptions& layout, JobContext& job)
{
    std::shared_ptr<GraphScene> scene(new GraphScene);
    TRY_ASSIGN(scene->m_display, buildDisplayGraph(*model, graph, display, job));
    TRY_ASSIGN(scene->m_layout, layoutGraph(layoutInput(scene->m_display, metrics), layout, job));
    scene->m_model = std::move(model);
    scene->indexEdges();
    scene->makeWires();
    if (job.stopRequested())
        return cancelled();
    scene->indexGeometry();
    for (size_t box = 0; box < scene->m_display.boxes.size(); ++box) {
        if (scene->m_display.boxes[box].open)
            scene->m_frames.push_back(static_cast<BoxId>(box));
    }
    return std::shared_ptr<const GraphScene>(std::move(scene));
}

void GraphScene::indexEdges()
{
    const auto& edges = m_display.edges;
    const size_t boxes = m_display.boxes.size();
    groupBy(
        boxes, edges.size(), [&](size_t e) { return edges[e].from; }, m_outStart, m_outEdges);
    groupBy(
        boxes, edges.size(), [&](size_t e) { return edges[e].to; }, m_inStart, m_inEdges);
}

void GraphScene::makeWires()
{
    for (const DisplayScope& scope : m_display.scopes)
        m_wireOfValue.emplace_back(scope.graph->values.size(), -1);
    std::vector<EdgeId> group;
    for (size_t box = 0; box < m_display.boxes.size(); ++box) {
        const auto edges = outEdges(static_cast<BoxId>(box));
        group.assign(edges.begin(), edges.end());
        std::stable_sort(group.begin(), group.end(), [this](EdgeId a, EdgeId b) {
            return std::tie(edge(a).scope, edge(a).value) < std::tie(edge(b).scope, edge(b).value);
        });
        for (size_t first = 0; first < group.size();) {
            size_t last = first;
            bool captured = true;
            const auto same = [this](const DisplayEdge& a, const DisplayEdge& b) {
                return a.scope == b.scope && a.value == b.value;
            };
            for (; last < group.size() && same(edge(group[last]), edge(group[first])); ++last)
                captured = captured && edge(group[last]).captured;
            SceneWire wire;
            wire.value = edge(group[first]).value;
            wire.scope = edge(group[first]).scope;
            wire.source = static_cast<BoxId>(box);
            wire.captured = captured;
            const auto id = static_cast<WireId>(m_wires.size());
            addPieces(wire, std::span(group).subspan(first, last - first), id);
            m_wireOfValue[static_cast<size_t>(wire.scope)][static_cast<size_t>(wire.value)] = id;
            m_wires.push_back(wire);
            first = last;
        }
    }
    groupBy(
        m_display.boxes.size(), m_wires.size(), [this](size_t w) { return m_wires[w].source; }, m_wireStart,
        m_wireOrder);
}

void GraphScene::addPieces(SceneWire& wire, std::span<const EdgeId> edges, WireId id)
{
    std::vector<RouteRun> lines;
    std::vector<WirePiece> curves;
    for (const EdgeId e : edges) {
        const auto runs = m_layout.route(static_cast<size_t>(e));
        for (size_t i = 0; i < runs.size(); ++i) {
            lines.push_back(runs[i]);
            if (i > 0)
                curves.push_back({runs[i - 1].across, runs[i - 1].end, runs[i].across, runs[i].start, id});
        }
        if (runs.empty())
            continue;
        wire.labelAcross = runs.front().across;
        wire.labelAlong = runs.front().start;
        if (runs.size() > 1)
            wire.side += runs[1].across - runs[0].across;
    }
    mergeLines(lines);
    std::sort(curves.begin(), curves.end(), before);
    curves.erase(std::unique(curves.begin(), curves.end(), same), curves.end());
    wire.firstPiece = static_cast<int32_t>(m_pieces.size());
    for (const RouteRun& line : lines)
        m_pieces.push_back({line.across, line.start, line.across, line.end, id});
    m_pieces.insert(m_pieces.end(), curves.begin(), curves.end());
    wire.pieceCount = static_cast<int32_t>(m_pieces.size()) - wire.firstPiece;
}

void GraphScene::indexGeometry()
{
    std::vector<Bounds> bounds;
    bounds.reserve(m_pieces.size());
    for (const BoxRect& box : m_layout.boxes)
        bounds.push_back({box.x, box.y, box.right(), box.bottom()});
    m_boxIndex = SpatialIndex(std::move(bounds));
    bounds = {};
    for (const WirePiece& piece : m_pieces) {
        const auto [low, high] = std::minmax(piece.a0, piece.a1);
        const auto [first, last] = std::minmax(piece.start, piece.end);
        bounds.push_back(horizontal() ? Bounds{first, low, last, high} : Bounds{low, first, high, last});
    }
    m_pieceIndex = SpatialIndex(std::move(bounds));
}

ScopeTypes GraphScene::typesOf(const InferredTypes* types) const
{
    ScopeTypes result(m_display.scopes.size(), nullptr);
    if (types == nullptr)
        return result;
    const TypesByGraph known = typesByGraph(*m_model, *types);
    for (size_t scope = 0; scope < result.size(); ++scope) {
        if (const auto found = known.find(m_display.scopes[scope].graph); found != known.end())
            result[scope] = found->second;
    }
    return result;
}

const Graph* GraphScene::graphOrNull(ScopeId scope) const
{
    const Graph* graph = m_display.scope(scope).graph;
    return graph == &m_model->graph ? nullptr : graph;
}

// A function that is called more than once is drawn more than once: the first place counts.
BoxId GraphScene::boxOf(const Selection& selection) const
{
    if (selection.kind == Selection::Kind::Group)
        return boxOfPlace(selection.group->place);
    const auto in = [](const std::vector<BoxId>& boxes, int32_t id) {
        return id >= 0 && static_cast<size_t>(id) < boxes.size() ? boxes[static_cast<size_t>(id)] : noBox;
    };
    for (const DisplayScope& scope : m_display.scopes) {
        if (scope.graph != &selection.graphIn(*m_model))
            continue;
        BoxId box = noBox;
        if (selection.kind == Selection::Kind::Node)
            box = in(scope.boxOfNode, selection.node);
        else if (selection.kind == Selection::Kind::Value)
            box = in(scope.boxOfValue, selection.value);
        if (box != noBox)
            return box;
    }
    return noBox;
}

BoxId GraphScene::boxOfPlace(const std::string& key) const
{
    for (size_t i = 0; i < m_display.boxes.size(); ++i) {
        if (m_display.boxes[i].expandable && m_display.placeKey(static_cast<BoxId>(i)) == key)
            return static_cast<BoxId>(i);
    }
    return noBox;
}

std::vector<EdgeId> GraphScene::edgesOf(const SceneWire& wire) const
{
    std::vector<EdgeId> edges;
    for (const EdgeId id : outEdges(wire.source)) {
        if (edge(id).value == wire.value && edge(id).scope == wire.scope)
            edges.push_back(id);
    }
    return edges;
}

WireId GraphScene::wireOf(const Selection& selection) const
{
    if (selection.kind != Selection::Kind::Value || selection.value < 0)
        return -1;
    for (size_t scope = 0; scope < m_display.scopes.size(); ++scope) {
        const auto& wires = m_wireOfValue[scope];
        const auto value = static_cast<size_t>(selection.value);
        if (m_display.scopes[scope].graph == &selection.graphIn(*m_model) && value < wires.size() &&
            wires[value] >= 0)
            return wires[value];
    }
    return -1;
}

Selection GraphScene::selectionOf(ScopeId scope, ValueId value) const
{
    return Selection::ofValue(value, graphOrNull(scope));
}

std::string GraphScene::nameOf(const Selection& selection) const
{
    const Graph& graph = selection.graphIn(*m_model);
    switch (selection.kind) {
    case Selection::Kind::Node: return nodeLabel(graph.node(selection.node), selection.node);
    case Selection::Kind::Value: return graph.value(selection.value).name;
    case Selection::Kind::Group: return selection.group->name;
    case Selection::Kind::None: break;
    }
    return {};
}

Selection GraphScene::selectionOf(BoxId id) const
{
    if (id == noBox)
        return {};
    const DisplayBox& shown = box(id);
    if (shown.kind == DisplayBox::Kind::Group) {
        NodeGroup group;
        group.name = shown.title;
        group.place = m_display.placeKey(id);
        group.alike = shown.alike;
        group.nodes = nodesIn(*m_display.scope(shown.scope).groups, shown.group);
        return Selection::ofGroup(std::make_shared<const NodeGroup>(std::move(group)),
                                  graphOrNull(shown.scope));
    }
    return shown.isPill() ? selectionOf(shown.scope, shown.value)
                          : Selection::ofNode(shown.node, graphOrNull(shown.scope));
}

ValueId GraphScene::rowValueAt(BoxId id, double fromTop) const
{
    if (box(id).open)
        return noValue;
    const double row =
        std::floor((fromTop - CardStyle::headerHeight - CardStyle::rowsPadding) / CardStyle::rowHeight);
    const auto& rows = box(id).rows;
    if (row < 0 || row >= static_cast<double>(rows.size()))
        return noValue;
    return rows[static_cast<size_t>(row)].value;
}

BoxId GraphScene::boxAt(double x, double y) const
{
    BoxId found = noBox;
    m_boxIndex.query({x, y, x, y}, [&](int32_t box) { found = std::max(found, box); });
    return found;
}

WireId GraphScene::wireAt(double x, double y, double reach) const
{
    const double across = horizontal() ? y : x;
    const double along = horizontal() ? x : y;
    WireId found = -1;
    double nearest = reach;
    m_pieceIndex.query({x - reach, y - reach, x + reach, y + reach}, [&](int32_t index) {
        const WirePiece& piece = m_pieces[static_cast<size_t>(index)];
        double distance = std::abs(across - piece.a0);
        if (piece.isCurve()) {
            distance = std::numeric_limits<double>::max();
            constexpr int steps = 32;
            FlowPoint last = pointOn(piece, 0);
            for (int i = 1; i <= steps; ++i) {
                const FlowPoint next = pointOn(piece, static_cast<double>(i) / steps);
                const double dx = next.across - last.across;
                const double dy = next.along - last.along;
                const double length = std::max(dx * dx + dy * dy, 1e-9);
                const double t =
                    std::clamp(((across - last.across) * dx + (along - last.along) * dy) / length, 0., 1.);
                distance = std::min(distance,
                                    std::hypot(across - last.across - t * dx, along - last.along - t * dy));
                last = next;
            }
        }
        if (distance < nearest) {
            nearest = distance;
            found = piece.wire;
        }
    });
    return found;
}

} // namespace lapidary
