// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: options of deploy and its groups that say where Azure is, who is signed in, and which workspace.
#pragma once

#include "app/cli/command_line.h"
#include "engine/deploy/account.h"
#include "engine/deploy/choices.h"

#include <memory>
#include <stop_token>

namespace lapidary::cli {

struct ConnectionArguments {
    std::string caFile;
    std::string cloud = "public"; // or a JSON file of hosts
    std::string signIn;           // empty: a service principal of the environment, else the Azure CLI
    std::string configFile;
    deploy::Workspace workspace;

    void addTo(CLI::App& app);
    void addWorkspaceTo(CLI::App& app);
};

Result<deploy::Cloud> cloudOf(const ConnectionArguments& arguments);

// Errors: InvalidArgument (none is named), of workspaceFromFile.
Result<deploy::Workspace> workspaceOf(const ConnectionArguments& arguments);

// azure: somebody must be signed in.
Result<std::unique_ptr<deploy::Connection>> outside(const ConnectionArguments& arguments,
                                                    const deploy::Cloud& cloud, bool azure, JobContext& job);

// From then on every wait ends on Ctrl-C. Once, before a job is made.
std::stop_token stopOnInterrupt();

} // namespace lapidary::cli
