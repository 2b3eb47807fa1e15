// SPDX-License-Identifier: GPL-3.0-or-later
// What ARM checks before any resource provider sees a request.
#pragma once

#include "cloud.h"
#include "router.h"

namespace fake_azure {

// Bearer token, tenant, api-version, registration of the provider, permission. Throws ArmError. Fills in who
// the caller is.
void checkArmRequest(Cloud& cloud, const Route& route, Call& call);

// Microsoft.MachineLearningServices/workspaces/models/write: the action that the request needs.
std::string actionOf(const Call& call);

} // namespace fake_azure
