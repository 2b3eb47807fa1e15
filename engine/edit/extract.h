// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a part of a model as a model of its own.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"

namespace lapidary {

// Values of the model's own graph at the border of a part of it.
struct GraphBorder {
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
};

// Of the part that consists of these nodes: results of other nodes and inputs that it reads, and results
// that others read. Constants go along, so they are not at the border.
GraphBorder borderOf(const Graph& graph, const std::vector<NodeId>& nodes);

// The nodes between inputs and outputs: all that the outputs need, back to the inputs. In their order.
std::vector<NodeId> nodesBetween(const Graph& graph, const GraphBorder& border);

// Those nodes, with their weights and functions. Inputs of the model that they need
// besides become inputs as well. Errors: InvalidArgument (nothing chosen; an input that leads to no output,
// is a weight, or has no known type; an output that no node computes; an input that a needed node computes as
// well); Cancelled.
Result<Model> extractPart(const Model& model, const GraphBorder& border, JobContext& job);

} // namespace lapidary
