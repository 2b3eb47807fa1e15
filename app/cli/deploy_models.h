// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: lapidary deploy models: the models that are registered in a workspace.
#pragma once

#include "app/cli/deploy_connection.h"

namespace lapidary::cli {

struct ModelsArguments {
    std::string model; // NAME or NAME:VERSION
    std::string folder = ".";
    bool all = false;
    bool archived = false;
    std::vector<std::string> tags;    // NAME=TEXT
    std::vector<std::string> removed; // names of tags
};

// The group and its commands.
CLI::App* addModelsTo(CLI::App& deploy, ModelsArguments& arguments, ConnectionArguments& connection);

Status doModels(const CLI::App& group, const ModelsArguments& arguments,
                const ConnectionArguments& connection, bool json);

} // namespace lapidary::cli
