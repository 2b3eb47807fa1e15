// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: graphs that run as part of a node: bodies of If, Loop, Scan, ... for the kernels of those
// operators, and calls of the model's own functions. Internal to engine/session.
#pragma once

#include "engine/session/graph_compiler.h"

namespace lapidary {

// For the bodies of one node. inside: what surrounds them, with what is known of the captured values;
// captureNames: the names of Node::captures, in order.
std::shared_ptr<const BodyCompiler>
makeBodyCompiler(GraphEnvironment inside, std::vector<std::string> captureNames, const CompileTarget& target);

// outside: the environment of the graph that holds call. inputs: what is known of the call's inputs.
// Errors: those of compileGraph, with the function in the trail.
Result<std::unique_ptr<Kernel>> makeFunctionCall(const Function& function, const Node& call,
                                                 const GraphEnvironment& outside,
                                                 std::span<const KnownValue> inputs,
                                                 const CompileTarget& target, JobContext& job);

} // namespace lapidary
