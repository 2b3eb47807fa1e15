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

    // local
    std::string engine = "process"; // or "podman", "docker"
    int port = 0;                   // 0: any free one

    // Azure
    Cloud cloud;
    Workspace workspace;
    std::string location;    // of the workspace
    std::string datastore;   // the workspace's default one
    std::string storageRoot; // "https://ACCOUNT.blob.core.windows.net/CONTAINER"
    std::string registry;    // "name.azurecr.io", or with "http://"
    std::string endpoint;
    std::string deployment = "blue";
    std::string instanceType = "Standard_DS3_v2";
    int instances = 1;
    std::string authMode = "Key"; // or "AMLToken", "AADToken"
    int requestTimeoutSeconds = 5;
    int requestsAtOnce = 4; // per instance
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
};
// Errors: of loadModel, IoError, InvalidModel (external weights outside the model's folder), Cancelled.
Result<ModelFiles> modelFiles(const std::filesystem::path& modelFile, JobContext& job);

// id: of the run. Errors: InvalidArgument: a choice that is missing or that Azure would refuse, with the
// rule.
Result<DeployPlan> makePlan(const Choices& choices, const ModelFiles& files, const std::string& id);

// "2026-11-25-101530-digits-3f9a".
std::string newRunId(const std::string& modelName);

// The steps of each target, in the files azure_plan.cpp and local_plan.cpp.
std::vector<Step> localSteps(const Choices& choices, const ModelFiles& files);
std::vector<Step> managedSteps(const Choices& choices, const ModelFiles& files, const std::string& id);
Step writeImageStep(const Choices& choices, const ModelFiles& files);

// Below the container: named by what is uploaded, so that the same is uploaded once.
std::string uploadFolder(const ModelFiles& files);
constexpr uint64_t uploadBlockBytes = uint64_t{4} << 20;
// "https://name.azurecr.io"; without TLS only where the choice says "http://".
std::string registryUrl(const std::string& registry);

} // namespace lapidary::deploy
