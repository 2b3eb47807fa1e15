// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the same thing in another version of a model.
#pragma once

#include "viewers/graph/selection.h"

namespace lapidary {

// What goes by the same name in the model's own graph; a node without a name is the one that makes the same
// value. Nothing is selected when there is none, nor for what lies in a body, function or group.
Selection sameSelection(const Selection& selection, const Model& before, const Model& after);

} // namespace lapidary
