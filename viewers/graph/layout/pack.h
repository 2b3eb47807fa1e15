// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: puts the laid out parts of a graph that are not connected beside and below each other.
#pragma once

#include "viewers/graph/layout/layered_graph.h"

namespace lapidary::layered {

struct Offset {
    double across = 0;
    double along = 0;
};

struct Packing {
    std::vector<Offset> offsets; // by component
    double across = 0;
    double along = 0;
};

// The largest part first; the others in rows beside it that are about as long as it. A part with pins
// comes first and has its column to itself, so that its wires reach the borders.
Packing packComponents(const std::vector<ComponentLayout>& parts, const LayoutOptions& options);

} // namespace lapidary::layered
