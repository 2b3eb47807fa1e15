// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/choices.h"

#include "engine/deploy/files.h"
#include "engine/deploy/python_image.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/writer.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

// Letters, digits and single dashes, first a letter, at most longest.
std::string azureName(const std::string& text, size_t longest)
{
    std::string name;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)))
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    if (name.empty() || !std::isalpha(static_cast<unsigned char>(name.front())))
        name.insert(0, "m-");
    name.resize(std::min(name.size(), longest));
    while (name.back() == '-')
        name.pop_back();
    return name.size() < 3 ? name + "-model" : name;
}

bool isEndpointName(const std::string& name)
{
    const auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-'; };
    return name.size() >= 3 && name.size() <= 32 && std::isalpha(static_cast<unsigned char>(name.front())) &&
           name.back() != '-' && name.find("--") == std::string::npos &&
           std::all_of(name.begin(), name.end(), allowed);
}

Status required(const std::string& value, const std::string& what, const std::string& next)
{
    if (value.empty())
        return makeError(ErrorCode::InvalidArgument, what + " is not chosen", next);
    return {};
}

Status checkSize(const Choices& choices)
{
    if (choices.cpu < 0.1 || choices.cpu > 256 || choices.memoryGb < 0.1 || choices.memoryGb > 4096)
        return makeError(ErrorCode::InvalidArgument,
                         "an instance has 0.1 to 256 processors and 0.1 to 4096 GB");
    if (choices.mostInstances != 0 && choices.mostInstances < choices.instances)
        return makeError(ErrorCode::InvalidArgument, "the most instances are fewer than the least");
    return {};
}

// What all targets in Azure need.
Status checkAzure(const Choices& choices)
{
    const std::string connect = "Connect to the workspace first; it names them.";
    TRY(required(choices.workspace.path(), "the workspace", "Name it, or give its config.json."));
    TRY(required(choices.location, "the location", connect));
    TRY(required(choices.datastore, "the datastore", connect));
    TRY(required(choices.storageRoot, "the storage account", connect));
    TRY(required(choices.registry, "the container registry", "Create one for the workspace, or name one."));
    return {};
}

Status checkEndpoint(const Choices& choices)
{
    TRY(checkAzure(choices));
    for (const std::string& name : {choices.endpoint, choices.deployment}) {
        if (!isEndpointName(name))
            return makeError(ErrorCode::InvalidArgument,
                             "'" + name + "' cannot name an endpoint or deployment",
                             "3 to 32 letters, digits and single dashes; first a letter, last no dash.");
    }
    if (choices.instances < 1 || choices.instances > 50)
        return makeError(ErrorCode::InvalidArgument,
                         "an endpoint has 1 to 50 instances, not " + std::to_string(choices.instances));
    if (choices.requestTimeoutSeconds < 1 || choices.requestTimeoutSeconds > 180)
        return makeError(ErrorCode::InvalidArgument, "a request may take 1 to 180 seconds");
    if (choices.trafficPercent < 0 || choices.trafficPercent > 100)
        return makeError(ErrorCode::InvalidArgument, "a deployment gets 0 to 100 percent of the traffic");
    return {};
}

