// SPDX-License-Identifier: GPL-3.0-or-later
// The target azure-managed: a managed online endpoint of Azure Machine Learning.
#include "engine/deploy/azure_steps.h"

namespace lapidary::deploy {

std::vector<Step> managedSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    Json body = deploymentBody(choices, id);
    body["properties"]["instanceType"] = choices.instanceType;
    body["properties"]["egressPublicNetworkAccess"] = "Enabled";
    std::vector<Step> steps{uploadStep(choices, files), modelStep(choices, files, id)};
    for (Step& step : imageSteps(choices, files, id))
        steps.push_back(std::move(step));
    steps.push_back(environmentStep(choices, files, id));
    steps.push_back(endpointStep(choices, id));
    steps.push_back(deploymentStep(choices, body));
    for (Step& step : trafficSteps(choices, id))
        steps.push_back(std::move(step));
    steps.push_back(scoreStep(choices));
    return steps;
}

} // namespace lapidary::deploy
