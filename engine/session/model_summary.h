// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model in a few numbers, for the model page and lapidary info.
#pragma once

#include "engine/session/activation_memory.h"
#include "engine/session/node_work.h"

namespace lapidary {

struct OperatorSummary {
    std::string name; // with its domain when that is not ai.onnx
    int64_t nodes = 0;
    double flops = 0; // of one run
};

// Of the model's graph, of all bodies inside it and of the functions, each function once.
struct ModelSize {
    int64_t nodes = 0;
    int64_t weights = 0;    // initializers, and tensors of Constant nodes
    int64_t parameters = 0; // their elements
    uint64_t weightBytes = 0;
};
ModelSize sizeOf(const Model& model);

struct ModelSummary {
    ModelSize size;
    // Of one run, by the conventions of node_work.h. Of If, the branch with more work counts; bodies of
    // Loop and Scan count as often as they run, where that is known; functions at each call.
    double flops = 0;
    int64_t flopsUnknownShapes = 0;         // nodes not counted for a shape that is not known
    int64_t flopsWithoutRule = 0;           // nodes not counted for other reasons
    std::vector<NodeWork> workOfNodes;      // of the main graph, what is inside them included
    std::vector<OperatorSummary> operators; // most frequent first
    ActivationMemory activations;           // of the main graph
};

// types: of model.graph. Errors: Cancelled only.
Result<ModelSummary> summarize(const Model& model, const InferredTypes& types, const JobContext& job = {});

// "4.1 G", "320 ": a count with an SI prefix, ready for a unit.
std::string countText(double count);

} // namespace lapidary
