// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the domain of operators that only passes write; what they mean is in rewritten.cpp.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

constexpr std::string_view rewrittenDomain = "lapidary";
constexpr int rewrittenVersion = 1; // of the domain's operators

// The opset version that a node of a graph with these imports has; models do not import the rewritten domain.
inline int64_t nodeOpset(std::span<const OpSetImport> opsets, const Node& node)
{
    return node.domain == rewrittenDomain ? rewrittenVersion : opsetVersion(opsets, node.domain);
}

} // namespace lapidary
