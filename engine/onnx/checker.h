// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: everything that is wrong with a model, each finding with its place.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"

namespace lapidary {

struct CheckFinding {
    enum class Level { Note, Warning, Error };
    Level level = Level::Error;
    std::string message;
    const Graph* graph = nullptr; // of node and value; points into the model
    NodeId node = noNode;
    ValueId value = noValue;
    std::string place; // "graph 'g' / node 'conv1' (Conv)"
};

// Structure (names defined once and before use, inputs and outputs present, sizes of weights,
// external files), then each node against libonnx's schema for its opset where libonnx knows it.
// A model is valid when no finding is an Error. Errors: Cancelled only.
Result<std::vector<CheckFinding>> checkModel(const Model& model, JobContext& job);

} // namespace lapidary
