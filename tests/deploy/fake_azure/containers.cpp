// SPDX-License-Identifier: GPL-3.0-or-later
#include "containers.h"

#include "crypto.h"
#include "registry_service.h"
#include "router.h"
#include "storage.h"

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace fake_azure {

namespace {

void replaceAll(std::string& text, const std::string& from, const std::string& to)
{
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// Container and path of a model's address: azureml://.../datastores/NAME/paths/PATH or
// https://HOST/ACCOUNT/CONTAINER/PATH.
std::pair<std::string, std::string> placeOf(const Cloud& cloud, const std::string& uri,
                                            const std::string& deploymentId)
{
    const size_t paths = uri.find("/paths/");
    if (paths != std::string::npos) {
        for (const Workspace& workspace : cloud.options.workspaces) {
            if (lower(deploymentId).find("/workspaces/" + lower(workspace.name) + '/') != std::string::npos)
                return {workspace.container, uri.substr(paths + 7)};
        }
    }
    const size_t account = uri.find(storageAccount + '/');
    if (account == std::string::npos)
        return {};
    const std::string rest = uri.substr(account + storageAccount.size() + 1);
    const size_t slash = rest.find('/');
    return slash == std::string::npos ? std::pair<std::string, std::string>()
                                      : std::pair{rest.substr(0, slash), rest.substr(slash + 1)};
}

// The model's file or folder, copied into `folder`. The first .onnx file of it; empty if there is none.
std::string fetchModel(Cloud& cloud, const std::string& uri, const std::string& deploymentId,
                       const std::string& folder)
{
    const auto [container, path] = placeOf(cloud, uri, deploymentId);
    std::string model;
    if (container.empty())
        return model;
    const std::string parent = path.substr(0, path.rfind('/') + 1);
    for (const std::string& name : listBlobs(cloud, container, path)) {
        const fs::path file = fs::path(folder) / name.substr(parent.size());
        // A name that leads out of the folder is no model's.
        if (file.lexically_normal().string().compare(0, folder.size(), folder) != 0)
            continue;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary)
            << downloadBlob(cloud, std::string(container).append("/").append(name));
        if (model.empty() && file.extension() == ".onnx")
            model = file.string();
    }
    return model;
}

} // namespace

std::string pullProblem(const Cloud& cloud, const std::string& image)
{
    for (const std::string& part : cloud.options.unpullableImages) {
        if (image.find(part) != std::string::npos)
            return "unauthorized";
    }
    const std::string host = registryHost(cloud) + '/';
    if (cloud.options.registry.empty() || image.compare(0, host.size(), host) != 0)
        return {};
    std::string repository = image.substr(host.size()), reference = "latest";
    const size_t digest = repository.find('@'), tag = repository.rfind(':');
    if (digest != std::string::npos) {
        reference = repository.substr(digest + 1);
        repository.resize(digest);
    } else if (tag != std::string::npos) {
        reference = repository.substr(tag + 1);
        repository.resize(tag);
    }
    const Reply answer = askRegistry(
        cloud, "HEAD", "/v2/" + repository + "/manifests/" + reference, "",
        {{"Accept", "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
                    "application/vnd.docker.distribution.manifest.v2+json"}},
        {{"repository", repository, {"pull"}}});
    return answer.status == 200 ? std::string()
                                : "manifest unknown: " + repository + ' ' + reference + " not found";
}

void buildEnvironment(Cloud& cloud, const std::string& environmentId)
{
    const Json* environment = cloud.resources.find(environmentId);
    if (!environment)
        return;
    const Json& properties = (*environment)["properties"];
    if (!properties.contains("build") && !properties.contains("condaFile"))
        return;
    const size_t environments = lower(environmentId).find("/environments/");
    Json* workspace = cloud.resources.find(environmentId.substr(0, environments));
    if (workspace && (*workspace)["properties"]["containerRegistry"].is_null()) {
        const std::string group = environmentId.substr(0, lower(environmentId).find("/providers/"));
        (*workspace)["properties"]["containerRegistry"] =
            group + "/providers/Microsoft.ContainerRegistry/registries/fakeregistry";
    }
    if (!cloud.options.registry.empty())
        pushImage(cloud, "azureml/azureml_" + hex(sha256(properties.dump())).substr(0, 32), "latest", "");
}

void startDeploymentContainer(Cloud& cloud, const std::string& deploymentId)
{
    const Json* deployment = cloud.resources.find(deploymentId);
    if (!deployment)
        return;
    const std::vector<std::string> parts = segmentsOf(deploymentId);
    const std::string key = lower(parts[parts.size() - 3] + '/' + parts.back());
    const Json& properties = (*deployment)["properties"];
    const Json* environment =
        properties.contains("environmentId") ? cloud.resources.find(properties["environmentId"]) : nullptr;
    if (environment)
        buildEnvironment(cloud, (*environment)["id"]);
    std::vector<std::string> command =
        cloud.options.imageCommand.empty() ? cloud.options.backendCommand : cloud.options.imageCommand;
    if (command.empty() || !cloud.backends.url(key).empty())
        return;
    const std::string folder =
        cloud.options.folder + "/containers/" + parts[parts.size() - 3] + '-' + parts.back();
    std::string model, image;
    if (const Json* version =
            properties.contains("model") ? cloud.resources.find(properties["model"]) : nullptr)
        model = fetchModel(cloud, (*version)["properties"]["modelUri"], deploymentId, folder);
    if (environment)
        image = (*environment)["properties"].value("image", "");
    for (std::string& word : command) {
        replaceAll(word, "{model}", model);
        replaceAll(word, "{folder}", folder);
        replaceAll(word, "{image}", image);
    }
    fs::create_directories(folder);
    cloud.backends.start(key, command, folder + ".log");
}

} // namespace fake_azure
