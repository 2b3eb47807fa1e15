// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/workspace.h"

#include "engine/deploy/azure_steps.h"
#include "engine/deploy/blob_access.h"
#include "engine/deploy/files.h"

namespace lapidary::deploy {

namespace {

Status findStorage(Choices& choices, ArmClient& arm, JobContext& job)
{
    const std::string url = withVersion(
        choices.cloud.arm + choices.workspace.path() + "/datastores?isDefault=true", api::machineLearning);
    TRY_ASSIGN(const std::vector<Json> stores, arm.list(url, job));
    if (stores.empty() || textAt(stores[0], "properties", "datastoreType") != "AzureBlob")
        return makeError(ErrorCode::InvalidArgument, "the workspace's default datastore is no blob container",
                         "Make a blob container the default datastore of the workspace.");
    choices.datastore = textAt(stores[0], "name");
    TRY_ASSIGN(choices.storageRoot, containerUrl(stores[0], choices.cloud));
    return {};
}

Status findRegistry(Choices& choices, const Json& workspace, ArmClient& arm, JobContext& job)
{
    const std::string id = textAt(workspace, "properties", "containerRegistry");
    if (id.empty())
        return makeError(ErrorCode::InvalidArgument, "the workspace has no container registry yet",
                         "Create one in its resource group and name it with --registry.");
    TRY_ASSIGN(const Json registry, arm.get(withVersion(choices.cloud.arm + id, api::registries), job));
    choices.registry = textAt(registry, "properties", "loginServer");
    choices.registryId = id;
    return {};
}

// Of one that was named: known only when it is in the workspace's resource group.
Status findRegistryId(Choices& choices, ArmClient& arm, JobContext& job)
{
    const std::string path = groupPath(choices) + "/providers/Microsoft.ContainerRegistry/registries";
    TRY_ASSIGN(const std::vector<Json> registries, arm.list(armUrl(choices, path, api::registries), job));
    for (const Json& registry : registries) {
        if (registryUrl(textAt(registry, "properties", "loginServer")) == registryUrl(choices.registry))
            choices.registryId = textAt(registry, "id");
    }
    return {};
}

Status findVersion(Choices& choices, ArmClient& arm, JobContext& job)
{
    const std::string url = choices.cloud.arm + choices.workspace.path() + "/models/" + choices.modelName;
    TRY_ASSIGN(const Json model, arm.find(withVersion(url, api::machineLearning), job));
    const std::string next = textAt(model, "properties", "nextVersion");
    choices.modelVersion = next.empty() ? "1" : next;
    return {};
}

} // namespace

Result<Workspace> workspaceFromFile(const std::filesystem::path& path)
{
    TRY_ASSIGN(const Json json, readJsonFile(path));
    Workspace workspace{textAt(json, "subscription_id"), textAt(json, "resource_group"),
                        textAt(json, "workspace_name")};
    if (workspace.path().empty())
        return makeError(ErrorCode::InvalidArgument,
                         "the file needs subscription_id, resource_group and workspace_name",
                         "Download config.json from the workspace's page in the portal.")
            .at(path.string());
    return workspace;
}

Status fillFromWorkspace(Choices& choices, ArmClient& arm, JobContext& job)
{
    const std::string url = withVersion(choices.cloud.arm + choices.workspace.path(), api::machineLearning);
    TRY_ASSIGN(const Json workspace, arm.get(url, job));
    if (choices.location.empty())
        choices.location = textAt(workspace, "location");
    if (choices.storageRoot.empty())
        TRY(findStorage(choices, arm, job));
    if (choices.registry.empty())
        TRY(findRegistry(choices, workspace, arm, job));
    else if (choices.registryId.empty())
        TRY(findRegistryId(choices, arm, job));
    if (choices.modelVersion.empty())
        TRY(findVersion(choices, arm, job));
    return {};
}

} // namespace lapidary::deploy
