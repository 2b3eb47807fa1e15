// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the commands of the command line. To add one: a file <name>.cpp with a run function, a line
// here, a row in commands.cpp, a line in the README.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::cli {

// Exit codes, the same for every command.
constexpr int exitOk = 0;
constexpr int exitFailed = 1; // the thing asked for failed, or the answer is "no"
constexpr int exitUsage = 2;  // the command line cannot be understood

using Arguments = std::vector<std::string>; // without the program's and the command's name

struct Command {
    std::string_view name;
    std::string_view summary;
    int (*run)(const Arguments& arguments);
};

std::span<const Command> commands();
// Null when there is no such command.
const Command* findCommand(std::string_view name);

int runInfo(const Arguments& arguments);
int runCheck(const Arguments& arguments);
int runRun(const Arguments& arguments);
int runBench(const Arguments& arguments);
int runConformance(const Arguments& arguments);
int runDeploy(const Arguments& arguments);
int runDiff(const Arguments& arguments);
int runEdit(const Arguments& arguments);
int runOps(const Arguments& arguments);
int runProfile(const Arguments& arguments);

} // namespace lapidary::cli
