// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a person chooses for a deployment, and the plan that follows from it.
#pragma once

#include "engine/base/job_context.h"
#include "engine/deploy/azure_cloud.h"
#include "engine/deploy/plan.h"

#include <filesystem>

namespace lapidary::deploy {

// Names of targets, as the command line has them.
constexpr auto localTarget = "local";
constexpr auto managedTarget = "azure-managed";
constexpr auto azureKubernetesTarget = "azure-kubernetes"; // an online endpoint on an attached cluster
constexpr auto aciTarget = "azure-aci";                    // a container group
constexpr auto kubernetesTarget = "kubernetes";            // manifests for any cluster
constexpr auto allTargets = "local, azure-managed, azure-kubernetes, azure-aci, kubernetes";

struct Workspace {
    std::string subscription; // its id
    std::string resourceGroup;
    std::string name;

    // "/subscriptions/.../workspaces/NAME"; empty when nothing is chosen.
    std::string path() const;
};

// What is left empty gets a value of defaultsFor() or of the target.
struct Choices {
    std::string target = localTarget;
    std::string modelFile; // absolute
    std::string modelName; // of the registered model; also names the run
    std::string modelVersion;
    std::string description;
    std::map<std::string, std::string> tags;

    // The image: "lapidary" (our server, written without a container engine) or "python" (ONNX Runtime behind
    // Azure's inference server, in files that people change)
    std::string flavour = "lapidary";
    std::string buildRoute = "environment"; // of "python": or "acr-task", "local" (by the engine)
    std::string imageFiles;                 // folder of changed files of "python"; empty: made for the model
    std::string baseImage = "mcr.microsoft.com/azureml/minimal-py312-inference:latest"; // of "environment"

    // local, and builds on this machine
    std::string engine = "process"; // or "podman", "docker"
    int port = 0;                   // 0: any free one; of azure-aci: 5001

    // Azure
    Cloud cloud;
    Workspace workspace;
    std::string location;    // of the workspace
    std::string datastore;   // the workspace's default one
    std::string storageRoot; // "https://ACCOUNT.blob.core.windows.net/CONTAINER"
    std::string registry;    // "name.azurecr.io", or with "http://"
    std::string registryId;  // its ARM id; empty: not known
    std::string endpoint;    // also names the container group, and what Kubernetes gets
    std::string deployment = "blue";
    std::string instanceType = "Standard_DS3_v2";
    int instances = 1;
    std::string authMode = "Key"; // or "AMLToken", "AADToken"
    int requestTimeoutSeconds = 5;
    int requestsAtOnce = 4;   // per instance
    int trafficPercent = 100; // of the endpoint's calls for the deployment; the others share the rest

    // What an instance gets: azure-kubernetes, azure-aci, kubernetes
    double cpu = 1;
    double memoryGb = 2;
    int mostInstances = 0; // of a cluster that scales by load; 0: as many as instances

    // azure-kubernetes
    std::string compute; // its name in the workspace
    std::string cluster; // ARM id of an AKS or Arc cluster to attach as compute; empty: it is attached
    std::string clusterInstanceType; // one that the compute defines; empty: its default

    // azure-aci
    std::string pullIdentity; // ARM id of an identity with AcrPull; empty: the registry's admin user

    // azure-kubernetes, kubernetes
    std::string kubeNamespace = "default";

    // kubernetes
    bool kubeApply = false;  // by kubectl; else the manifests are only written
    std::string kubeContext; // of kubectl; empty: the current one
    std::string keySecret;   // a secret of the namespace whose "api-key" callers send; empty: no key
    std::string pullSecret;  // one that lets the cluster pull from the registry; empty: it may already
};

Json toJson(const Choices& choices);
Choices choicesFromJson(const Json& json);

// Names from the file's, which Azure accepts: letters, digits, dashes.
Choices defaultsFor(const std::filesystem::path& modelFile);

// Errors: InvalidArgument, with the rule.
Status checkModelName(const std::string& name);

// Files of the model with the name below which each is uploaded and put into the image, first the model's
// own. hash: of names and contents (SHA-256, hexadecimal): where uploads go, so that the same model is
// uploaded once.
struct ModelFiles {
    struct File {
        std::filesystem::path source;
        std::string name; // relative, with '/'
        uint64_t sizeBytes = 0;
    };
    std::vector<File> files;
    std::string hash;
    std::map<std::string, std::string> imageTexts; // of the flavour "python"
};
// Errors: of loadModel, IoError, InvalidModel (external weights outside the model's folder), Cancelled.
Result<ModelFiles> modelFiles(const std::filesystem::path& modelFile, JobContext& job);
// The hash of these files, whatever their order.
Result<std::string> hashOf(std::vector<ModelFiles::File> files, const JobContext& job);
// Of choices.modelFile, with the files of the image that the choices ask for. Errors: also of imageTextsFor.
Result<ModelFiles> modelFiles(const Choices& choices, JobContext& job);

// id: of the run. Errors: InvalidArgument: a choice that is missing or that Azure would refuse, with the
// rule.
Result<DeployPlan> makePlan(const Choices& choices, const ModelFiles& files, const std::string& id);

// "2026-11-25-101530-digits-3f9a".
std::string newRunId(const std::string& modelName);

// Whether the target is an online endpoint of Azure Machine Learning.
bool isOnline(const Choices& choices);
// Whether somebody must be signed in to Azure: also for a cluster anywhere that pulls from a registry there.
bool needsAzure(const Choices& choices);

// The steps of each target, in the files *_plan.cpp.
std::vector<Step> localSteps(const Choices& choices, const ModelFiles& files, const std::string& id);
std::vector<Step> managedSteps(const Choices& choices, const ModelFiles& files, const std::string& id);
std::vector<Step> azureKubernetesSteps(const Choices& choices, const ModelFiles& files,
                                       const std::string& id);
std::vector<Step> aciSteps(const Choices& choices, const ModelFiles& files, const std::string& id);
std::vector<Step> kubernetesSteps(const Choices& choices, const ModelFiles& files, const std::string& id);
// From "/subscriptions" on.
std::string containerGroupPath(const Choices& choices);
Step writeImageStep(const Choices& choices, const ModelFiles& files);

bool isPython(const Choices& choices);
bool isAzureBuilt(const Choices& choices); // as an environment: no image of ours is in the registry
bool modelInImage(const Choices& choices); // else the endpoint mounts the registered model
const char* readyPath(const Choices& choices);
std::string builtTag(const Choices& choices, const std::string& id); // of an image built on this machine
// To an image in the registry, or to what Azure builds one of.
std::vector<Step> imageSteps(const Choices& choices, const ModelFiles& files, const std::string& id);
std::vector<Step> localImageSteps(const Choices& choices, const ModelFiles& files, const std::string& id);

// Below the container: named by what is uploaded, so that the same is uploaded once.
std::string uploadFolder(const ModelFiles& files);
constexpr uint64_t uploadBlockBytes = uint64_t{4} << 20;
// "https://name.azurecr.io"; without TLS only where the choice says "http://".
std::string registryUrl(const std::string& registry);

} // namespace lapidary::deploy
