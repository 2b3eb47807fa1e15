// SPDX-License-Identifier: GPL-3.0-or-later
// The target azure-kubernetes: an online endpoint on a cluster (AKS, or any by Azure Arc) that is attached to
// the workspace and has the extension Microsoft.AzureML.Kubernetes.
#include "engine/deploy/azure_steps.h"
#include "engine/deploy/kubernetes_amounts.h"

namespace lapidary::deploy {

namespace {

// A compute that is there is used as it is. Deleting only ever detaches: the cluster is somebody's own.
Step computeStep(const Choices& choices, const std::string& id)
{
    const Json body = {{"location", choices.location},
                       {"tags", ownTags(id)},
                       {"identity", {{"type", "SystemAssigned"}}},
                       {"properties",
                        {{"computeType", "Kubernetes"},
                         {"resourceId", choices.cluster},
                         {"properties", {{"namespace", choices.kubeNamespace}}}}}};
    return {"compute",
            "Attach the cluster as " + choices.compute,
            "put-resource",
            {{"whenThere", "reuse"},
             {"mark", {"tags", "lapidaryRun"}},
             {"deleteQuery", "underlyingResourceAction=Detach"}},
            {{"PUT", armUrl(choices, choices.workspace.path() + "/computes/" + choices.compute), body, {}}}};
}

} // namespace

std::vector<Step> azureKubernetesSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    Json body = deploymentBody(choices, id);
    Json& properties = body["properties"];
    properties["endpointComputeType"] = "Kubernetes";
    if (!choices.clusterInstanceType.empty())
        properties["instanceType"] = choices.clusterInstanceType;
    const Json amounts = {{"cpu", kubernetesCpu(choices.cpu)},
                          {"memory", kubernetesMemory(choices.memoryGb)}};
    properties["containerResourceRequirements"] = {{"containerResourceRequests", amounts},
                                                   {"containerResourceLimits", amounts}};
    if (choices.mostInstances > choices.instances)
        properties["scaleSettings"] = {{"scaleType", "TargetUtilization"},
                                       {"minInstances", choices.instances},
                                       {"maxInstances", choices.mostInstances},
                                       {"targetUtilizationPercentage", 70},
                                       {"pollingInterval", "PT10S"}};
    std::vector<Step> attach;
    if (!choices.cluster.empty())
        attach.push_back(computeStep(choices, id));
    return onlineSteps(choices, files, id, body, std::move(attach));
}

} // namespace lapidary::deploy
