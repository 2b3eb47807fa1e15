// SPDX-License-Identifier: GPL-3.0-or-later
// Builds in a container registry: a context is uploaded, a run is scheduled, its log grows in an append blob.
// Nothing is really built: the "image" that a run pushes has the context as its one layer.
#include "areas.h"
#include "body_check.h"
#include "clock.h"
#include "crypto.h"
#include "registry_service.h"
#include "storage.h"

#include <memory>

namespace fake_azure {

namespace {

const char sources[] = "acr-source";
const char logs[] = "acr-logs";

struct Run {
    std::string id; // ca1
    std::string resourceId;
    std::string logBlob; // acr-logs/ca1/rawtext.log
    std::string source;
    Json request;
    int64_t start = 0;
    int milliseconds = 0;
    Json failure; // of a fault: null if it will succeed
    bool stuck = false;
    std::string status = "Queued";
    size_t linesWritten = 0;
    std::vector<std::string> lines;
    Json images = Json::array();
    int64_t finish = 0;
};
using Runs = std::map<std::string, std::shared_ptr<Run>>;

std::string idOf(Cloud& cloud, const Call& call)
{
    const std::string type = "Microsoft.ContainerRegistry/registries";
    const std::string id = "/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg") +
                           "/providers/" + type + '/' + call.name("registry");
    return cloud.existing(id, type, call.name("registry"))["id"];
}

Json runJson(const Run& run)
{
    Json properties{{"runId", run.id},
                    {"status", run.status},
                    {"runType", "QuickRun"},
                    {"createTime", isoTime(run.start)},
                    {"lastUpdatedTime", isoTime(now())},
                    {"platform", run.request["platform"]},
                    {"agentConfiguration", run.request.value("agentConfiguration", Json{{"cpu", 2}})},
                    {"isArchiveEnabled", false},
                    {"outputImages", run.images},
                    {"provisioningState", run.status == "Failed" ? "Failed"
                                          : run.finish           ? "Succeeded"
                                                                 : "Running"}};
    if (run.status != "Queued")
        properties["startTime"] = isoTime(run.start);
    if (run.finish)
        properties["finishTime"] = isoTime(run.finish);
    if (run.status == "Failed")
        properties["runErrorMessage"] = run.failure.value("message", "the build failed");
    return {{"id", run.resourceId + "/runs/" + run.id},
            {"name", run.id},
            {"type", "Microsoft.ContainerRegistry/registries/runs"},
            {"properties", properties}};
}

void pushImages(Cloud& cloud, Run& run)
{
    if (!run.request.value("isPushEnabled", true))
        return;
    const std::string layer = downloadBlob(cloud, run.source);
    for (const Json& each : run.request.value("imageNames", Json::array())) {
        const std::string name = each;
        const size_t colon = std::min(name.find(':'), name.size());
        const std::string repository = name.substr(0, colon),
                          tag = colon < name.size() ? name.substr(colon + 1) : "latest";
        run.images.push_back({{"registry", registryHost(cloud)},
                              {"repository", repository},
                              {"tag", tag},
                              {"digest", pushImage(cloud, repository, tag, layer)}});
    }
}

// The log so far, and the end when its time has come.
void advance(Cloud& cloud, Run& run)
{
    if (run.finish)
        return;
    const double fraction = static_cast<double>(now() - run.start) / std::max(run.milliseconds, 1);
    run.status = fraction < 0.1 ? "Queued" : fraction < 0.2 ? "Started" : "Running";
    // The log is not there from the start: a client must bear that it is missing.
    if (fraction < 0.2)
        return;
    if (run.linesWritten == 0)
        startLog(cloud, run.logBlob);
    const size_t due =
        std::min(run.lines.size(), static_cast<size_t>(fraction * static_cast<double>(run.lines.size())));
    std::string text;
    for (; run.linesWritten < std::max<size_t>(due, 1); ++run.linesWritten)
        text += run.lines[run.linesWritten] + '\n';
    if (!text.empty())
        appendLog(cloud, run.logBlob, text);
    if (fraction < 1 || run.stuck)
        return;
    const bool failed = !run.failure.is_null();
    if (!failed)
        pushImages(cloud, run);
    appendLog(cloud, run.logBlob,
              failed ? "Run ID: " + run.id + " failed after 1s. Error: " + run.failure.value("message", "") +
                           '\n'
                     : "Run ID: " + run.id + " was successful after 1s\n");
    completeLog(cloud, run.logBlob, failed ? "failed" : "successful");
    run.status = failed ? "Failed" : "Succeeded";
    run.finish = now();
}

std::vector<std::string> logLines(const Run& run)
{
    std::vector<std::string> lines{
        "Downloading source code...", "Finished downloading source code", "Using acb_vol to mount volumes",
        "Executing step ID: build. Timeout(sec): " + std::to_string(run.request.value("timeout", 3600))};
    int step = 0;
    for (const char* line : {"FROM scratch", "COPY . /", "ENTRYPOINT [\"/lapidary-serve\"]"})
        lines.push_back("Step " + std::to_string(++step) + "/3 : " + line);
    if (!run.failure.is_null()) {
        lines.push_back("COPY failed: file not found in build context");
        return lines;
    }
    for (const Json& image : run.request.value("imageNames", Json::array()))
        lines.push_back("Successfully tagged " + image.get<std::string>());
    lines.push_back("Pushing image...");
    return lines;
}

Reply schedule(Cloud& cloud, Runs& runs, const Call& call)
{
    const std::string id = idOf(cloud, call);
    const Json body = call.json();
    BodyCheck check(body);
    check.word("type", {"DockerBuildRequest"});
    check.text("dockerFilePath");
    check.text("sourceLocation");
    if (!check.object("platform").is_null())
        check.word("platform.os", {"Linux", "Windows"});
    check.array("imageNames", Need::Optional);
    check.boolean("isPushEnabled");
    check.boolean("noCache");
    check.boolean("isArchiveEnabled");
    check.integer("timeout", 300, 28'800, Need::Optional);
    check.integer("agentConfiguration.cpu", 1, 32, Need::Optional);
    check.done("InvalidRequest");
    if (!cloud.options.tasksAllowed)
        throw ArmError(400, "TasksOperationsNotAllowed",
                       "ACR Tasks requests for the registry " + call.name("registry") + " and " +
                           call.subscription() +
                           " are not permitted. Please file an Azure support request at "
                           "https://aka.ms/azuresupport for assistance.");
    auto run = std::make_shared<Run>();
    run->source = std::string(sources) + '/' + body["sourceLocation"].get<std::string>();
    if (listBlobs(cloud, sources, body["sourceLocation"]).empty())
        throw ArmError(400, "InvalidSourceLocation",
                       "The source location could not be downloaded: " + body["sourceLocation"].dump());
    run->id = "ca" + std::to_string(runs.size() + 1);
    run->resourceId = id;
    run->logBlob = std::string(logs) + '/' + run->id + '-' + randomHex(4) + "/rawtext.log";
    run->request = body;
    run->start = now();
    run->milliseconds = cloud.options.deploymentMs;
    if (call.operationFault) {
        run->stuck = call.operationFault->error.is_null();
        run->failure = call.operationFault->error;
    }
    run->lines = logLines(*run);
    makeContainer(cloud, logs);
    runs[run->id] = run;
    return reply(200, runJson(*run));
}

std::shared_ptr<Run> runOf(Cloud& cloud, const Runs& runs, const Call& call)
{
    const auto found = runs.find(call.name("run"));
    if (found == runs.end() || !sameText(found->second->resourceId, idOf(cloud, call)))
        throw ArmError(404, "RunNotFound", "The run '" + call.name("run") + "' was not found.");
    advance(cloud, *found->second);
    return found->second;
}

Reply cancel(Cloud& cloud, const Runs& runs, const Call& call)
{
    const auto run = runOf(cloud, runs, call);
    if (run->finish)
        throw ArmError(409, "RunCannotBeCanceled", "The run has ended already.");
    if (run->linesWritten == 0)
        startLog(cloud, run->logBlob);
    appendLog(cloud, run->logBlob, "Run ID: " + run->id + " was canceled\n");
    completeLog(cloud, run->logBlob, "canceled");
    run->status = "Canceled";
    run->finish = now();
    return emptyReply(200);
}

Reply uploadUrl(Cloud& cloud, const Call& call)
{
    idOf(cloud, call);
    makeContainer(cloud, sources);
    const std::string path = "source/" + randomHex(8) + "/context.tar.gz";
    const std::string url = cloud.url + '/' + storageAccount + '/' + sources + '/' + path + '?' +
                            blobSas(sources, path, "rcw", cloud.options.sasSeconds);
    return reply(200, {{"uploadUrl", url}, {"relativePath", path}});
}

} // namespace

void addRegistryTasks(Router& router, Cloud& cloud)
{
    const auto runs = std::make_shared<Runs>();
    // Whoever looks at a log sees it grow, without asking ARM for the run.
    cloud.beforeBlob = [&cloud, runs](const std::string& path) {
        for (const auto& [id, run] : *runs) {
            if (run->logBlob == path)
                advance(cloud, *run);
        }
    };
    const Area area = Area::RegistryTasks;
    router.add("POST", registryPath + "/listBuildSourceUploadUrl", area,
               [&](Call& call) { return uploadUrl(cloud, call); });
    router.add("POST", registryPath + "/scheduleRun", area,
               [&, runs](Call& call) { return schedule(cloud, *runs, call); });
    router.add("GET", registryPath + "/runs", area, [&, runs](Call& call) {
        const std::string id = idOf(cloud, call);
        std::vector<Json> list;
        for (const auto& [name, run] : *runs) {
            if (sameText(run->resourceId, id)) {
                advance(cloud, *run);
                list.insert(list.begin(), runJson(*run));
            }
        }
        return page(cloud, call, list);
    });
    router.add("GET", registryPath + "/runs/{run}", area,
               [&, runs](Call& call) { return reply(200, runJson(*runOf(cloud, *runs, call))); });
    router.add("POST", registryPath + "/runs/{run}/cancel", area,
               [&, runs](Call& call) { return cancel(cloud, *runs, call); });
    router.add("POST", registryPath + "/runs/{run}/listLogSasUrl", area, [&, runs](Call& call) {
        const auto run = runOf(cloud, *runs, call);
        const std::string blob = run->logBlob.substr(std::string_view(logs).size() + 1);
        return reply(200, {{"logLink", cloud.url + '/' + storageAccount + '/' + run->logBlob + '?' +
                                           blobSas(logs, blob, "r", cloud.options.sasSeconds)}});
    });
}

} // namespace fake_azure
