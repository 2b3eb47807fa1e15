// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ml_online.h"

namespace fake_azure {

// Checks the body of a deployment's PUT. Throws ArmError.
void checkDeploymentBody(Cloud& cloud, const Call& call, const Json& body, const Json& endpoint);
// What goes wrong only while the deployment is being made: quota, image. Nothing if it will work.
std::optional<OperationFault> deploymentFailure(Cloud& cloud, const Json& deployment, const Json* earlier);
// What the containers of a deployment say, `operation` being the last one on it.
std::string deploymentLog(Cloud& cloud, const std::string& key, const Json& deployment,
                          const Operation* operation, bool storageInitializer);

} // namespace fake_azure