// Which ways to an image go together with which target.
Status checkImage(const Choices& choices, const ModelFiles& files)
{
    if (choices.flavour != "lapidary" && choices.flavour != "python")
        return makeError(ErrorCode::InvalidArgument, "there is no flavour '" + choices.flavour + "'",
                         "Flavours: lapidary, python.");
    if (!isPython(choices))
        return {};
    const std::string& route = choices.buildRoute;
    const bool online = isOnline(choices);
    if (route != "environment" && route != "acr-task" && route != "local")
        return makeError(ErrorCode::InvalidArgument, "there is no way '" + route + "' to build an image",
                         "Ways: environment, acr-task, local.");
    if (route == "environment" && !online)
        return makeError(ErrorCode::InvalidArgument,
                         "only online endpoints use environments that Azure builds",
                         "Build the image by acr-task or local.");
    if (route == "acr-task" && (choices.target == localTarget || choices.target == kubernetesTarget))
        return makeError(ErrorCode::InvalidArgument, "registry tasks build images for targets in Azure",
                         "Build the image on this machine: local.");
    if (route == "acr-task" && choices.registryId.empty())
        return makeError(ErrorCode::InvalidArgument, "the registry's id is not known",
                         "Name a registry of the workspace's resource group.");
    if (choices.target == localTarget && choices.engine == "process")
        return makeError(ErrorCode::InvalidArgument, "the flavour python runs in containers only",
                         "Choose the engine podman or docker.");
    if (files.imageTexts.empty())
        return makeError(ErrorCode::InvalidArgument, "the files of the image are missing",
                         "They come with modelFiles(choices).");
    return {};
}

Status checkAzureKubernetes(const Choices& choices)
{
    TRY(checkEndpoint(choices));
    TRY(checkSize(choices));
    TRY(required(choices.compute, "the compute",
                 "Name the cluster as the workspace knows it, and give the cluster's id to attach it."));
    if (!isEndpointName(choices.compute) || choices.compute.size() > 24)
        return makeError(ErrorCode::InvalidArgument, "'" + choices.compute + "' cannot name a compute",
                         "3 to 24 letters, digits and single dashes; first a letter, last no dash.");
    return {};
}

// DNS labels: of container groups, and of what Kubernetes names.
Status checkLabel(const std::string& name)
{
    const bool fits = !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!fits)
        return makeError(ErrorCode::InvalidArgument, "'" + name + "' cannot name what is deployed",
                         "Up to 63 small letters, digits and dashes; first and last no dash.");
    return {};
}

Status checkAci(const Choices& choices)
{
    TRY(checkAzure(choices));
    TRY(checkLabel(choices.endpoint));
    TRY(checkSize(choices));
    if (choices.pullIdentity.empty())
        TRY(required(choices.registryId, "the registry's id",
                     "Name a registry of the workspace's resource group, or an identity that may pull."));
    return {};
}

Status checkKubernetes(const Choices& choices)
{
    TRY(checkLabel(choices.endpoint));
    TRY(checkLabel(choices.kubeNamespace));
    TRY(checkSize(choices));
    if (choices.instances < 1)
        return makeError(ErrorCode::InvalidArgument, "there is at least one instance");
    return required(choices.registry, "the container registry", "Name one that the cluster can pull from.");
}

} // namespace

std::string Workspace::path() const
{
    if (subscription.empty() || resourceGroup.empty() || name.empty())
        return {};
    return "/subscriptions/" + subscription + "/resourceGroups/" + resourceGroup +
           "/providers/Microsoft.MachineLearningServices/workspaces/" + name;
}

Json toJson(const Choices& choices)
{
    return {{"target", choices.target},
            {"modelFile", choices.modelFile},
            {"modelName", choices.modelName},
            {"modelVersion", choices.modelVersion},
            {"description", choices.description},
            {"tags", choices.tags},
            {"flavour", choices.flavour},
            {"buildRoute", choices.buildRoute},
            {"imageFiles", choices.imageFiles},
            {"baseImage", choices.baseImage},
            {"engine", choices.engine},
            {"port", choices.port},
            {"cloud", toJson(choices.cloud)},
            {"subscription", choices.workspace.subscription},
            {"resourceGroup", choices.workspace.resourceGroup},
            {"workspace", choices.workspace.name},
            {"location", choices.location},
            {"datastore", choices.datastore},
            {"storageRoot", choices.storageRoot},
            {"registry", choices.registry},
            {"endpoint", choices.endpoint},
            {"deployment", choices.deployment},
            {"instanceType", choices.instanceType},
            {"instances", choices.instances},
            {"authMode", choices.authMode},
            {"requestTimeoutSeconds", choices.requestTimeoutSeconds},
            {"requestsAtOnce", choices.requestsAtOnce},
            {"registryId", choices.registryId},
            {"trafficPercent", choices.trafficPercent},
            {"cpu", choices.cpu},
            {"memoryGb", choices.memoryGb},
            {"mostInstances", choices.mostInstances},
            {"compute", choices.compute},
            {"cluster", choices.cluster},
            {"clusterInstanceType", choices.clusterInstanceType},
            {"pullIdentity", choices.pullIdentity},
            {"kubeNamespace", choices.kubeNamespace},
            {"kubeApply", choices.kubeApply},
            {"kubeContext", choices.kubeContext},
            {"keySecret", choices.keySecret},
            {"pullSecret", choices.pullSecret}};
}

