// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model in a few numbers, for the model page and lapidary info.
#pragma once

#include "engine/ops/inference.h"

#include <utility>

namespace lapidary {

struct ModelSummary {
    int64_t nodeCount = 0;      // of the main graph and of all bodies inside it
    int64_t parameterCount = 0; // elements of initializers (bodies included)
    uint64_t weightBytes = 0;
    // Multiplications and additions of convolutions and matrix products, for the shapes that are
    // known (unknown dimensions of inputs count as 1 through the caller's inference options).
    double flops = 0;
    int64_t flopsUnknown = 0;     // nodes of that kind whose shapes are not known
    uint64_t activationBytes = 0; // largest sum of values alive at one node, in file order
    std::vector<std::pair<std::string, int64_t>> operators; // most frequent first
};

// types: of model.graph.
ModelSummary summarize(const Model& model, const InferredTypes& types);

// Floating-point operations of one node; nullopt when its shapes are unknown, 0 for kinds not counted.
std::optional<double> nodeFlops(const Node& node, const InferredTypes& types);

// "4.1 G", "320 ": a count with an SI prefix, ready for a unit.
std::string countText(double count);

} // namespace lapidary
