// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where a result comes from and what it goes into, over the boxes of a scene.
#pragma once

#include "viewers/graph/graph_scene.h"

namespace lapidary {

struct Trace {
    std::vector<char> boxes; // by BoxId: on the way
    std::vector<char> wires; // by WireId: some edge of it is
};

// The boxes that from depends on, and from; of a frame: of all in it.
Trace traceUpstream(const GraphScene& scene, BoxId from);
Trace traceDownstream(const GraphScene& scene, BoxId from);
// All ways from one to the other, in whichever direction there are any; both boxes alone if there are none.
Trace traceBetween(const GraphScene& scene, BoxId a, BoxId b);

} // namespace lapidary
