// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies are those of Azure Machine Learning's API 2025-12-01.
#include "engine/deploy/azure_steps.h"

#include "engine/deploy/arm.h"
#include "engine/deploy/python_image.h"

#include <algorithm>
#include <iterator>

namespace lapidary::deploy {

namespace {

std::string seconds(int count) { return "PT" + std::to_string(count) + "S"; }

std::string registryHost(const Choices& choices)
{
    const std::string url = registryUrl(choices.registry);
    return url.substr(url.find("://") + 3);
}

Json endpointBody(const Choices& choices, const std::string& id, Json traffic)
{
    Json body = {{"location", choices.location},
                 {"identity", {{"type", "SystemAssigned"}}},
                 {"tags", ownTags(id)},
                 {"properties",
                  {{"authMode", choices.authMode},
                   {"description", choices.description},
                   {"publicNetworkAccess", "Enabled"},
                   {"traffic", std::move(traffic)}}}};
    if (choices.target == azureKubernetesTarget)
        body["properties"]["compute"] = choices.workspace.path() + "/computes/" + choices.compute;
    return body;
}

} // namespace

std::string armUrl(const Choices& choices, const std::string& path, const char* version)
{
    return withVersion(choices.cloud.arm + path, version);
}

std::string groupPath(const Choices& choices)
{
    return "/subscriptions/" + choices.workspace.subscription + "/resourceGroups/" +
           choices.workspace.resourceGroup;
}

std::string endpointPath(const Choices& choices)
{
    return choices.workspace.path() + "/onlineEndpoints/" + choices.endpoint;
}

Json ownTags(const std::string& id) { return {{"createdBy", "lapidary"}, {"lapidaryRun", id}}; }

std::string repositoryOf(const Choices& choices) { return "lapidary/" + choices.modelName; }

std::string imageReference(const Choices& choices)
{
    return registryHost(choices) + "/" + repositoryOf(choices) + "@${image.digest}";
}

Step uploadStep(const Choices& choices, const ModelFiles& files)
{
    const std::string datastore = choices.workspace.path() + "/datastores/" + choices.datastore;
    Step step{"upload", "Upload the model's files", "upload-files", {}, {}};
    step.input = {{"secrets", armUrl(choices, datastore + "/listSecrets")},
                  {"root", choices.storageRoot + "/" + uploadFolder(files)},
                  {"name", choices.modelName},
                  {"version", choices.modelVersion},
                  {"files", Json::array()}};
    step.requests.push_back(
        {"POST", textAt(step.input, "secrets"), {{"expirableSecret", true}, {"expireAfterHours", 1}}, {}});
    for (const ModelFiles::File& file : files.files) {
        step.input["files"].push_back({{"source", file.source.string()}, {"name", file.name}});
        const std::string blob = textAt(step.input, "root") + "/" + file.name;
        const std::string blocks = std::to_string((file.sizeBytes + uploadBlockBytes - 1) / uploadBlockBytes);
        step.requests.push_back({"PUT",
                                 blob + "?comp=block&blockid=...",
                                 {},
                                 blocks + " blocks of up to 4 MiB; those there are kept"});
        step.requests.push_back({"PUT", blob + "?comp=blocklist", {}, "the list of blocks, as XML"});
    }
    return step;
}

Step modelStep(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    std::string path = uploadFolder(files);
    if (files.files.size() == 1)
        path += "/" + files.files.front().name;
    // The form in which Azure stores it.
    const Workspace& workspace = choices.workspace;
    const std::string uri = "azureml://subscriptions/" + workspace.subscription + "/resourcegroups/" +
                            workspace.resourceGroup + "/workspaces/" + workspace.name + "/datastores/" +
                            choices.datastore + "/paths/" + path;
    Json tags = choices.tags;
    tags["sha256"] = files.hash;
    tags.update(ownTags(id));
    const Json body = {{"properties",
                        {{"modelUri", uri},
                         {"modelType", "custom_model"},
                         {"description", choices.description},
                         {"tags", tags},
                         {"isAnonymous", false},
                         {"isArchived", false}}}};
    const std::string resource =
        choices.workspace.path() + "/models/" + choices.modelName + "/versions/" + choices.modelVersion;
    // The same bytes under the same name are the same model, whoever registered them.
    return {"model",
            "Register the model " + choices.modelName + ":" + choices.modelVersion,
            "put-resource",
            {{"whenThere", "reuse-if-same"},
             {"same", {"properties", "tags", "sha256"}},
             {"mark", {"properties", "tags", "lapidaryRun"}}},
            {{"PUT", armUrl(choices, resource), body, {}}}};
}

Step pushStep(const Choices& choices)
{
    const std::string root = registryUrl(choices.registry) + "/v2/" + repositoryOf(choices);
    return {
        "push",
        "Push the image to " + choices.registry,
        "push-image",
        {{"registry", registryUrl(choices.registry)}, {"repository", repositoryOf(choices)}},
        {{"POST", root + "/blobs/uploads/", {}, "for each layer and the configuration that are not there"},
         {"PATCH", root + "/blobs/uploads/...", {}, "in parts of 8 MiB"},
         {"PUT", root + "/manifests/${image.digest}", {}, "the manifest"}}};
}

Step environmentStep(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    const auto route = [](const char* path) { return Json{{"port", 5001}, {"path", path}}; };
    const std::string server = isPython(choices) ? "ONNX Runtime" : "lapidary-serve";
    Json properties = {{"image", imageReference(choices)},
                       {"osType", "Linux"},
                       {"description", server + " with " + choices.modelName + ":" + choices.modelVersion},
                       {"tags", ownTags(id)}};
    if (isAzureBuilt(choices)) {
        properties["image"] = choices.baseImage;
        properties["condaFile"] = condaFileIn(files.imageTexts);
    } else {
        properties["inferenceConfig"] = {{"livenessRoute", route("/")},
                                         {"readinessRoute", route(readyPath(choices))},
                                         {"scoringRoute", route("/score")}};
    }
    const std::string resource = choices.workspace.path() + "/environments/" + choices.modelName + "-" +
                                 choices.flavour + "/versions/" + id;
    return {"environment",
            isAzureBuilt(choices) ? "Describe the environment, which Azure builds with the first deployment"
                                  : "Make the image an environment",
            "put-resource",
            {{"whenThere", "reuse"},
             {"mark", {"properties", "tags", "lapidaryRun"}},
             {"keepId", "environment.id"}},
            {{"PUT", armUrl(choices, resource), {{"properties", properties}}, {}}}};
}

Step endpointStep(const Choices& choices, const std::string& id)
{
    return {"endpoint",
            "Create the endpoint " + choices.endpoint,
            "put-resource",
            {{"whenThere", "reuse"},
             {"mark", {"tags", "lapidaryRun"}},
             {"keep", {{"endpoint.scoringUri", {"properties", "scoringUri"}}}}},
            {{"PUT", armUrl(choices, endpointPath(choices)), endpointBody(choices, id, Json::object()), {}}}};
}

Json deploymentBody(const Choices& choices, const std::string& id)
{
    const auto probe = [](int failures) {
        return Json{{"initialDelay", "PT5S"},
                    {"period", "PT10S"},
                    {"timeout", "PT2S"},
                    {"successThreshold", 1},
                    {"failureThreshold", failures}};
    };
    Json body = {{"location", choices.location},
                 {"sku", {{"name", "Default"}, {"capacity", choices.instances}}},
                 {"tags", ownTags(id)},
                 {"properties",
                  {{"endpointComputeType", "Managed"},
                   {"model", choices.workspace.path() + "/models/" + choices.modelName + "/versions/" +
                                 choices.modelVersion},
                   {"environmentId", "${environment.id}"},
                   {"appInsightsEnabled", false},
                   {"requestSettings",
                    {{"requestTimeout", seconds(choices.requestTimeoutSeconds)},
                     {"maxConcurrentRequestsPerInstance", choices.requestsAtOnce}}},
                   {"livenessProbe", probe(30)},
                   {"readinessProbe", probe(30)},
                   {"scaleSettings", {{"scaleType", "Default"}}}}}};
    if (isAzureBuilt(choices))
        body["properties"]["codeConfiguration"] = {{"codeId", "${code.id}"}, {"scoringScript", "score.py"}};
    return body;
}

Step deploymentStep(const Choices& choices, const Json& body)
{
    const std::string path = endpointPath(choices) + "/deployments/" + choices.deployment;
    return {"deployment",
            "Deploy " + choices.modelName + ":" + choices.modelVersion + " as " + choices.deployment,
            "put-resource",
            {{"whenThere", "refuse"},
             {"mark", {"tags", "lapidaryRun"}},
             {"logs", armUrl(choices, path + "/getLogs")}},
            {{"PUT", armUrl(choices, path), body, {}}}};
}

std::vector<Step> trafficSteps(const Choices& choices, const std::string& id)
{
    if (choices.trafficPercent == 0)
        return {};
    const bool all = choices.trafficPercent == 100;
    const Json traffic = {{choices.deployment, choices.trafficPercent}};
    return {{"traffic",
             all ? "Send all traffic to " + choices.deployment
                 : "Send " + std::to_string(choices.trafficPercent) + " % of the traffic to " +
                       choices.deployment,
             "set-traffic",
             {{"deployment", choices.deployment}, {"percent", choices.trafficPercent}},
             {{"PUT", armUrl(choices, endpointPath(choices)), endpointBody(choices, id, traffic),
               all ? "" : "the other deployments keep their shares of the rest"}}}};
}

Step scoreStep(const Choices& choices)
{
    return {"score",
            "Send a sample request and compare with the engine",
            "compare-score",
            {{"url", "${endpoint.scoringUri}"},
             {"deployment", choices.deployment},
             {"authMode", choices.authMode},
             {"keys",
              armUrl(choices, endpointPath(choices) + (choices.authMode == "Key" ? "/listKeys" : "/token"))}},
            {{"POST", "${endpoint.scoringUri}", {}, "a sample of the model's inputs"}}};
}

std::vector<Step> onlineSteps(const Choices& choices, const ModelFiles& files, const std::string& id,
                              const Json& deployment, std::vector<Step> compute)
{
    std::vector<Step> steps{uploadStep(choices, files), modelStep(choices, files, id)};
    const auto add = [&steps](std::vector<Step> more) {
        std::move(more.begin(), more.end(), std::back_inserter(steps));
    };
    add(imageSteps(choices, files, id));
    steps.push_back(environmentStep(choices, files, id));
    add(std::move(compute));
    steps.push_back(endpointStep(choices, id));
    steps.push_back(deploymentStep(choices, deployment));
    add(trafficSteps(choices, id));
    steps.push_back(scoreStep(choices));
    return steps;
}

std::string uploadFolder(const ModelFiles& files) { return "LocalUpload/" + files.hash.substr(0, 32); }

std::string registryUrl(const std::string& registry)
{
    return registry.find("://") == std::string::npos ? "https://" + registry : registry;
}

} // namespace lapidary::deploy
