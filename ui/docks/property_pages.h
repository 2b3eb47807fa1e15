// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the properties panel says of a model, a node, a group and a value. Each function fills an
// empty list; fields that lead somewhere call go.
#pragma once

#include "engine/onnx/op_docs.h"
#include "engine/ops/inference.h"
#include "viewers/graph/graph_types.h"
#include "viewers/graph/selection.h"

#include <QString>

#include <functional>

class QWidget;

namespace lapidary {

class PropertyList;
struct ModelSummary;
struct WeightSummary;

struct PropertySource {
    const Model& model;
    const Graph* inner;                       // a body or function, as Selection::graph; null: the main graph
    const InferredTypes* types;               // of that graph; null: not known (yet)
    std::function<void(const Selection&)> go; // walks to another thing of the graph

    const Graph& graph() const { return inner ? *inner : model.graph; }
    const TypeInfo& type(ValueId id) const { return typeOf(graph(), types, id); }
};

// summary: null while it is being counted. memory and sizes: widgets for the values' memory over time
// and for the sizes of open dimensions; null: left out.
void fillModelProperties(PropertyList& list, const PropertySource& source, const ModelSummary* summary,
                         QWidget* memory, QWidget* sizes);
// documentation: null when it is not known (yet); parameters then go by number.
void fillNodeProperties(PropertyList& list, const PropertySource& source, NodeId id,
                        const OpDocumentation* documentation, const ModelSummary* summary);
void fillGroupProperties(PropertyList& list, const PropertySource& source, const NodeGroup& group);
// For weights; of no use for other values.
struct WeightView {
    const Result<WeightSummary>* summary = nullptr; // null while it is being counted
    QWidget* picture = nullptr;                     // null: there is none (yet)
    QWidget* histogram = nullptr;
    std::function<void()> open; // shows the weight in its own panel
};
void fillValueProperties(PropertyList& list, const PropertySource& source, ValueId id,
                         const WeightView& weight);

// For people: the name of the node, or "#12" for one without a name.
QString nodeTitle(const Node& node, NodeId id);
QString typeText(const TypeInfo& type); // "unknown" rather than a question mark

} // namespace lapidary
