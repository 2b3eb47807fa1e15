// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what an account can see of Azure: the way to a workspace when there is no config.json, and the
// models that are registered in it. Reads only, but for what is called otherwise.
#pragma once

#include "engine/deploy/arm.h"
#include "engine/deploy/choices.h"

namespace lapidary::deploy {

struct Subscription {
    std::string id;
    std::string name;
    std::string state; // "Enabled", ...
    std::string tenant;
};
// By name, as the next. Errors: of ArmClient.
Result<std::vector<Subscription>> subscriptions(ArmClient& arm, JobContext& job);

struct FoundWorkspace {
    Workspace workspace;
    std::string location;
    std::string kind; // "Default", "Hub", "Project"
};
Result<std::vector<FoundWorkspace>> workspacesOf(const std::string& subscription, ArmClient& arm,
                                                 JobContext& job);

} // namespace lapidary::deploy
