// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: changes in words, for lists and the command line.
#pragma once

#include "engine/diff/graph_diff.h"

namespace lapidary {

// "[3, 3]", "0.1", "float32[8×3×3×3]"; long ones are cut; "absent" for null.
std::string attributeText(const Attribute* attribute);
// One line for each change: "pads: [0, 0] → [1, 1]", "W: changed by 1.2 %, at most 0.03, in 64 of 72
// elements".
std::vector<std::string> changeTexts(const NodeChange& change, const Graph& before, const Graph& after);

} // namespace lapidary
