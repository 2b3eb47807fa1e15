// SPDX-License-Identifier: GPL-3.0-or-later
// The ways to an image in a registry, or to what Azure makes one of.
#include "engine/deploy/azure_steps.h"
#include "engine/deploy/python_image.h"

#include <QCryptographicHash>

namespace lapidary::deploy {

namespace {

// Podman and Docker both build Dockerfiles; "process" says nothing about it.
std::string builder(const Choices& choices) { return choices.engine == "docker" ? "docker" : "podman"; }

Step contextStep(const Choices& choices, const ModelFiles& files)
{
    Step step{"context", "Write the files of the image", "write-context", {}, {}};
    step.input["texts"] = files.imageTexts;
    step.input["files"] = Json::array();
    if (modelInImage(choices)) {
        for (const ModelFiles::File& file : files.files)
            step.input["files"].push_back({{"source", file.source.string()}, {"name", file.name}});
    }
    return step;
}

Step localBuildStep(const Choices& choices, const std::string& id)
{
    return {"image",
            "Build the image with " + builder(choices),
            "build-image",
            {{"engine", builder(choices)}, {"tag", builtTag(choices, id)}},
            {}};
}

Step taskStep(const Choices& choices, const std::string& id)
{
    const auto url = [&](const std::string& what) {
        return armUrl(choices, choices.registryId + what, api::registryTasks);
    };
    const Json body = {{"type", "DockerBuildRequest"},
                       {"sourceLocation", "${context.location}"},
                       {"dockerFilePath", "Dockerfile"},
                       {"imageNames", Json::array({repositoryOf(choices) + ":" + id})},
                       {"isPushEnabled", true},
                       {"isArchiveEnabled", false},
                       {"noCache", false},
                       {"timeout", 3600},
                       {"platform", {{"os", "Linux"}, {"architecture", "amd64"}}},
                       {"agentConfiguration", {{"cpu", 2}}}};
    return {
        "image",
        "Build the image in " + choices.registry,
        "build-in-registry",
        {{"upload", url("/listBuildSourceUploadUrl")},
         {"schedule", url("/scheduleRun")},
         {"runs", choices.cloud.arm + choices.registryId + "/runs/"},
         {"registry", registryUrl(choices.registry)},
         {"repository", repositoryOf(choices)}},
        {{"POST", url("/listBuildSourceUploadUrl"), {}, "a place for the files, which are sent there"},
         {"POST", url("/scheduleRun"), body, {}},
         {"POST", url("/runs/.../listLogSasUrl"), {}, "the log of the build, read until it is complete"}}};
}

// Where score.py lies is named by what is in it.
std::string codeFolder(const ModelFiles& files, const std::string& id)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::fromStdString(id));
    for (const auto& [name, text] : files.imageTexts) {
        for (const std::string* part : {&name, &text}) {
            hash.addData(QByteArray::fromStdString(*part));
            hash.addData(QByteArrayView("\0", 1));
        }
    }
    return "LocalUpload/" + hash.result().toHex().left(32).toStdString();
}

Step uploadCodeStep(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    Step step = uploadStep(choices, files);
    const std::string root = choices.storageRoot + "/" + codeFolder(files, id);
    step.id = "upload-code";
    step.title = "Upload the scoring script";
    step.input["root"] = root;
    step.input["files"] = Json::array();
    step.requests.resize(1); // the one for access
    const auto found = files.imageTexts.find(".dockerignore");
    const std::string ignore = found == files.imageTexts.end() ? std::string() : found->second;
    for (const auto& [name, text] : files.imageTexts) {
        if (name == "Dockerfile" || name == ".dockerignore" || isIgnored(ignore, name))
            continue;
        step.input["files"].push_back({{"source", "${context.folder}/" + name}, {"name", name}});
        std::string url = root;
        url.append("/").append(name);
        step.requests.push_back({"PUT", std::move(url), {}, "the file's bytes"});
    }
    return step;
}

Step codeStep(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    const Json body = {{"properties",
                        {{"codeUri", choices.storageRoot + "/" + codeFolder(files, id)},
                         {"description", "score.py of " + choices.modelName + ":" + choices.modelVersion},
                         {"tags", ownTags(id)},
                         {"isAnonymous", false}}}};
    const std::string path =
        choices.workspace.path() + "/codes/" + choices.modelName + "-score/versions/" + id;
    return {"code",
            "Register the scoring script",
            "put-resource",
            {{"whenThere", "reuse"}, {"mark", {"properties", "tags", "lapidaryRun"}}, {"keepId", "code.id"}},
            {{"PUT", armUrl(choices, path), body, {}}}};
}

} // namespace

bool isPython(const Choices& choices) { return choices.flavour == "python"; }

bool isAzureBuilt(const Choices& choices) { return isPython(choices) && choices.buildRoute == "environment"; }

bool modelInImage(const Choices& choices)
{
    const bool mounted = isOnline(choices);
    return !isPython(choices) || !mounted;
}

const char* readyPath(const Choices& choices) { return isPython(choices) ? "/" : "/ready"; }

std::string builtTag(const Choices& choices, const std::string& id)
{
    return "localhost/lapidary/" + choices.modelName + ":" + id;
}

std::vector<Step> imageSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    if (!isPython(choices))
        return {writeImageStep(choices, files), pushStep(choices)};
    const Step context = contextStep(choices, files);
    if (choices.buildRoute == "environment")
        return {context, uploadCodeStep(choices, files, id), codeStep(choices, files, id)};
    if (choices.buildRoute == "acr-task")
        return {context, taskStep(choices, id)};
    return {context, localBuildStep(choices, id), pushStep(choices)};
}

std::vector<Step> localImageSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    if (!isPython(choices))
        return {writeImageStep(choices, files)};
    return {contextStep(choices, files), localBuildStep(choices, id)};
}

} // namespace lapidary::deploy
