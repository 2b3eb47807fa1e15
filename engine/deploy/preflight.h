// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what would stop a deployment in Azure, found out before it begins. Only reads; what a person can
// have put right at once comes with the request that does it.
#pragma once

#include "engine/deploy/arm.h"
#include "engine/deploy/choices.h"

#include <optional>

namespace lapidary::deploy {

struct Check {
    enum class State { Good, Warning, Problem, Unknown };
    State state = State::Good;
    std::string id;       // "provider:Microsoft.Cdn", "quota", "endpoint", "deployment", "permissions", ...
    std::string title;    // "Quota for Standard_DS3_v2"
    std::string text;     // what was found
    std::string nextStep; // what to do; empty when there is nothing
    std::optional<PlannedRequest> mend; // puts it right; sent only when a person wants it
};

std::string checkStateName(Check::State state); // "good", ...

// For choices that fillFromWorkspace has filled. A check that cannot be made is Unknown and says why; it does
// not fail the others. Errors: Cancelled; InvalidArgument (the target is none in Azure).
Result<std::vector<Check>> preflight(const Choices& choices, ArmClient& arm, JobContext& job);

// Sends check.mend and waits for what it starts. Errors: InvalidArgument (there is none), of ArmClient.
Status mend(const Check& check, ArmClient& arm, JobContext& job);

// Whether rights (as Microsoft.Authorization/permissions lists them) allow an action such as
// "Microsoft.MachineLearningServices/workspaces/models/versions/write". '*' stands for anything.
bool isAllowed(const std::vector<Json>& permissions, const std::string& action);

} // namespace lapidary::deploy
