// SPDX-License-Identifier: GPL-3.0-or-later
// Datastores of a workspace and the secrets to them.
#include "areas.h"
#include "body_check.h"
#include "storage.h"

namespace fake_azure {

namespace {

const char defaultName[] = "workspaceblobstore";

// Of the workspace in the call, from the options.
const Workspace& settings(Cloud& cloud, const Call& call)
{
    for (const Workspace& workspace : cloud.options.workspaces) {
        if (sameText(workspace.subscription, call.subscription()) &&
            sameText(workspace.resourceGroup, call.name("rg")) && sameText(workspace.name, call.name("ws")))
            return workspace;
    }
    throw ArmError(404, "ResourceNotFound", "The workspace was not found.");
}

Json datastoreJson(Cloud& cloud, const Call& call, const std::string& name)
{
    const bool blob = name == defaultName;
    Json properties{
        {"datastoreType", blob ? "AzureBlob" : "AzureFile"},
        {"accountName", storageAccount},
        {blob ? "containerName" : "fileShareName", blob ? settings(cloud, call).container : "code"},
        // In the real cloud core.windows.net, and https://{account}.blob.{endpoint}/{container}. Here
        // the account is the first part of the path, as Azurite has it.
        {"endpoint", cloud.url.substr(8)},
        {"protocol", "https"},
        {"credentials", {{"credentialsType", cloud.options.secretsType}}},
        {"serviceDataAccessAuthIdentity", "None"},
        {"subscriptionId", call.subscription()},
        {"resourceGroup", call.name("rg")},
        {"isDefault", blob},
        {"description", nullptr},
        {"tags", Json::object()},
        {"properties", Json::object()}};
    return {{"id", cloud.workspace(call)["id"].get<std::string>() + "/datastores/" + name},
            {"name", name},
            {"type", "Microsoft.MachineLearningServices/workspaces/datastores"},
            {"systemData", systemData(call, nullptr)},
            {"properties", properties}};
}

std::string nameOf(const Call& call)
{
    const std::string name = lower(call.name("datastore"));
    if (name != defaultName && name != "workspacefilestore")
        throw ArmError(404, "UserError",
                       "Could not find datastore '" + call.name("datastore") + "' in the workspace.");
    return name;
}

Reply secrets(Cloud& cloud, const Call& call)
{
    cloud.workspace(call);
    const std::string name = nameOf(call);
    int seconds = cloud.options.sasSeconds;
    if (!call.body.empty()) {
        const Json body = call.json();
        BodyCheck check(body);
        check.boolean("expirableSecret");
        const Json& hours = check.integer("expireAfterHours", 1, 24 * 7, Need::Optional);
        check.done();
        if (hours.is_number())
            seconds = std::min(seconds, hours.get<int>() * 3600);
    }
    if (cloud.options.secretsType == "AccountKey")
        return reply(200, {{"secretsType", "AccountKey"}, {"key", storageKey}});
    if (cloud.options.secretsType == "None")
        throw ArmError(400, "UserError",
                       "The datastore '" + name + "' has no credentials: it is identity-based.");
    const std::string container = name == defaultName ? settings(cloud, call).container : "code";
    makeContainer(cloud, container);
    makeContainer(cloud, "azureml");
    return reply(200, {{"secretsType", "Sas"}, {"sasToken", containerSas(container, "racwdl", seconds)}});
}

} // namespace

void addDatastores(Router& router, Cloud& cloud)
{
    const std::string collection = workspacePath + "/datastores";
    router.add("GET", collection, Area::MachineLearning, [&](Call& call) {
        cloud.workspace(call);
        std::vector<Json> list;
        list.push_back(datastoreJson(cloud, call, defaultName));
        if (!sameText(call.parameter("isDefault"), "true"))
            list.push_back(datastoreJson(cloud, call, "workspacefilestore"));
        return page(cloud, call, list);
    });
    router.add("GET", collection + "/{datastore}", Area::MachineLearning, [&](Call& call) {
        cloud.workspace(call);
        return reply(200, datastoreJson(cloud, call, nameOf(call)));
    });
    router.add("POST", collection + "/{datastore}/listSecrets", Area::MachineLearning,
               [&](Call& call) { return secrets(cloud, call); });
}

} // namespace fake_azure
