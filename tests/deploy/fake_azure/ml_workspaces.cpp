// SPDX-License-Identifier: GPL-3.0-or-later
// Machine learning workspaces, and what a region offers: sizes, usage, quota.
#include "areas.h"
#include "crypto.h"
#include "machine_sizes.h"
#include "storage.h"

namespace fake_azure {

const std::vector<MachineSize>& machineSizes()
{
    static const std::vector<MachineSize> sizes{{"Standard_DS2_v2", "standardDSv2Family", 2, 7, 0},
                                                {"Standard_DS3_v2", "standardDSv2Family", 4, 14, 0},
                                                {"Standard_DS4_v2", "standardDSv2Family", 8, 28, 0},
                                                {"Standard_F2s_v2", "standardFSv2Family", 2, 4, 0},
                                                {"Standard_F4s_v2", "standardFSv2Family", 4, 8, 0},
                                                {"Standard_F8s_v2", "standardFSv2Family", 8, 16, 0},
                                                {"Standard_E4s_v3", "standardESv3Family", 4, 32, 0},
                                                {"Standard_NC6s_v3", "standardNCSv3Family", 6, 112, 1}};
    return sizes;
}

const MachineSize* machineSize(const std::string& name)
{
    for (const MachineSize& size : machineSizes()) {
        if (sameText(size.name, name))
            return &size;
    }
    return nullptr;
}

int usedCores(Cloud& cloud, const std::string& family)
{
    int cores = 0;
    for (const Workspace& workspace : cloud.options.workspaces) {
        const std::string endpoints =
            "/subscriptions/" + workspace.subscription + "/resourceGroups/" + workspace.resourceGroup +
            "/providers/Microsoft.MachineLearningServices/workspaces/" + workspace.name + "/onlineEndpoints";
        for (const Json* endpoint : cloud.resources.children(endpoints)) {
            const std::string id = (*endpoint)["id"];
            for (const Json* deployment : cloud.resources.children(id + "/deployments")) {
                const Json& properties = (*deployment)["properties"];
                const MachineSize* size = machineSize(properties.value("instanceType", std::string()));
                if (size && size->family == family && properties["provisioningState"] != "Failed")
                    cores += size->cores * (*deployment)["sku"].value("capacity", 1);
            }
        }
    }
    return cores;
}

namespace {

Json workspaceJson(const Cloud& cloud, const Workspace& workspace)
{
    const std::string group =
        "/subscriptions/" + workspace.subscription + "/resourceGroups/" + workspace.resourceGroup;
    const std::string provider = "/providers/Microsoft.MachineLearningServices/workspaces/";
    return {{"id", group + provider + workspace.name},
            {"name", workspace.name},
            {"type", "Microsoft.MachineLearningServices/workspaces"},
            {"location", workspace.location},
            {"kind", "Default"},
            {"sku", {{"name", "Basic"}, {"tier", "Basic"}}},
            {"tags", Json::object()},
            {"identity",
             {{"type", "SystemAssigned"},
              {"principalId", randomGuid()},
              {"tenantId", cloud.options.tenants.front().id}}},
            {"properties",
             {{"friendlyName", workspace.name},
              {"workspaceId", randomGuid()},
              {"description", ""},
              {"storageAccount", group + "/providers/Microsoft.Storage/storageAccounts/" + storageAccount},
              {"containerRegistry",
               workspace.registry.empty()
                   ? Json()
                   : Json(group + "/providers/Microsoft.ContainerRegistry/registries/" + workspace.registry)},
              {"keyVault", group + "/providers/Microsoft.KeyVault/vaults/fakevault"},
              {"applicationInsights", group + "/providers/Microsoft.Insights/components/fakeinsights"},
              {"hbiWorkspace", false},
              {"publicNetworkAccess", "Enabled"},
              {"imageBuildCompute", nullptr},
              {"discoveryUrl", "https://" + workspace.location + ".api.azureml.ms/discovery"},
              {"mlFlowTrackingUri", "azureml://" + workspace.location + ".api.azureml.ms/mlflow/v1.0" +
                                        group + provider + workspace.name},
              {"provisioningState", "Succeeded"}}}};
}

void addLists(Router& router, Cloud& cloud)
{
    const auto listed = [&](Call& call, const std::string& group) {
        std::vector<Json> list;
        for (const Workspace& workspace : cloud.options.workspaces) {
            if (!sameText(workspace.subscription, call.subscription()) ||
                (!group.empty() && !sameText(workspace.resourceGroup, group)))
                continue;
            const std::string id =
                "/subscriptions/" + workspace.subscription + "/resourceGroups/" + workspace.resourceGroup +
                "/providers/Microsoft.MachineLearningServices/workspaces/" + workspace.name;
            if (const Json* found = cloud.resources.find(id))
                list.push_back(*found);
        }
        return page(cloud, call, list);
    };
    const std::string collection = "/providers/Microsoft.MachineLearningServices/workspaces";
    router.add("GET", subscriptionPath + collection, Area::MachineLearning,
               [listed](Call& call) { return listed(call, {}); });
    router.add("GET", groupPath + collection, Area::MachineLearning,
               [listed](Call& call) { return listed(call, call.name("rg")); });
    router.add("GET", workspacePath, Area::MachineLearning,
               [&](Call& call) { return reply(200, cloud.workspace(call)); });
}

void addKeys(Router& router, Cloud& cloud)
{
    router.add("POST", workspacePath + "/listKeys", Area::MachineLearning, [&](Call& call) {
        const Json& workspace = cloud.workspace(call);
        Json keys{{"userStorageKey", storageKey},
                  {"userStorageArmId", workspace["properties"]["storageAccount"]},
                  {"userStorageResourceId", workspace["properties"]["storageAccount"]},
                  {"appInsightsInstrumentationKey", randomGuid()}};
        if (!workspace["properties"]["containerRegistry"].is_null())
            keys["containerRegistryCredentials"] = {{"location", workspace["location"]},
                                                    {"username", "fakeregistry"},
                                                    {"passwords",
                                                     {{{"name", "password"}, {"value", "admin-one"}},
                                                      {{"name", "password2"}, {"value", "admin-two"}}}}};
        return reply(200, keys);
    });
    router.add("POST", workspacePath + "/listStorageAccountKeys", Area::MachineLearning, [&](Call& call) {
        cloud.workspace(call);
        return reply(200, {{"userStorageKey", storageKey}});
    });
    router.add("POST", workspacePath + "/resyncKeys", Area::MachineLearning, [&](Call& call) {
        const Json& workspace = cloud.workspace(call);
        return accepted(cloud, *cloud.operations.start(
                                   call, {workspace["id"], "Microsoft.MachineLearningServices",
                                          workspace["location"], "resync", cloud.options.operationMs}));
    });
}

void addRegion(Router& router, Cloud& cloud)
{
    const std::string region =
        subscriptionPath + "/providers/Microsoft.MachineLearningServices/locations/{location}";
    router.add("GET", region + "/vmSizes", Area::MachineLearning, [](Call&) {
        Json list = Json::array();
        for (const MachineSize& size : machineSizes())
            list.push_back({{"name", size.name},
                            {"family", size.family},
                            {"vCPUs", size.cores},
                            {"gpus", size.gpus},
                            {"osVhdSizeMB", 1047552},
                            {"maxResourceVolumeMB", 28672},
                            {"memoryGB", size.memoryGb},
                            {"lowPriorityCapable", true},
                            {"premiumIO", true},
                            {"supportedComputeTypes", {"AmlCompute", "ComputeInstance"}}});
        return reply(200, {{"value", list}});
    });
    for (const bool usage : {true, false})
        router.add(
            "GET", region + (usage ? "/usages" : "/quotas"), Area::MachineLearning, [&, usage](Call& call) {
                std::vector<Json> list;
                std::string previous;
                for (const MachineSize& size : machineSizes()) {
                    if (size.family == previous)
                        continue;
                    previous = size.family;
                    const Json name{{"value", size.family},
                                    {"localizedValue", size.family + " Cluster Dedicated vCPUs"}};
                    const std::string id = call.path + '/' + size.family;
                    const int limit = size.gpus ? 0 : cloud.options.coreLimit;
                    if (usage)
                        list.push_back(
                            {{"id", id},
                             {"type", "Microsoft.MachineLearningServices/vmFamily/dedicatedCores/usages"},
                             {"unit", "Count"},
                             {"name", name},
                             {"limit", limit},
                             {"currentValue", usedCores(cloud, size.family)}});
                    else
                        list.push_back(
                            {{"id", id},
                             {"type", "Microsoft.MachineLearningServices/vmFamily/dedicatedCores/quotas"},
                             {"unit", "Count"},
                             {"name", name},
                             {"limit", limit}});
                }
                return page(cloud, call, list);
            });
}

} // namespace

void addWorkspaces(Router& router, Cloud& cloud)
{
    for (const Workspace& workspace : cloud.options.workspaces) {
        const Json resource = workspaceJson(cloud, workspace);
        cloud.resources.put(resource["id"], resource);
    }
    addLists(router, cloud);
    addKeys(router, cloud);
    addRegion(router, cloud);
}

} // namespace fake_azure
