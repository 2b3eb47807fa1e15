// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the chain rule, one operator at a time. Internal to engine/ops.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// Appends nodes to a graph; values are named, new names are made up.
class GradientWriter {
public:
    explicit GradientWriter(Graph& graph) : m_graph(graph) {}

    // The output of a new node of ai.onnx.
    ValueId add(std::string_view opType, std::vector<ValueId> inputs, std::vector<Attribute> attributes = {});
    // g summed over the axes along which a tensor like the other was broadcast.
    ValueId sumTo(ValueId g, ValueId like);
    // A tensor of one value with the shape and type of another.
    ValueId filled(ValueId like, float value);
    // A scalar in the type of another value.
    ValueId scalar(float value, ValueId like);

private:
    ValueId append(std::string_view opType, std::string_view domain, std::vector<ValueId> inputs,
                   std::vector<Attribute> attributes);
    Graph& m_graph;
};

// From the gradient of the node's output 0 to the gradients of its inputs; noValue where none flows
// (indices, shapes). node's values are those of the writer's graph.
using GradientRule = std::vector<ValueId> (*)(GradientWriter& writer, const Node& node, ValueId g);

// Null when the operator has no rule.
GradientRule gradientRule(const Node& node);

} // namespace lapidary
