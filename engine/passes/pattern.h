// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: small questions that passes ask about a graph when they look for a pattern. Internal to
// engine/passes.
#pragma once

#include "engine/passes/rewriter.h"

namespace lapidary {

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names);

// The node that computes the value, if it is this operator of ai.onnx; else noNode.
NodeId computedBy(const Rewriter& rewriter, ValueId value, std::string_view opType);

// A node of two inputs, of which one is a constant of one element.
struct WithNumber {
    ValueId value; // the other one
    float number;
};
std::optional<WithNumber> withNumber(const Rewriter& rewriter, NodeId id, bool isCommutative = true);

// The operand of a node of two inputs that is not this value; noValue when none is the value, or both are.
ValueId otherOperand(const Rewriter& rewriter, NodeId id, ValueId value);

// number is expected to within rounding of float32.
bool isAbout(float number, double expected);

// The only node that reads the value, if it is this operator of ai.onnx; else noNode.
NodeId onlyReaderOf(const Rewriter& rewriter, ValueId value, std::string_view opType);

// A node of rewrittenDomain with the outputs and the name of another one.
Node rewrittenNode(const Rewriter& rewriter, NodeId like, std::string opType, std::vector<ValueId> inputs);

// "'a' (Conv), 'b' (Relu)"
std::string labels(const Rewriter& rewriter, std::span<const NodeId> nodes);

} // namespace lapidary
