// SPDX-License-Identifier: GPL-3.0-or-later
// What online endpoints and their deployments share.
#pragma once

#include "body_check.h"
#include "cloud.h"

namespace fake_azure {

inline const char machineLearningProvider[] = "Microsoft.MachineLearningServices";

std::string endpointId(Cloud& cloud, const Call& call); // of {endpoint}; the workspace must be there
Json& endpointOf(Cloud& cloud, const Call& call);       // throws ArmError 404
// 409 if an operation works on the endpoint or on one of its deployments.
void checkIdle(const Cloud& cloud, const std::string& endpoint);
// Common to both PUTs: location of the workspace, tags, identity.
void checkTrackedResource(BodyCheck& check, const Json& workspace);
// The state and the monitor's address go into the resource, the address into the answer, too.
Reply startedPut(Cloud& cloud, Json& resource, const Operation& operation, bool existed);
void setState(Cloud& cloud, const std::string& id, const char* state);

} // namespace fake_azure
