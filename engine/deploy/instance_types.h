// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the machines that a region has for managed endpoints.
#pragma once

#include "engine/deploy/arm.h"
#include "engine/deploy/choices.h"

namespace lapidary::deploy {

struct InstanceType {
    std::string name;   // "Standard_DS3_v2"
    std::string family; // "standardDSv2Family": what quota is given for
    int vCpus = 0;
    double memoryGb = 0;
    int gpus = 0;
};

// Of choices.location, those with the fewest processors first. Errors: of ArmClient::list.
Result<std::vector<InstanceType>> instanceTypes(const Choices& choices, ArmClient& arm, JobContext& job);

// Azure keeps a fifth more free for upgrades: 10 asked for need a quota of 12.
int neededCores(int vCpus, int instances);

} // namespace lapidary::deploy
