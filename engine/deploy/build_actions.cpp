// SPDX-License-Identifier: GPL-3.0-or-later
// Images from a Dockerfile: built on this machine, or by a task of the registry.
#include "engine/base/text.h"
#include "engine/deploy/action_table.h"
#include "engine/deploy/arm.h"
#include "engine/deploy/blob_upload.h"
#include "engine/deploy/container_engine.h"
#include "engine/deploy/files.h"
#include "engine/deploy/local_server.h"
#include "engine/deploy/oci_image.h"
#include "engine/deploy/python_image.h"

#include <archive.h>
#include <archive_entry.h>
#include <fstream>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace lapidary::deploy {

namespace {

fs::path contextFolder(const StepContext& context) { return context.run.folder / "context"; }

// The folder of the build: texts from the plan, and the model's files.
Status writeContext(StepContext& context)
{
    const fs::path folder = contextFolder(context);
    std::error_code problem;
    fs::remove_all(folder, problem);
    const Json& texts = at(context.step.input, "texts");
    for (auto text = texts.begin(); texts.is_object() && text != texts.end(); ++text) {
        const fs::path name = fs::path(text.key()).lexically_normal();
        if (name.is_absolute() || name.empty() || *name.begin() == "..")
            return makeError(ErrorCode::InvalidArgument, "the plan names a file outside its folder")
                .at(text.key());
        fs::create_directories((folder / name).parent_path(), problem);
        TRY(writeTextFile(folder / name, text.value().is_string() ? text.value().get<std::string>() : ""));
    }
    for (const Json& file : at(context.step.input, "files")) {
        const fs::path target = folder / "model" / textAt(file, "name");
        fs::create_directories(target.parent_path(), problem);
        // A second name costs nothing where both lie on one disk.
        fs::create_hard_link(textAt(file, "source"), target, problem);
        if (problem)
            fs::copy_file(textAt(file, "source"), target, problem);
        if (problem)
            return makeError(ErrorCode::IoError, problem.message()).at(target.string());
    }
    context.log("the files are in " + folder.string());
    return context.keep("context.folder", folder.string());
}

Status removeContext(StepContext& context)
{
    std::error_code problem;
    fs::remove_all(contextFolder(context), problem);
    return {};
}

// On this machine

// Docker saves an image as one archive, which holds an OCI layout since version 25.
Status unpackLayout(const fs::path& file, const fs::path& folder)
{
    std::unique_ptr<archive, decltype(&archive_read_free)> tar(archive_read_new(), &archive_read_free);
    archive_read_support_format_tar(tar.get());
    if (archive_read_open_filename(tar.get(), file.c_str(), size_t{1} << 16) != ARCHIVE_OK)
        return makeError(ErrorCode::IoError, archive_error_string(tar.get())).at(file.string());
    archive_entry* entry = nullptr;
    while (archive_read_next_header(tar.get(), &entry) == ARCHIVE_OK) {
        const fs::path name = fs::path(archive_entry_pathname(entry)).lexically_normal();
        if (archive_entry_filetype(entry) != AE_IFREG || name.is_absolute() || *name.begin() == "..")
            continue;
        std::error_code problem;
        fs::create_directories((folder / name).parent_path(), problem);
        std::ofstream out(folder / name, std::ios::binary);
        std::vector<char> buffer(size_t{1} << 20);
        la_ssize_t count = 0;
        while ((count = archive_read_data(tar.get(), buffer.data(), buffer.size())) > 0)
            out.write(buffer.data(), count);
        if (count < 0 || !out)
            return makeError(ErrorCode::IoError, "the archive of the image cannot be unpacked")
                .at(file.string());
    }
    return {};
}

Status buildFailed(const ProcessOutput& output, const char* what)
{
    const std::string text = output.errors.empty() ? output.output : output.errors;
    return makeError(ErrorCode::BackendFailure,
                     std::string(what) + ": " +
                         text.substr(text.size() - std::min<size_t>(text.size(), 2000)),
                     "Correct the files of the image, and deploy again with --image-files; the whole output "
                     "is in the log.");
}

Status saveLayout(StepContext& context, const std::string& tag)
{
    const fs::path folder = context.run.folder / "image";
    std::error_code problem;
    fs::remove_all(folder, problem);
    TRY_ASSIGN(const std::string engine, context.input("engine"));
    const bool docker = engine.find("docker") != std::string::npos;
    const fs::path file = docker ? context.run.folder / "image.tar" : folder;
    std::vector<std::string> arguments{"save", "--output", file.string()};
    if (!docker)
        arguments.insert(arguments.end(), {"--format", "oci-dir"});
    arguments.push_back(tag);
    TRY_ASSIGN(const ProcessOutput saved, callEngine(context, arguments));
    if (saved.exitCode != 0)
        return buildFailed(saved, "the image cannot be saved");
    if (docker) {
        TRY(unpackLayout(file, folder));
        fs::remove(file, problem);
    }
    return {};
}

Status buildImage(StepContext& context)
{
    TRY_ASSIGN(const std::string tag, context.input("tag"));
    TRY_ASSIGN(const ProcessOutput built,
               callEngine(context, {"build", "--tag", tag, contextFolder(context).string()}, true));
    if (built.exitCode != 0)
        return buildFailed(built, "the build fails");
    TRY(saveLayout(context, tag));
    TRY_ASSIGN(const Image image, readImage(context.run.folder / "image"));
    context.log("image " + image.manifest.digest + ", " + sizeText(image.sizeBytes()));
    TRY(context.keep("image.digest", image.manifest.digest));
    return context.keep("image.sizeBytes", std::to_string(image.sizeBytes()));
}

Status removeBuilt(StepContext& context)
{
    TRY_ASSIGN(const std::string tag, context.input("tag"));
    std::error_code problem;
    fs::remove_all(context.run.folder / "image", problem);
    // An image that is not there, or an engine: nothing is left.
    const auto removed = callEngine(context, {"rmi", "--force", tag});
    return !removed.ok() && removed.error().code == ErrorCode::Cancelled ? Status(removed.error()) : Status();
}

// By the registry

// What the Dockerfile can see, as one archive.
Result<fs::path> packContext(StepContext& context)
{
    const fs::path folder = contextFolder(context);
    std::string ignore;
    if (auto text = readTextFile(folder / ".dockerignore"); text.ok())
        ignore = *text;
    ImageLayer layer{{}, true, "context"};
    std::error_code problem;
    for (auto entry = fs::recursive_directory_iterator(folder, problem);
         !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        const std::string name = entry->path().lexically_relative(folder).generic_string();
        if (entry->is_regular_file(problem) && (name == "Dockerfile" || !isIgnored(ignore, name)))
            layer.files.push_back({name, entry->path(), false});
    }
    if (problem)
        return makeError(ErrorCode::IoError, problem.message()).at(folder.string());
    // A layer of an image is such an archive.
    TRY_ASSIGN(const Image packed,
               writeImage({layer}, {}, context.run.folder / "context-archive", "context", context.job));
    return packed.fileOf(packed.layers.front());
}

std::string runUrl(const StepContext& context, const std::string& run, const std::string& action = {})
{
    return withVersion(textAt(context.step.input, "runs") + run + action, api::registryTasks);
}

Result<std::string> scheduleRun(StepContext& context, ArmClient& arm)
{
    TRY_ASSIGN(const std::string uploadUrl, context.input("upload"));
    TRY_ASSIGN(const fs::path archive, packContext(context));
    TRY_ASSIGN(const Json place, arm.post(uploadUrl, {}, context.job));
    const std::string target = textAt(place, "uploadUrl");
    const size_t query = target.find('?');
    if (query == std::string::npos)
        return makeError(ErrorCode::BackendFailure, "the registry names no place for the files");
    const BlobAccess access{target.substr(query + 1), {}};
    BlobUploader uploader(context.services.http,
                          [&access](JobContext&) { return Result<BlobAccess>(access); });
    TRY_ASSIGN(const auto uploaded, uploader.upload(archive, target.substr(0, query), {}, context.job));
    context.log(sizeText(uploaded.sentBytes) + " sent");
    std::error_code problem;
    fs::remove_all(context.run.folder / "context-archive", problem);

    TRY_ASSIGN(const std::string url, context.input("schedule"));
    Values values = context.run.values;
    values["context.location"] = textAt(place, "relativePath");
    TRY_ASSIGN(const Json body, fillTexts(context.step.requests[1].body, values));
    TRY_ASSIGN(const HttpResponse response, arm.send("POST", url, body, context.job));
    if (!response.ok())
        return armError(response, url);
    std::string run = textAt(response.json(), "properties", "runId");
    if (run.empty() && !response.header("location").empty()) {
        TRY_ASSIGN(const Json found, arm.get(response.header("location"), context.job));
        run = textAt(found, "properties", "runId");
    }
    if (run.empty())
        return makeError(ErrorCode::BackendFailure, "the registry does not name the run that it started");
    TRY(context.keepResume({{"run", run}}));
    fs::remove(context.run.folder / "build.log", problem);
    context.log("run " + run + " of the registry");
    return run;
}

// The new bytes of the log, which an append blob holds; true when it is complete.
Result<bool> readLog(StepContext& context, const std::string& link, uint64_t& offset, std::string& line)
{
    HttpRequest request{.url = link};
    request.headers = {{"Range", "bytes=" + std::to_string(offset) + "-"}, {"x-ms-version", api::storage}};
    TRY_ASSIGN(const HttpResponse response, context.services.http.sendPatiently(request, context.job));
    // 404: not begun; 416: nothing new, which says nothing about the end.
    if (response.status == 403)
        return makeError(ErrorCode::AuthFailure, failureText(response));
    if (response.status == 206 || response.status == 200) {
        // An answer without a range is the whole log.
        const QByteArray news =
            response.status == 206 ? response.body : response.body.mid(static_cast<qsizetype>(offset));
        offset += static_cast<uint64_t>(news.size());
        std::ofstream(context.run.folder / "build.log", std::ios::app | std::ios::binary)
            .write(news.data(), news.size());
        line += news.toStdString();
        size_t from = 0;
        for (size_t end; (end = line.find('\n', from)) != std::string::npos; from = end + 1)
            context.log(line.substr(from, end - from));
        line.erase(0, from);
    }
    if (!response.header("x-ms-meta-complete").empty())
        return true;
    if (response.status != 416)
        return false;
    HttpRequest head{.method = "HEAD", .url = link};
    head.headers = {{"x-ms-version", api::storage}};
    TRY_ASSIGN(const HttpResponse properties, context.services.http.sendPatiently(head, context.job));
    return !properties.header("x-ms-meta-complete").empty();
}

bool isEnded(const std::string& status)
{
    for (const char* end : {"succeeded", "failed", "canceled", "error", "timeout"}) {
        if (lowerCase(status) == end)
            return true;
    }
    return false;
}

// Until the log is complete, or, should nobody complete it, the run has ended.
Status followRun(StepContext& context, ArmClient& arm, const std::string& run)
{
    std::error_code problem;
    uint64_t offset = fs::exists(context.run.folder / "build.log", problem)
                          ? fs::file_size(context.run.folder / "build.log", problem)
                          : 0;
    std::string link;
    std::string line;
    auto pause = 1000ms;
    auto lastNews = std::chrono::steady_clock::now();
    for (;;) {
        if (link.empty()) {
            TRY_ASSIGN(const Json answer, arm.post(runUrl(context, run, "/listLogSasUrl"), {}, context.job));
            link = textAt(answer, "logLink");
        }
        const uint64_t before = offset;
        const auto complete = readLog(context, link, offset, line);
        if (!complete.ok() && complete.error().code == ErrorCode::AuthFailure)
            link.clear(); // the signature has run out
        else if (!complete.ok())
            return complete.error();
        else if (*complete && offset == before)
            return {};
        if (offset > before) {
            pause = 1000ms;
            lastNews = std::chrono::steady_clock::now();
        } else {
            TRY_ASSIGN(const Json state, arm.get(runUrl(context, run), context.job));
            if (isEnded(textAt(state, "properties", "status")))
                return {};
            if (std::chrono::steady_clock::now() - lastNews > 30min)
                return makeError(ErrorCode::BackendFailure, "the build says nothing for half an hour",
                                 "See the run " + run + " in the portal; then resume.");
            pause = std::min<std::chrono::milliseconds>(pause * 3 / 2, 15s);
        }
        TRY(context.services.http.pause(pause, context.job));
    }
}

Status buildInRegistry(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    std::string run = textAt(context.record.resume, "run");
    if (run.empty()) {
        TRY_ASSIGN(run, scheduleRun(context, *arm));
    }
    TRY(followRun(context, *arm, run));
    Json ended;
    for (;;) {
        TRY_ASSIGN(ended, arm->get(runUrl(context, run), context.job));
        if (isEnded(textAt(ended, "properties", "status")))
            break;
        TRY(context.services.http.pause(1s, context.job));
    }
    const std::string status = textAt(ended, "properties", "status");
    const Json& images = at(ended, "properties", "outputImages");
    const std::string digest = images.is_array() && !images.empty() ? textAt(images[0], "digest") : "";
    if (lowerCase(status) != "succeeded" || digest.empty()) {
        // Resuming builds anew.
        TRY(context.keepResume({}));
        return makeError(
            ErrorCode::BackendFailure,
            "the build ended as " + status + ": " + textAt(ended, "properties", "runErrorMessage") + "\n" +
                lastLines(context.run.folder / "build.log", 5),
            "Correct the files of the image, and deploy again with --image-files; the whole log is in "
            "build.log of the run.");
    }
    context.log("image " + digest);
    return context.keep("image.digest", digest);
}

// A run that is under way is cancelled, what it pushed is removed.
Status removeRun(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    const std::string run = textAt(context.record.resume, "run");
    if (!run.empty() && !context.run.values.contains("image.digest")) {
        TRY_ASSIGN(const Json state, arm->find(runUrl(context, run), context.job));
        if (!state.is_null() && !isEnded(textAt(state, "properties", "status"))) {
            const std::string url = runUrl(context, run, "/cancel");
            TRY_ASSIGN(const HttpResponse response, arm->send("POST", url, {}, context.job));
            if (!response.ok() && response.status != 404 && response.status != 409)
                return armError(response, url);
        }
    }
    return removePushedImage(context);
}

} // namespace

std::span<const Action> buildActions()
{
    static constexpr Action rows[] = {
        {"write-context", writeContext, removeContext},
        {"build-image", buildImage, removeBuilt},
        {"build-in-registry", buildInRegistry, removeRun},
    };
    return rows;
}

} // namespace lapidary::deploy
