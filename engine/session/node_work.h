// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how much arithmetic one run of a node is, from the shapes of its values alone.
// Conventions, so that numbers can be compared and checked by hand:
// - a multiplication, an addition, a comparison and a call of a function such as exp or tanh are one
//   operation each; a multiply-add is two. Integer arithmetic of quantized operators counts the same.
// - an elementwise operator is one operation for each element of its output, whatever it computes;
// - moving data (Reshape, Transpose, Gather, Concat, Cast, nearest Resize, ...) is none;
// - masked or padded positions count like all others: this is the dense work.
#pragma once

#include "engine/ops/inference.h"

namespace lapidary {

struct NodeWork {
    enum class State : uint8_t {
        Counted,
        UnknownShapes, // there is a rule, but some shape is not known
        NoRule         // depends on the values, is inside a body, or nobody knows the operator
    };
    State state = State::NoRule;
    double flops = 0;
};

// types: of the graph that holds the node. A node with bodies, or that calls a function of the model,
// has no rule of its own: model_summary looks inside. Any thread.
NodeWork nodeWork(const Node& node, const InferredTypes& types);

} // namespace lapidary
