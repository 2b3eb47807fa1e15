// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model without the nodes that pass on what they get.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

struct WithoutIdentities {
    Model model;
    int64_t removed = 0; // nodes
};

// Identity, and Dropout that does nothing in inference and whose mask nobody reads; in bodies and functions
// too. Names of inputs and outputs stay: a node that passes an input on to an output is kept.
WithoutIdentities removeIdentities(const Model& model);

} // namespace lapidary
