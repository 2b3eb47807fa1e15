// SPDX-License-Identifier: GPL-3.0-or-later
// Steps on Azure: files into the workspace's storage, images into its registry, resources by ARM.
#include "engine/base/text.h"
#include "engine/deploy/action_table.h"
#include "engine/deploy/arm.h"
#include "engine/deploy/blob_upload.h"
#include "engine/deploy/files.h"
#include "engine/deploy/registry.h"
#include "engine/deploy/secrets.h"
#include "engine/deploy/traffic.h"

namespace lapidary::deploy {

namespace {

// The text below a path of names that the plan holds as a list.
std::string textBelow(const Json& json, const Json& path)
{
    const Json* found = &json;
    for (const Json& name : path)
        found = &at(*found, name.get_ref<const std::string&>().c_str());
    return found->is_string() ? found->get<std::string>() : std::string();
}

// Files

Result<BlobUploader> uploaderFor(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    TRY_ASSIGN(const std::string secrets, context.input("secrets"));
    TRY_ASSIGN(const std::string root, context.input("root"));
    return BlobUploader(context.services.http, [arm, secrets, root](JobContext& job) {
        return datastoreAccess(*arm, secrets, root, job);
    });
}

Status uploadFiles(StepContext& context)
{
    TRY_ASSIGN(BlobUploader uploader, uploaderFor(context));
    uploader.setProgress(context.observer.moved);
    TRY_ASSIGN(const std::string root, context.input("root"));
    Json mine = context.record.resume.is_array() ? context.record.resume : Json::array();
    for (const Json& file : at(context.step.input, "files")) {
        const std::string name = textAt(file, "name");
        TRY_ASSIGN(const std::string source, fill(textAt(file, "source"), context.run.values));
        const std::string blob = std::string(root).append("/").append(blobPath(name));
        TRY_ASSIGN(const auto uploaded, uploader.upload(source, blob,
                                                        {{"name", textAt(context.step.input, "name")},
                                                         {"version", textAt(context.step.input, "version")}},
                                                        context.job));
        if (uploaded.wasThere) {
            context.log(name + " is there already");
            continue;
        }
        context.log(name + ": " + sizeText(uploaded.sentBytes) + " sent" +
                    (uploaded.keptBytes ? ", " + sizeText(uploaded.keptBytes) + " were there" : ""));
        mine.push_back(name);
        TRY(context.keepResume(mine));
    }
    return {};
}

Status removeFiles(StepContext& context)
{
    TRY_ASSIGN(BlobUploader uploader, uploaderFor(context));
    TRY_ASSIGN(const std::string root, context.input("root"));
    for (const Json& name : context.record.resume.is_array() ? context.record.resume : Json::array())
        TRY(uploader.remove(root + "/" + blobPath(name.get<std::string>()), context.job));
    return {};
}

// Images

Result<RegistryClient> registryOf(StepContext& context)
{
    // Registries outside Azure are asked without a name.
    static const Cloud noCloud;
    ArmClient* arm = context.services.arm;
    TRY_ASSIGN(std::string registry, context.input("registry"));
    TRY_ASSIGN(std::string repository, context.input("repository"));
    return RegistryClient(context.services.http, arm ? &arm->credentials() : nullptr,
                          arm ? arm->cloud() : noCloud, std::move(registry), std::move(repository));
}

Status pushImage(StepContext& context)
{
    TRY_ASSIGN(RegistryClient registry, registryOf(context));
    registry.setProgress(context.observer.moved);
    TRY_ASSIGN(const Image image, readImage(context.run.folder / "image"));
    const LayerUpload resume{textAt(context.record.resume, "digest"),
                             textAt(context.record.resume, "location")};
    const auto progress = [&](const LayerUpload& upload) {
        return context.keepResume({{"digest", upload.digest}, {"location", upload.location}});
    };
    TRY(registry.push(image, resume, progress, context.job));
    context.log("pushed " + image.manifest.digest + ", " + sizeText(registry.sentBytes()) + " sent");
    return {};
}

// Resources

bool isMine(const StepContext& context, const Json& resource)
{
    return textBelow(resource, at(context.step.input, "mark")) == context.run.plan.id;
}

std::string stateOf(const Json& resource)
{
    return lowerCase(textAt(resource, "properties", "provisioningState"));
}

// The end of the container's log, whole, beside the run's own. What Azure cannot give yet is no error.
void fetchLogs(StepContext& context, ArmClient& arm)
{
    const std::string url = textAt(context.step.input, "logs");
    if (url.empty())
        return;
    auto logs = arm.post(url, {{"containerType", "InferenceServer"}, {"tail", 1000}}, context.job);
    if (!logs.ok() || textAt(*logs, "content").empty())
        return;
    if (!writeTextFile(context.run.folder / "endpoint.log", textAt(*logs, "content")).ok())
        context.log("the endpoint's log cannot be written");
}

Status followOperation(StepContext& context, ArmClient& arm, const ArmClient::Operation& operation)
{
    Status status = arm.wait(
        operation,
        [&] {
            fetchLogs(context, arm);
            return Status();
        },
        context.job);
    if (!status.ok() && status.error().code != ErrorCode::Cancelled)
        fetchLogs(context, arm);
    return status;
}

Status removeResource(StepContext& context, ArmClient& arm, const std::string& url)
{
    const std::string query = textAt(context.step.input, "deleteQuery");
    const std::string full = query.empty() ? url : url + "&" + query;
    TRY_ASSIGN(const HttpResponse response, arm.send("DELETE", full, {}, context.job));
    if (!response.ok() && response.status != 404)
        return armError(response, url);
    return arm.wait(ArmClient::operationIn(response, "DELETE", url), {}, context.job);
}

Error nameTaken(const std::string& url)
{
    const std::string path = url.substr(0, url.find('?'));
    return makeError(ErrorCode::InvalidArgument,
                     "'" + path.substr(path.rfind('/') + 1) +
                         "' is there already, and was not made by this run",
                     "Choose another name or version. What is there is left as it is.");
}

// What is there decides: nothing of ours, ours and whole, ours and being made, ours and failed.
enum class Found { Nothing, Whole, BeingMade };

Result<Found> lookAt(StepContext& context, ArmClient& arm, const std::string& url, const Json& body)
{
    TRY_ASSIGN(const Json resource, arm.find(url, context.job));
    if (resource.is_null())
        return Found::Nothing;
    const std::string state = stateOf(resource);
    if (!isMine(context, resource)) {
        const std::string rule = textAt(context.step.input, "whenThere");
        const Json& same = at(context.step.input, "same");
        const bool isSame = rule == "reuse-if-same" && !textBelow(body, same).empty() &&
                            textBelow(body, same) == textBelow(resource, same);
        if (rule != "reuse" && !isSame)
            return nameTaken(url);
        context.log("it is there already and is used as it is");
        return Found::Whole;
    }
    if (state.empty() || state == "succeeded")
        return Found::Whole;
    if (state == "failed" || state == "canceled") {
        context.log("an earlier try failed: what it left is deleted and made anew");
        TRY(removeResource(context, arm, url));
        return Found::Nothing;
    }
    return Found::BeingMade;
}

// Where to go on with an operation: as the run noted it, else as the resource says, else the resource itself.
Result<ArmClient::Operation> operationUnderWay(StepContext& context, ArmClient& arm, const std::string& url)
{
    if (const std::string noted = textAt(context.record.resume, "status"); !noted.empty())
        return ArmClient::Operation{ArmClient::Operation::Kind::Status, noted};
    TRY_ASSIGN(const Json resource, arm.get(url, context.job));
    const std::string told = textAt(resource, "properties", "properties", "AzureAsyncOperationUri");
    if (!told.empty())
        return ArmClient::Operation{ArmClient::Operation::Kind::Status, told};
    return ArmClient::Operation{ArmClient::Operation::Kind::Resource, url};
}

Result<ArmClient::Operation> put(StepContext& context, ArmClient& arm, const std::string& url,
                                 const Json& body)
{
    TRY_ASSIGN(const HttpResponse response, arm.send("PUT", url, body, context.job));
    // A request whose answer was lost was sent again, and meets itself.
    if (response.status == 409) {
        TRY_ASSIGN(const Json resource, arm.find(url, context.job));
        if (isMine(context, resource))
            return operationUnderWay(context, arm, url);
    }
    if (!response.ok())
        return armError(response, url);
    const auto operation = ArmClient::operationIn(response, "PUT", url);
    if (operation.kind == ArmClient::Operation::Kind::Status)
        TRY(context.keepResume({{"status", operation.url}}));
    return operation;
}

Status keepAnswers(StepContext& context, const Json& resource)
{
    if (const std::string name = textAt(context.step.input, "keepId"); !name.empty())
        TRY(context.keep(name, textAt(resource, "id")));
    for (const auto& entry : at(context.step.input, "keep").items())
        TRY(context.keep(entry.key(), textBelow(resource, entry.value())));
    return {};
}

Status putResource(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    const PlannedRequest& request = context.step.requests.front();
    TRY_ASSIGN(const std::string url, fill(request.url, context.run.values));
    TRY_ASSIGN(const Found found, lookAt(context, *arm, url, request.body));
    if (found == Found::Nothing) {
        TRY_ASSIGN(Values values, secretsOf(context));
        values.insert(context.run.values.begin(), context.run.values.end());
        TRY_ASSIGN(const Json body, fillTexts(request.body, values));
        TRY_ASSIGN(const auto operation, put(context, *arm, url, body));
        TRY(followOperation(context, *arm, operation));
    } else if (found == Found::BeingMade) {
        TRY_ASSIGN(const auto operation, operationUnderWay(context, *arm, url));
        TRY(followOperation(context, *arm, operation));
    }
    // Only what can be read back is there.
    TRY_ASSIGN(const Json resource, arm->get(url, context.job));
    if (const std::string state = stateOf(resource); !state.empty() && state != "succeeded")
        return makeError(ErrorCode::BackendFailure, "Azure says that it is '" + state + "' afterwards",
                         "See it in the portal; then resume.");
    return keepAnswers(context, resource);
}

Status deleteResource(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    TRY_ASSIGN(const std::string url, fill(context.step.requests.front().url, context.run.values));
    TRY_ASSIGN(const Json resource, arm->find(url, context.job));
    if (resource.is_null() || !isMine(context, resource))
        return {};
    context.log("deleting " + url.substr(url.rfind('/') + 1, url.find('?') - url.rfind('/') - 1));
    return removeResource(context, *arm, url);
}

Status setTraffic(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    TRY_ASSIGN(const std::string url, fill(context.step.requests.front().url, context.run.values));
    TRY_ASSIGN(const Json endpoint, arm->get(url, context.job));
    const Json now = at(endpoint, "properties", "traffic");
    if (context.record.resume.is_null())
        TRY(context.keepResume({{"before", now.is_null() ? Json::object() : now}}));
    // Of the shares before the first try: those of a second one would shrink again. Plans of the first
    // version say the whole division.
    const Json& percent = at(context.step.input, "percent");
    const Json wanted = percent.is_number_integer()
                            ? trafficWith(at(context.record.resume, "before"),
                                          textAt(context.step.input, "deployment"), percent.get<int>())
                            : at(context.step.input, "traffic");
    if (now == wanted)
        return {};
    return putTraffic(endpoint, wanted, url, *arm, context.job);
}

// An endpoint that others use gets its traffic back, before its deployment goes.
Status restoreTraffic(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    TRY_ASSIGN(const std::string url, fill(context.step.requests.front().url, context.run.values));
    TRY_ASSIGN(const Json endpoint, arm->find(url, context.job));
    if (endpoint.is_null())
        return {};
    const Json& before = at(context.record.resume, "before");
    return putTraffic(endpoint, before.is_null() ? Json::object() : before, url, *arm, context.job);
}

} // namespace

Status removePushedImage(StepContext& context)
{
    const auto digest = context.run.values.find("image.digest");
    if (digest == context.run.values.end())
        return {};
    TRY_ASSIGN(RegistryClient registry, registryOf(context));
    return registry.removeManifest(digest->second, context.job);
}

std::span<const Action> azureActions()
{
    static constexpr Action rows[] = {
        {"upload-files", uploadFiles, removeFiles},
        {"push-image", pushImage, removePushedImage},
        {"put-resource", putResource, deleteResource},
        {"set-traffic", setTraffic, restoreTraffic},
    };
    return rows;
}

} // namespace lapidary::deploy