Choices choicesFromJson(const Json& json)
{
    Choices choices;
    const auto read = [&json](const char* name, auto& value) {
        using T = std::decay_t<decltype(value)>;
        const Json& found = at(json, name);
        if constexpr (std::is_same_v<T, int>)
            value = found.is_number_integer() ? found.template get<int>() : value;
        else if constexpr (std::is_same_v<T, double>)
            value = found.is_number() ? found.template get<double>() : value;
        else if constexpr (std::is_same_v<T, bool>)
            value = found.is_boolean() ? found.template get<bool>() : value;
        else
            value = found.is_string() ? found.template get<std::string>() : value;
    };
    read("target", choices.target);
    read("modelFile", choices.modelFile);
    read("modelName", choices.modelName);
    read("modelVersion", choices.modelVersion);
    read("description", choices.description);
    for (const auto& tag : at(json, "tags").items())
        choices.tags[tag.key()] = tag.value().is_string() ? tag.value().get<std::string>() : "";
    read("flavour", choices.flavour);
    read("buildRoute", choices.buildRoute);
    read("imageFiles", choices.imageFiles);
    read("baseImage", choices.baseImage);
    read("engine", choices.engine);
    read("port", choices.port);
    choices.cloud = cloudFromJson(at(json, "cloud"));
    read("subscription", choices.workspace.subscription);
    read("resourceGroup", choices.workspace.resourceGroup);
    read("workspace", choices.workspace.name);
    read("location", choices.location);
    read("datastore", choices.datastore);
    read("storageRoot", choices.storageRoot);
    read("registry", choices.registry);
    read("endpoint", choices.endpoint);
    read("deployment", choices.deployment);
    read("instanceType", choices.instanceType);
    read("instances", choices.instances);
    read("authMode", choices.authMode);
    read("requestTimeoutSeconds", choices.requestTimeoutSeconds);
    read("requestsAtOnce", choices.requestsAtOnce);
    read("registryId", choices.registryId);
    read("trafficPercent", choices.trafficPercent);
    read("cpu", choices.cpu);
    read("memoryGb", choices.memoryGb);
    read("mostInstances", choices.mostInstances);
    read("compute", choices.compute);
    read("cluster", choices.cluster);
    read("clusterInstanceType", choices.clusterInstanceType);
    read("pullIdentity", choices.pullIdentity);
    read("kubeNamespace", choices.kubeNamespace);
    read("kubeApply", choices.kubeApply);
    read("kubeContext", choices.kubeContext);
    read("keySecret", choices.keySecret);
    read("pullSecret", choices.pullSecret);
    return choices;
}

Choices defaultsFor(const fs::path& modelFile)
{
    Choices choices;
    choices.modelFile = fs::absolute(modelFile).lexically_normal().string();
    std::string stem = modelFile.stem().string();
    if (stem == "model") // zoos name the folder
        stem = fs::path(choices.modelFile).parent_path().filename().string();
    choices.modelName = azureName(stem, 60);
    choices.endpoint = azureName(stem, 32);
    choices.modelVersion = "1";
    return choices;
}

