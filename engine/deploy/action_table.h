// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the tables of actions, one for each file of them. To add one: a row in its file's table.
#pragma once

#include "engine/base/size_text.h"
#include "engine/deploy/actions.h"

#include <span>

namespace lapidary::deploy {

std::span<const Action> azureActions();
std::span<const Action> imageActions();
std::span<const Action> localActions();
std::span<const Action> endpointActions();
std::span<const Action> containerActions();
std::span<const Action> kubernetesActions();
std::span<const Action> buildActions();

// The manifest at "image.digest", out of the registry that the step names. Errors: of RegistryClient.
Status removePushedImage(StepContext& context);

// Errors: AuthFailure: nobody is signed in.
Result<ArmClient*> armOf(const StepContext& context);

// What Docker calls the image of the run. The id is the tag: names may have no capitals.
std::string dockerName(const DeployRun& run);

} // namespace lapidary::deploy
