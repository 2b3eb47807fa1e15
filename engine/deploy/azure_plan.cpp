// SPDX-License-Identifier: GPL-3.0-or-later
// The steps to a managed online endpoint of Azure Machine Learning, with the bodies of API 2025-12-01.
#include "engine/deploy/choices.h"

namespace lapidary::deploy {

namespace {

std::string armUrl(const Choices& choices, const std::string& path)
{
    return choices.cloud.arm + path + "?api-version=" + api::machineLearning;
}

std::string seconds(int count) { return "PT" + std::to_string(count) + "S"; }

// On everything that a run makes: deleting takes away only what carries them.
Json ownTags(const std::string& id) { return {{"createdBy", "lapidary"}, {"lapidaryRun", id}}; }

std::string repository(const Choices& choices) { return "lapidary/" + choices.modelName; }

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

std::string registryHost(const Choices& choices)
{
    const std::string url = registryUrl(choices.registry);
    return url.substr(url.find("://") + 3);
}

Step pushStep(const Choices& choices)
{
    const std::string root = registryUrl(choices.registry) + "/v2/" + repository(choices);
    return {
        "push",
        "Push the image to " + choices.registry,
        "push-image",
        {{"registry", registryUrl(choices.registry)}, {"repository", repository(choices)}},
        {{"POST", root + "/blobs/uploads/", {}, "for each layer and the configuration that are not there"},
         {"PATCH", root + "/blobs/uploads/...", {}, "in parts of 8 MiB"},
         {"PUT", root + "/manifests/${image.digest}", {}, "the manifest"}}};
}

Step environmentStep(const Choices& choices, const std::string& id)
{
    const auto route = [](const char* path) { return Json{{"port", 5001}, {"path", path}}; };
    const Json body = {
        {"properties",
         {{"image", registryHost(choices) + "/" + repository(choices) + "@${image.digest}"},
          {"osType", "Linux"},
          {"description", "lapidary-serve with " + choices.modelName + ":" + choices.modelVersion},
          {"tags", ownTags(id)},
          {"inferenceConfig",
           {{"livenessRoute", route("/")},
            {"readinessRoute", route("/ready")},
            {"scoringRoute", route("/score")}}}}}};
    const std::string resource =
        choices.workspace.path() + "/environments/" + choices.modelName + "-lapidary/versions/" + id;
    return {"environment",
            "Make the image an environment",
            "put-resource",
            {{"whenThere", "reuse"},
             {"mark", {"properties", "tags", "lapidaryRun"}},
             {"keepId", "environment.id"}},
            {{"PUT", armUrl(choices, resource), body, {}}}};
}

Json endpointBody(const Choices& choices, const std::string& id, Json traffic)
{
    return {{"location", choices.location},
            {"identity", {{"type", "SystemAssigned"}}},
            {"tags", ownTags(id)},
            {"properties",
             {{"authMode", choices.authMode},
              {"description", choices.description},
              {"publicNetworkAccess", "Enabled"},
              {"traffic", std::move(traffic)}}}};
}

std::string endpointPath(const Choices& choices)
{
    return choices.workspace.path() + "/onlineEndpoints/" + choices.endpoint;
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

Step deploymentStep(const Choices& choices, const std::string& id)
{
    const auto probe = [](int failures) {
        return Json{{"initialDelay", "PT5S"},
                    {"period", "PT10S"},
                    {"timeout", "PT2S"},
                    {"successThreshold", 1},
                    {"failureThreshold", failures}};
    };
    const Json body = {{"location", choices.location},
                       {"sku", {{"name", "Default"}, {"capacity", choices.instances}}},
                       {"tags", ownTags(id)},
                       {"properties",
                        {{"endpointComputeType", "Managed"},
                         {"model", choices.workspace.path() + "/models/" + choices.modelName + "/versions/" +
                                       choices.modelVersion},
                         {"environmentId", "${environment.id}"},
                         {"instanceType", choices.instanceType},
                         {"appInsightsEnabled", false},
                         {"egressPublicNetworkAccess", "Enabled"},
                         {"requestSettings",
                          {{"requestTimeout", seconds(choices.requestTimeoutSeconds)},
                           {"maxConcurrentRequestsPerInstance", choices.requestsAtOnce}}},
                         {"livenessProbe", probe(30)},
                         {"readinessProbe", probe(30)},
                         {"scaleSettings", {{"scaleType", "Default"}}}}}};
    const std::string path = endpointPath(choices) + "/deployments/" + choices.deployment;
    return {"deployment",
            "Deploy " + choices.modelName + ":" + choices.modelVersion + " as " + choices.deployment,
            "put-resource",
            {{"whenThere", "refuse"},
             {"mark", {"tags", "lapidaryRun"}},
             {"logs", armUrl(choices, path + "/getLogs")}},
            {{"PUT", armUrl(choices, path), body, {}}}};
}

} // namespace

std::string uploadFolder(const ModelFiles& files) { return "LocalUpload/" + files.hash.substr(0, 32); }

std::string registryUrl(const std::string& registry)
{
    return registry.find("://") == std::string::npos ? "https://" + registry : registry;
}

std::vector<Step> managedSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    std::vector<Step> steps{uploadStep(choices, files),     modelStep(choices, files, id),
                            writeImageStep(choices, files), pushStep(choices),
                            environmentStep(choices, id),   endpointStep(choices, id),
                            deploymentStep(choices, id)};
    const Json traffic = {{choices.deployment, 100}};
    steps.push_back(
        {"traffic",
         "Send all traffic to " + choices.deployment,
         "set-traffic",
         {{"traffic", traffic}},
         {{"PUT", armUrl(choices, endpointPath(choices)), endpointBody(choices, id, traffic), {}}}});
    steps.push_back({"score",
                     "Send a sample request and compare with the engine",
                     "compare-score",
                     {{"url", "${endpoint.scoringUri}"},
                      {"authMode", choices.authMode},
                      {"keys", armUrl(choices, endpointPath(choices) +
                                                   (choices.authMode == "Key" ? "/listKeys" : "/token"))}},
                     {{"POST", "${endpoint.scoringUri}", {}, "a sample of the model's inputs"}}});
    return steps;
}

} // namespace lapidary::deploy
