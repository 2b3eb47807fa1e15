// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: programs of others, waited for; they end when the job is stopped.
#pragma once

#include "engine/base/job_context.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lapidary::deploy {

struct ProcessOutput {
    int exitCode = 0; // -1: it crashed
    std::string output;
    std::string errors;
};

struct ProcessCall {
    std::string program; // a path, or a name in PATH
    std::vector<std::string> arguments = {};
    std::filesystem::path folder = {}; // that it works in; empty: ours
    std::string input = {};
    std::function<void(const std::string& line)> onLine = {}; // of both outputs, while it runs
    std::string ifMissing = {};                               // what to do when there is no such program
};

// Errors: NotFound (no such program), Cancelled.
Result<ProcessOutput> runProcess(const ProcessCall& call, JobContext& job);

} // namespace lapidary::deploy
