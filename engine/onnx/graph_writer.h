// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the IR as ModelProto, GraphProto, NodeProto, ... on the wire: the way back of graph_reader.
// Internal to engine/onnx.
#pragma once

#include "engine/ir/model.h"
#include "engine/onnx/wire_message.h"

namespace lapidary {

// Adds the fields of a TensorProto that hold its elements, or say where they are.
using PlaceElements = std::function<Status(wire::Message& tensorProto, const TensorRef& tensor)>;

// In the message itself. Numbers are read when it is written, texts at once: errors of TensorRef::load().
Status placeInside(wire::Message& tensorProto, const TensorRef& tensor);

class GraphWriter {
public:
    // initializers: of all graphs; others: tensors in attributes, and sparse ones.
    explicit GraphWriter(PlaceElements initializers = placeInside, PlaceElements others = placeInside);

    // Errors: of the two functions.
    Result<wire::Message> model(const Model& model) const;
    Result<wire::Message> graph(const Graph& graph) const;
    Result<wire::Message> node(const Node& node, const Graph& graph) const;
    Result<wire::Message> attribute(const Attribute& attribute) const;

private:
    Result<wire::Message> function(const Function& function) const;
    Result<wire::Message> sparseTensor(const SparseTensorRef& tensor) const;
    Status addData(wire::Message& attribute, const Attribute::Data& data) const;

    PlaceElements m_initializers;
    PlaceElements m_others;
};

wire::Message typeMessage(const TypeInfo& type);

} // namespace lapidary
