// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a laid out graph ready to be painted and pointed at: boxes, the lines of each wire, and the
// indices to find them. Built off the GUI thread, immutable afterwards.
#pragma once

#include "viewers/graph/display_graph.h"
#include "viewers/graph/layout.h"
#include "viewers/graph/selection.h"
#include "viewers/graph/spatial_index.h"

#include <memory>

namespace lapidary {

struct CardMetrics;

using EdgeId = int32_t;
using WireId = int32_t;

// A straight line along the flow (a0 == a1) or a curve between two such lines, in flow coordinates:
// across and along. Lines that several edges of a wire share are there once.
struct WirePiece {
    double a0 = 0;
    double start = 0;
    double a1 = 0;
    double end = 0;
    WireId wire = -1;
    bool isCurve() const { return a0 != a1; }
};

// All edges of one value from one box.
struct SceneWire {
    ValueId value = noValue;
    ScopeId scope = 0; // of the value
    BoxId source = noBox;
    bool captured = false; // by a body, for all its edges
    int32_t firstPiece = 0;
    int32_t pieceCount = 0;
    double labelAcross = 0; // where the wire leaves its source
    double labelAlong = 0;
    double side = 0; // which way it turns first: negative, 0 (straight on), positive
};

// What is known of the types in each scope of a scene; null where nothing is.
using ScopeTypes = std::vector<const InferredTypes*>;

class GraphScene {
public:
    // Errors: those of buildDisplayGraph and layoutGraph. The graph must be part of the model.
    static Result<std::shared_ptr<const GraphScene>> build(std::shared_ptr<const Model> model,
                                                           const Graph& graph, const CardMetrics& metrics,
                                                           const DisplayOptions& display,
                                                           const LayoutOptions& layout, JobContext& job);

    const Graph& graphOf(ScopeId scope) const { return *m_display.scope(scope).graph; }
    // types: of the model; may be null, else must outlive the result.
    ScopeTypes typesOf(const InferredTypes* types) const;
    const DisplayGraph& display() const { return m_display; }
    const GraphLayout& layout() const { return m_layout; }
    bool horizontal() const { return m_layout.direction == LayoutDirection::Horizontal; }
    const std::vector<SceneWire>& wires() const { return m_wires; }
    const std::vector<WirePiece>& pieces() const { return m_pieces; }
    const SpatialIndex& boxIndex() const { return m_boxIndex; }
    const SpatialIndex& pieceIndex() const { return m_pieceIndex; }

    const DisplayBox& box(BoxId id) const { return m_display.boxes[static_cast<size_t>(id)]; }
    const BoxRect& rect(BoxId id) const { return m_layout.boxes[static_cast<size_t>(id)]; }
    const DisplayEdge& edge(EdgeId id) const { return m_display.edges[static_cast<size_t>(id)]; }
    const SceneWire& wire(WireId id) const { return m_wires[static_cast<size_t>(id)]; }

    // Edges that end at, or start from, a box; in the order of its inputs.
    std::span<const EdgeId> inEdges(BoxId id) const { return row(m_inStart, m_inEdges, id); }
    std::span<const EdgeId> outEdges(BoxId id) const { return row(m_outStart, m_outEdges, id); }
    // Edges of a wire, in the order of the graph.
    std::vector<EdgeId> edgesOf(const SceneWire& wire) const;
    // Wires that start from a box.
    std::span<const WireId> outWires(BoxId id) const { return row(m_wireStart, m_wireOrder, id); }
    // Frames in the order of their depth, outer ones first.
    const std::vector<BoxId>& frames() const { return m_frames; }

    // The wire of a selected value; -1 when it is not drawn as one.
    WireId wireOf(const Selection& selection) const;
    // The box to show for a selection; noBox for none.
    BoxId boxOf(const Selection& selection) const;
    // The box of a place that can be opened; noBox when it is not drawn.
    BoxId boxOfPlace(const std::string& key) const;
    // What a box stands for.
    Selection selectionOf(BoxId id) const;
    Selection selectionOf(ScopeId scope, ValueId value) const;
    // How messages call it; empty for no selection.
    std::string nameOf(const Selection& selection) const;
    // The folded value whose row is at this height of the box (from its top), or noValue.
    ValueId rowValueAt(BoxId id, double fromTop) const;
    // The innermost box at a point; noBox.
    BoxId boxAt(double x, double y) const;
    // The wire nearest to a point, no farther than reach; -1.
    WireId wireAt(double x, double y, double reach) const;

private:
    GraphScene() = default;
    void indexEdges();
    void makeWires();
    void addPieces(SceneWire& wire, std::span<const EdgeId> edges, WireId id);
    void indexGeometry();
    static std::span<const int32_t> row(const std::vector<int32_t>& start, const std::vector<int32_t>& items,
                                        int32_t id)
    {
        const auto i = static_cast<size_t>(id);
        return {items.data() + start[i], static_cast<size_t>(start[i + 1] - start[i])};
    }

    const Graph* graphOrNull(ScopeId scope) const; // as Selection::graph

    std::shared_ptr<const Model> m_model; // keeps the graphs alive
    DisplayGraph m_display;
    GraphLayout m_layout;
    std::vector<int32_t> m_inStart, m_inEdges, m_outStart, m_outEdges, m_wireStart, m_wireOrder;
    std::vector<SceneWire> m_wires;
    std::vector<WirePiece> m_pieces;
    std::vector<std::vector<WireId>> m_wireOfValue; // by scope
    std::vector<BoxId> m_frames;
    SpatialIndex m_boxIndex;
    SpatialIndex m_pieceIndex;
};

// The point of a curve piece at t in [0, 1]: across and along. Tangents at both ends are along the flow.
struct FlowPoint {
    double across;
    double along;
};
FlowPoint pointOn(const WirePiece& piece, double t);

} // namespace lapidary
