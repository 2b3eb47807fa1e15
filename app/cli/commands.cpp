// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include <algorithm>

namespace lapidary::cli {

namespace {

constexpr Command table[] = {
    {"info", "what a model is: inputs, outputs, operators, size", runInfo},
    {"check", "validates a model; every problem with its place", runCheck},
    {"run", "runs a model and shows or compares its outputs", runRun},
    {"bench", "measures how long a model takes", runBench},
    {"profile", "where the time of a run goes, kernel by kernel", runProfile},
    {"conformance", "runs ONNX backend test folders", runConformance},
    {"deploy", "puts a model behind an endpoint, and watches it", runDeploy},
    {"diff", "compares two models node by node", runDiff},
    {"edit", "saves a changed copy of a model", runEdit},
    {"ops", "which operators run on which backend", runOps},
};

} // namespace

std::span<const Command> commands() { return table; }

const Command* findCommand(std::string_view name)
{
    const auto* found =
        std::find_if(std::begin(table), std::end(table), [&](const Command& c) { return c.name == name; });
    return found == std::end(table) ? nullptr : found;
}

} // namespace lapidary::cli
