// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Podman or Docker, as the user calls them.
#pragma once

#include "engine/deploy/actions.h"
#include "engine/deploy/process.h"

namespace lapidary::deploy {

// The engine that the step names, in the folder of the run; more of its own options come from
// LAPIDARY_CONTAINER_OPTIONS
// ("--storage-driver vfs"). tell: its lines go to the log. Errors: NotFound, Cancelled.
Result<ProcessOutput> callEngine(const StepContext& context, const std::vector<std::string>& arguments,
                                 bool tell = false);

} // namespace lapidary::deploy
