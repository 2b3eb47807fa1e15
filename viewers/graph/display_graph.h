// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what of a graph is drawn: boxes (node cards, pills for inputs and outputs) and edges.
// Weights and constants have no boxes of their own: they are rows of the cards that use them, so a
// model whose weights are Constant or ConstantOfShape nodes is as compact as one with initializers.
// Pure data, no widgets; built on any thread.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "engine/ops/inference.h"
#include "viewers/graph/op_category.h"

namespace lapidary {

using BoxId = int32_t;
constexpr BoxId noBox = -1;

// One line of a card below its header: "W ⟨64×3×7×7⟩", "alpha = 0.1".
struct DisplayRow {
    std::string name;
    std::string text;
    ValueId value = noValue; // noValue: an attribute
};

struct DisplayBox {
    enum class Kind : uint8_t { Node, Input, Output };
    Kind kind = Kind::Node;
    OpCategory category = OpCategory::Other;
    NodeId node = noNode;    // Kind::Node
    ValueId value = noValue; // Kind::Input, Kind::Output
    std::string title;       // operator type, or the name of the value
    std::vector<DisplayRow> rows;
};

struct DisplayEdge {
    BoxId from = noBox;
    BoxId to = noBox;
    ValueId value = noValue;
    bool captured = false; // used by a body (of If, Loop, ...) of the target, not by the node itself
};

struct DisplayOptions {
    bool attributes = false; // rows for attributes
};

struct DisplayGraph {
    std::vector<DisplayBox> boxes;
    std::vector<DisplayEdge> edges; // each value once for each box that uses it
    std::vector<BoxId> boxOfNode;   // a folded node: the first card that shows it; noBox if none does
    // The box that gives a value: its producer or input pill; for a folded value, the first card that
    // shows it. noBox when it is not drawn.
    std::vector<BoxId> boxOfValue;
};

// Errors: Cancelled only.
Result<DisplayGraph> buildDisplayGraph(const Model& model, const Graph& graph, const DisplayOptions& options,
                                       JobContext& job);

// Shape of a value for the label of its edge: "1×64×56×56"; empty when unknown or too long to draw.
// types may be null.
std::string edgeLabel(const Graph& graph, const InferredTypes* types, ValueId value);

} // namespace lapidary
