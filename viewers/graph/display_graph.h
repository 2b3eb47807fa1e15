// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what of a graph is drawn: boxes (node cards, pills for inputs and outputs, groups) and edges.
// Weights and constants have no boxes of their own: they are rows of the cards that use them, so a
// model whose weights are Constant or ConstantOfShape nodes is as compact as one with initializers.
// An open group, or a node whose body is open, is a frame around the boxes of what is in it; edges join
// what is in it directly with what is outside.
// Pure data, no widgets; built on any thread.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "engine/ops/inference.h"
#include "viewers/graph/groups/group_tree.h"
#include "viewers/graph/op_category.h"
#include "viewers/graph/open_places.h"

#include <memory>

namespace lapidary {

using BoxId = int32_t;
constexpr BoxId noBox = -1;
using ScopeId = int32_t;

// One line of a card below its header: "W ⟨64×3×7×7⟩", "alpha = 0.1".
struct DisplayRow {
    std::string name;
    std::string text;
    ValueId value = noValue; // noValue: not a weight
};

struct DisplayBox {
    enum class Kind : uint8_t { Node, Input, Output, Group, Body };
    Kind kind = Kind::Node;
    OpCategory category = OpCategory::Other;
    bool expandable = false; // can be opened
    bool open = false;       // a frame
    ScopeId scope = 0;       // the graph that node, value and group belong to
    BoxId frame = noBox;     // around it
    NodeId node = noNode;    // Kind::Node; Kind::Body: the node that it is in
    ValueId value = noValue; // Kind::Input, Kind::Output
    GroupId group = noGroup; // Kind::Group
    int32_t alike = 1;       // Kind::Group: how many are like it
    std::string title;       // operator type, or the name of the value, group or body
    std::vector<DisplayRow> rows;

    bool isPill() const { return kind == Kind::Input || kind == Kind::Output; }
};

struct DisplayEdge {
    BoxId from = noBox;
    BoxId to = noBox;
    ValueId value = noValue;
    ScopeId scope = 0;     // of the value
    bool captured = false; // used by a body of the target, or in a body from outside of it, by name
};

// One graph that is drawn: the model's own, a body, a function where it is called.
struct DisplayScope {
    const Graph* graph = nullptr;
    BoxId frame = noBox; // around it
    std::string key;
    std::shared_ptr<const GroupTree> groups; // null when groups are not drawn
    // Where a node is seen: its card, a closed group; a folded node: the first card that shows it; noBox
    // if none does.
    std::vector<BoxId> boxOfNode;
    std::vector<char> isFolded; // by node: has no card
    // The box that gives a value: its producer or input pill; for a folded value, the first card that
    // shows it. noBox when it is not drawn.
    std::vector<BoxId> boxOfValue;
};

using KnownGroups = std::unordered_map<const Graph*, std::shared_ptr<const GroupTree>>;

struct DisplayOptions {
    bool attributes = false; // rows for attributes
    // QuantizeLinear and DequantizeLinear have no cards: what reads the one's result is drawn as reading
    // what the other one reads.
    bool foldQuantization = false;
    OpenPlaces open;
    std::shared_ptr<const KnownGroups> known; // trees built before; may be null
};

struct DisplayGraph {
    std::vector<DisplayBox> boxes;             // a frame comes before what is in it
    std::vector<DisplayEdge> edges;            // each value once for each box that uses it
    std::vector<DisplayScope> scopes;          // [0]: the graph itself
    std::shared_ptr<const KnownGroups> groups; // of all graphs drawn

    const DisplayScope& scope(ScopeId id) const { return scopes[static_cast<size_t>(id)]; }
    const DisplayBox& box(BoxId id) const { return boxes[static_cast<size_t>(id)]; }
    const Graph& graphOf(const DisplayBox& box) const { return *scope(box.scope).graph; }
    // Names the place for OpenPlaces; empty for a box that cannot be opened.
    std::string placeKey(BoxId id) const;
};

// Keys of places; scope: of the graph (DisplayScope::key), "" for the model's own.
std::string groupKey(const std::string& scope, const Group& group);
std::string nodeKey(const std::string& scope, NodeId node);
// The key of the scope within a node; name: of one of several bodies, else empty.
std::string bodyKey(const std::string& scope, NodeId node, const std::string& name);

// graph: of the model, or a body or function of it. Errors: Cancelled only.
Result<DisplayGraph> buildDisplayGraph(const Model& model, const Graph& graph, const DisplayOptions& options,
                                       JobContext& job);

// Shape of a value for the label of its edge: "1×64×56×56"; empty when unknown or too long to draw.
// types: of that graph; may be null.
std::string edgeLabel(const Graph& graph, const InferredTypes* types, ValueId value);

// Of UTF-8 text.
size_t characterCount(std::string_view text);

} // namespace lapidary
