// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what must be open for something to be seen.
#pragma once

#include "viewers/graph/display_graph.h"
#include "viewers/graph/selection.h"

namespace lapidary {

// The keys (see OpenPlaces) of the groups, nodes with bodies and function calls around a selection, from
// the outside in; empty when it is not hidden in any. display: how the graph is drawn. A function that is
// called more than once is looked for in its first call.
std::vector<std::string> placesAround(const Model& model, const Selection& selection,
                                      const DisplayOptions& display);

} // namespace lapidary
