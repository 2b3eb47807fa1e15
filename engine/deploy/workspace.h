// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a workspace says about itself, before a plan is made: nothing here changes anything.
#pragma once

#include "engine/deploy/arm.h"
#include "engine/deploy/choices.h"

namespace lapidary::deploy {

// Of a config.json as Azure's SDKs have it. Errors: NotFound, InvalidArgument (a member is missing).
Result<Workspace> workspaceFromFile(const std::filesystem::path& path);

// Fills in what is not chosen: location, datastore, storage, registry, the model's next version.
// Errors: of ArmClient; InvalidArgument (no blob datastore, no registry).
Status fillFromWorkspace(Choices& choices, ArmClient& arm, JobContext& job);

} // namespace lapidary::deploy
