// SPDX-License-Identifier: GPL-3.0-or-later
// The target azure-managed: a managed online endpoint of Azure Machine Learning.
#include "engine/deploy/azure_steps.h"

namespace lapidary::deploy {

std::vector<Step> managedSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    Json body = deploymentBody(choices, id);
    body["properties"]["instanceType"] = choices.instanceType;
    body["properties"]["egressPublicNetworkAccess"] = "Enabled";
    return onlineSteps(choices, files, id, body, {});
}

} // namespace lapidary::deploy
