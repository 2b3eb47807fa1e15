// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: activations as convolutions and products take them in: the attributes activation, activation_alpha
// and activation_beta of engine/ops/rewritten.cpp. Internal to engine/passes.
#pragma once

#include "engine/passes/rewriter.h"

namespace lapidary {

struct FusedActivation {
    std::string name; // an operator: "Relu", "Clip" (alpha: least, beta: most), "LeakyRelu" (alpha), ...
    std::optional<float> alpha;
    std::optional<float> beta;
};

// What the node does to its input 0, where it is such an activation of float32.
std::optional<FusedActivation> activationOf(const Rewriter& rewriter, NodeId id);
void addActivation(Node& node, const FusedActivation& activation);
bool hasActivation(const Node& node);

} // namespace lapidary
