// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: from box to box of a scene by the arrow keys: along edges, and across to what stands beside.
#pragma once

#include "viewers/graph/graph_scene.h"

namespace lapidary {

enum class WalkStep { Up, Down, Left, Right };

// noBox when there is none that way. From an open frame forward: into it.
BoxId nextBox(const GraphScene& scene, BoxId from, WalkStep step);
// noBox in an empty scene.
BoxId nearestBox(const GraphScene& scene, double x, double y);

} // namespace lapidary
