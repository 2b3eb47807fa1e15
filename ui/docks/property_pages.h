// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the properties panel says of a model, a node, a group and a value. Each function fills an
// empty list; fields that lead somewhere call go.
#pragma once

#include "engine/onnx/op_docs.h"
#include "engine/ops/inference.h"
#include "viewers/graph/selection.h"

#include <QString>

#include <functional>

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
    const TypeInfo& type(ValueId id) const { return types ? types->type(id) : graph().value(id).type; }
};

// summary: null while it is being counted.
void fillModelProperties(PropertyList& list, const PropertySource& source, const ModelSummary* summary);
// documentation: null when it is not known (yet); parameters then go by number.
void fillNodeProperties(PropertyList& list, const PropertySource& source, NodeId id,
                        const OpDocumentation* documentation);
void fillGroupProperties(PropertyList& list, const PropertySource& source, const NodeGroup& group);
// summary: null while a weight is being read; of no use for other values.
void fillValueProperties(PropertyList& list, const PropertySource& source, ValueId id,
                         const Result<WeightSummary>* summary);

// For people: the name of the node, or "#12" for one without a name.
QString nodeTitle(const Node& node, NodeId id);
QString typeText(const TypeInfo& type); // "unknown" rather than a question mark

} // namespace lapidary
