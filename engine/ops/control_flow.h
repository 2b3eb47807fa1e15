// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how the operators with graphs inside lay out their inputs, outputs and attributes.
// Source: ONNX If-1..25, Loop-1..25, Scan-8..25, SequenceMap-17.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

// The graph of an attribute. Errors: InvalidModel when the node has none.
Result<const Graph*> bodyAttribute(const Node& node, std::string_view name);

// Loop: inputs are trip count, condition, states; the body gets iteration number, condition, states
// and gives condition, states, scan outputs.
struct LoopLayout {
    const Graph* body = nullptr;
    size_t stateCount = 0;
    size_t scanOutputCount = 0;
};
// Errors: InvalidModel (no body, or one whose inputs and outputs do not fit the node).
Result<LoopLayout> loopLayout(const Node& node);

// Scan: inputs are states and scanned tensors (behind the sequence lengths in opset 8); the body gives
// states and scan outputs. The lists have one entry for each scanned input or output.
struct ScanLayout {
    const Graph* body = nullptr;
    size_t firstInput = 0; // 1 in opset 8
    size_t stateCount = 0;
    std::vector<int64_t> inputAxes; // may be negative
    std::vector<int64_t> outputAxes;
    std::vector<bool> inputReversed;
    std::vector<bool> outputReversed;
    bool batched = false; // opset 8: axis 0 of everything is the batch, axis 1 is scanned
};
Result<ScanLayout> scanLayout(const Node& node, int64_t opset);

} // namespace lapidary
