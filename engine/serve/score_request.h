// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: bodies of /score: {"data": ...} in, {"result": ...} out, as Azure's score.py scripts have them.
#pragma once

#include "engine/serve/json_values.h"
#include "engine/serve/scorer.h"

namespace lapidary::serve {

// {"data": LIST} for a model of one input, {"data": {"NAME": LIST, ...}} for any, also without "data" around
// the names. In the order of Scorer::inputs(). Errors: InvalidArgument (no such JSON, an unknown or missing
// name), and of tensorFromJson at the input.
Result<std::vector<Value>> parseScoreRequest(const Scorer& scorer, std::string body);

// {"result": LIST} for one output, {"result": {"NAME": LIST, ...}} for several.
std::string scoreAnswer(const Graph& graph, const std::vector<Value>& outputs);

} // namespace lapidary::serve
