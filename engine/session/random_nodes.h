// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which nodes give another result in every run, so that nobody folds or compares them.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// The operator draws random numbers, or a graph inside the node or the function that it calls does.
// Dropout counts: it is random when it trains.
bool isRandom(const Node& node, const Model& model);
// By ValueId: which values of the model's graph depend on such a node.
std::vector<bool> randomValues(const Model& model);

} // namespace lapidary
