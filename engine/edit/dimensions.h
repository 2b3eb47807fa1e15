// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: other sizes for the inputs of a model: fixed, named, or open.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

struct DimensionChange {
    ValueId input = noValue; // of the model's graph
    size_t axis = 0;
    Dim dim; // a size, a name, or neither: open
};

struct ChangedDimensions {
    Model model;
    std::vector<NodeId> reshapes; // of the model given: see below
};

// Shapes that the model states of its results are inferred anew. A Reshape whose stored shape begins with the
// old size of a first dimension (an export for batch size 1) would hold on to it: that part of its shape
// becomes open (not inside bodies and functions). Errors: InvalidArgument (no tensor input, no such axis, a
// size below zero), ShapeMismatch (a node that does not fit the new sizes), Cancelled.
Result<ChangedDimensions> changeDimensions(const Model& model, const std::vector<DimensionChange>& changes,
                                           JobContext& job);

// A change for each dimension of an input that has this name.
std::vector<DimensionChange> changesOfName(const Graph& graph, const std::string& name, const Dim& dim);
// For the first dimension of all inputs that begin like the first input does.
std::vector<DimensionChange> changesOfBatch(const Graph& graph, const Dim& dim);

} // namespace lapidary
