// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a plan would change in Azure: each resource that it puts, beside the one that is there. Only
// reads.
#pragma once

#include "engine/deploy/arm.h"
#include "engine/deploy/plan.h"

namespace lapidary::deploy {

struct ChangedMember {
    std::string path; // "properties.authMode"
    Json now;         // null: not there
    Json planned;
};

struct ResourceDifference {
    enum class Kind { Create, NoChange, Modify };
    Kind kind = Kind::NoChange;
    std::string step;     // its id
    std::string resource; // "onlineEndpoints/digits"
    std::string
        note; // what the run does with what is there: it may leave it as it is; empty: nothing is there
    std::vector<ChangedMember> members; // of Modify
};

std::string kindName(ResourceDifference::Kind kind); // "Create", ...

// What is planned and not so now. What only the server has is its own; names of places and ids are the same
// in any spelling; a value that only the run finds out counts as the same where the rest of its text fits.
std::vector<ChangedMember> changedMembers(const Json& now, const Json& planned);

// In the order of the steps. Errors: of ArmClient::find.
Result<std::vector<ResourceDifference>> planDifferences(const DeployPlan& plan, ArmClient& arm,
                                                        JobContext& job);

} // namespace lapidary::deploy