Status checkModelName(const std::string& name)
{
    const auto allowed = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
    };
    if (name.empty() || name.size() > 255 || !std::isalnum(static_cast<unsigned char>(name.front())) ||
        !std::all_of(name.begin(), name.end(), allowed))
        return makeError(ErrorCode::InvalidArgument, "'" + name + "' cannot name a model",
                         "Up to 255 letters, digits, '-', '_' and '.'; first a letter or digit.");
    return {};
}

Result<std::string> hashOf(std::vector<ModelFiles::File> files, const JobContext& job)
{
    std::ranges::sort(files, {}, [](const ModelFiles::File& file) { return fs::path(file.name); });
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const ModelFiles::File& file : files) {
        hash.addData(QByteArray::fromStdString(file.name));
        TRY(hashFile(file.source, hash, job));
    }
    return hash.result().toHex().toStdString();
}

Result<ModelFiles> modelFiles(const fs::path& modelFile, JobContext& job)
{
    TRY_ASSIGN(const auto model, loadModel(modelFile, job));
    const fs::path folder = fs::absolute(modelFile).parent_path();
    ModelFiles result;
    for (const fs::path& path : filesOf(*model)) {
        std::error_code problem;
        const fs::path name = fs::absolute(path).lexically_relative(folder);
        const uint64_t size = fs::file_size(path, problem);
        if (problem)
            return makeError(ErrorCode::IoError, problem.message()).at(path.string());
        if (name.empty() || *name.begin() == "..")
            return makeError(ErrorCode::InvalidModel, "weights lie outside the model's folder",
                             "Save a copy with its weights first: lapidary edit MODEL OUT.onnx")
                .at(path.string());
        result.files.push_back({fs::absolute(path), name.generic_string(), size});
    }
    TRY_ASSIGN(result.hash, hashOf(result.files, job));
    std::stable_partition(result.files.begin(), result.files.end(), [&](const ModelFiles::File& file) {
        return file.name == modelFile.filename().string();
    });
    return result;
}

Result<ModelFiles> modelFiles(const Choices& choices, JobContext& job)
{
    TRY_ASSIGN(ModelFiles files, modelFiles(fs::path(choices.modelFile), job));
    if (isPython(choices)) {
        TRY_ASSIGN(files.imageTexts, imageTextsFor(choices, job));
    }
    return files;
}

std::string newRunId(const std::string& modelName)
{
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss"));
    const QString chance = QString::number(QRandomGenerator::global()->bounded(0x1000, 0xffff), 16);
    return time.toStdString() + "-" + modelName + "-" + chance.toStdString();
}

bool isOnline(const Choices& choices)
{
    return choices.target == managedTarget || choices.target == azureKubernetesTarget;
}

bool needsAzure(const Choices& choices)
{
    return choices.target.rfind("azure-", 0) == 0 ||
           (choices.target == kubernetesTarget && choices.registry.find(".azurecr.") != std::string::npos);
}

Result<DeployPlan> makePlan(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    TRY(checkModelName(choices.modelName));
    DeployPlan plan{id, choices.target, choices.modelFile, toJson(choices), {}};
    TRY(checkImage(choices, files));
    if (choices.target == localTarget) {
        plan.steps = localSteps(choices, files, id);
    } else if (choices.target == managedTarget) {
        TRY(checkEndpoint(choices));
        plan.steps = managedSteps(choices, files, id);
    } else if (choices.target == azureKubernetesTarget) {
        TRY(checkAzureKubernetes(choices));
        plan.steps = azureKubernetesSteps(choices, files, id);
    } else if (choices.target == aciTarget) {
        TRY(checkAci(choices));
        plan.steps = aciSteps(choices, files, id);
    } else if (choices.target == kubernetesTarget) {
        TRY(checkKubernetes(choices));
        plan.steps = kubernetesSteps(choices, files, id);
    } else {
        return makeError(ErrorCode::InvalidArgument, "there is no target '" + choices.target + "'",
                         std::string("Targets: ") + allTargets + ".");
    }
    return plan;
}

} // namespace lapidary::deploy
