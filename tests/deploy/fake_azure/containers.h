// SPDX-License-Identifier: GPL-3.0-or-later
// What runs behind deployments: images that must be there, builds of environments, programs in place of
// containers.
#pragma once

#include "cloud.h"

namespace fake_azure {

// Why the image cannot be pulled; empty if it can, or if nobody knows: only the fake's own registry is asked.
std::string pullProblem(const Cloud& cloud, const std::string& image);
// An environment that is built from conda or a Docker context leaves an image in the workspace's registry,
// which comes into being with the first build.
void buildEnvironment(Cloud& cloud, const std::string& environmentId);
// Starts options.backendCommand or imageCommand for a deployment that has become ready. What goes wrong is in
// its log.
void startDeploymentContainer(Cloud& cloud, const std::string& deploymentId);

} // namespace fake_azure
