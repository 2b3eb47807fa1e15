// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/registered_models.h"

#include "engine/base/text.h"
#include "engine/deploy/blob_download.h"
#include "engine/deploy/token_endpoint.h"

#include <algorithm>
#include <filesystem>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

// Names

std::string modelsUrl(const Workspace& workspace, const ArmClient& arm)
{
    return arm.cloud().arm + workspace.path() + "/models";
}

std::string modelUrl(const Workspace& workspace, const std::string& name, const std::string& version,
                     const ArmClient& arm)
{
    std::string url = modelsUrl(workspace, arm) + "/" + percentEncoded(name);
    if (!version.empty())
        url += "/versions/" + percentEncoded(version);
    return withVersion(url, api::machineLearning);
}

std::string viewName(ModelView view)
{
    switch (view) {
    case ModelView::Active: return "ActiveOnly";
    case ModelView::Archived: return "ArchivedOnly";
    case ModelView::All: break;
    }
    return "All";
}

// Answers

std::map<std::string, std::string> textsIn(const Json& json)
{
    std::map<std::string, std::string> texts;
    for (const auto& entry : json.items())
        texts[entry.key()] = entry.value().is_string() ? entry.value().get<std::string>() : "";
    return texts;
}

bool isTrue(const Json& json) { return json.is_boolean() && json.get<bool>(); }

ModelVersion versionIn(const std::string& name, const Json& json)
{
    const Json& properties = at(json, "properties");
    return {.name = name,
            .version = textAt(json, "name"),
            .uri = textAt(properties, "modelUri"),
            .type = textAt(properties, "modelType"),
            .stage = textAt(properties, "stage"),
            .description = textAt(properties, "description"),
            .tags = textsIn(at(properties, "tags")),
            .properties = textsIn(at(properties, "properties")),
            .isArchived = isTrue(at(properties, "isArchived")),
            .createdAt = textAt(json, "systemData", "createdAt"),
            .createdBy = textAt(json, "systemData", "createdBy")};
}

Error noModel(const std::string& name, const std::string& version, const Workspace& workspace)
{
    return makeError(ErrorCode::NotFound,
                     "the workspace '" + workspace.name + "' has no model '" + name +
                         (version.empty() ? "'" : "' of version " + version),
                     "See what it has with: lapidary deploy models list --all");
}

// Azure changes nothing by itself in what is put again as it was read: only what clients may set.
Json bodyOf(const Json& resource)
{
    Json body;
    for (const char* member : {"modelUri", "modelType", "stage", "jobName", "flavors", "description", "tags",
                               "properties", "isAnonymous", "isArchived"}) {
        if (const Json& value = at(resource, "properties", member); !value.is_null())
            body["properties"][member] = value;
    }
    return body;
}

Status change(const Workspace& workspace, const std::string& name, const std::string& version,
              const std::function<void(Json& properties)>& edit, ArmClient& arm, JobContext& job)
{
    const std::string url = modelUrl(workspace, name, version, arm);
    TRY_ASSIGN(const Json resource, arm.find(url, job));
    if (resource.is_null())
        return noModel(name, version, workspace);
    Json body = bodyOf(resource);
    edit(body["properties"]);
    if (body["properties"] == bodyOf(resource)["properties"])
        return {};
    TRY_ASSIGN(const HttpResponse response, arm.send("PUT", url, body, job));
    if (!response.ok())
        return armError(response, url);
    return arm.wait(ArmClient::operationIn(response, "PUT", url), {}, job);
}

// Files

struct Storage {
    std::string container; // its URL
    std::string path;      // of the file or folder below it
    BlobAccessSource access;
};

BlobAccessSource tokenAccess(ArmClient& arm)
{
    return [&arm](JobContext& job) -> Result<BlobAccess> {
        TRY_ASSIGN(std::string token, arm.credentials().token(arm.cloud().storageScope, arm.http(), job));
        return BlobAccess{{}, std::move(token)};
    };
}

Result<Storage> storageOf(const Json& datastore, const std::string& url, std::string path, ArmClient& arm)
{
    TRY_ASSIGN(const std::string root, containerUrl(datastore, arm.cloud()));
    // One that is read as whoever asks has no secrets to give.
    if (textAt(datastore, "properties", "credentials", "credentialsType") == "None")
        return Storage{root, std::move(path), tokenAccess(arm)};
    const std::string secrets = withVersion(url + "/listSecrets", api::machineLearning);
    return Storage{root, std::move(path), [&arm, secrets, root](JobContext& job) {
                       return datastoreAccess(arm, secrets, root, job);
                   }};
}

// The datastore whose container the blob is in; else the container itself, as who is signed in.
Result<Storage> storageOfBlob(const std::string& blob, const std::string& stores, ArmClient& arm,
                              JobContext& job)
{
    TRY_ASSIGN(const std::vector<Json> datastores, arm.list(withVersion(stores, api::machineLearning), job));
    for (const Json& datastore : datastores) {
        const auto root = containerUrl(datastore, arm.cloud());
        if (root.ok() && blob.starts_with(*root + "/"))
            return storageOf(datastore, stores + "/" + textAt(datastore, "name"),
                             blob.substr(root->size() + 1), arm);
    }
    const size_t host = blob.find("//") + 2;
    const size_t container = blob.find('/', blob.find('/', host) + 1);
    if (blob.find('/', host) == std::string::npos || container == std::string::npos)
        return makeError(ErrorCode::InvalidArgument, "the model's address is no blob: " + blob);
    return Storage{blob.substr(0, container), blob.substr(container + 1), tokenAccess(arm)};
}

Result<Storage> findStorage(const Workspace& workspace, const std::string& uri, ArmClient& arm,
                            JobContext& job)
{
    TRY_ASSIGN(const ModelPlace place, placeOf(uri));
    const Workspace& there = place.workspace.path().empty() ? workspace : place.workspace;
    const std::string stores = arm.cloud().arm + there.path() + "/datastores";
    if (place.datastore.empty())
        return storageOfBlob(place.url, stores, arm, job);
    const std::string url = stores + "/" + percentEncoded(place.datastore);
    TRY_ASSIGN(const Json datastore, arm.get(withVersion(url, api::machineLearning), job));
    return storageOf(datastore, url, place.path, arm);
}

// Names come from others: none may lead out of the folder.
Status checkRelative(const std::string& name)
{
    const fs::path path(name);
    const bool leadsOut =
        path.is_absolute() || std::ranges::any_of(path, [](const fs::path& part) { return part == ".."; });
    if (name.empty() || leadsOut)
        return makeError(ErrorCode::InvalidModel, "a file of the model is named '" + name + "'",
                         "Such a name leads out of the folder; fetch the files by another way.");
    return {};
}

struct ChosenFile {
    ListedBlob blob;
    std::string name; // below the folder
};

// A prefix finds "model.onnx.old" beside "model.onnx": only the path itself, or what is below it. Storages
// with real folders list those as well, as blobs without bytes.
Result<std::vector<ChosenFile>> chosenFiles(std::vector<ListedBlob> blobs, const std::string& path)
{
    std::vector<ChosenFile> files;
    const auto isFolder = [&](const ListedBlob& blob) {
        return std::ranges::any_of(
            blobs, [&](const ListedBlob& other) { return other.name.starts_with(blob.name + "/"); });
    };
    for (const ListedBlob& blob : blobs) {
        const bool isIt = blob.name == path;
        const bool isBelow = path.empty() || blob.name.starts_with(path + "/");
        if ((!isIt && !isBelow) || (blob.sizeBytes == 0 && isFolder(blob)))
            continue;
        const std::string name = isIt           ? path.substr(path.rfind('/') + 1)
                                 : path.empty() ? blob.name
                                                : blob.name.substr(path.size() + 1);
        TRY(checkRelative(name));
        files.push_back({blob, name});
    }
    if (files.empty())
        return makeError(ErrorCode::NotFound, "the storage has no files at '" + path + "'",
                         "The model is registered, but its files were deleted: register it anew.");
    return files;
}

// The tag that we register with. Others give a file's own hash that name.
Status checkHash(const std::string& expected, const std::vector<ModelFiles::File>& files, JobContext& job)
{
    TRY_ASSIGN(const std::string ours, hashOf(files, job));
    if (ours == expected)
        return {};
    if (files.size() == 1) {
        ModelFiles::File nameless = files.front();
        nameless.name.clear();
        TRY_ASSIGN(const std::string plain, hashOf({nameless}, job));
        if (plain == expected)
            return {};
    }
    return makeError(ErrorCode::InvalidModel,
                     "the files are not those that were registered: their tag sha256 is " + expected +
                         ", theirs is " + ours,
                     "Somebody has written over them in the storage: register the model anew.");
}

// What is not under its name yet gets it, all at the end: half a model under its names would look whole.
Status finish(const std::vector<ModelFiles::File>& files, const std::vector<fs::path>& names)
{
    std::error_code problem;
    for (size_t i = 0; i < files.size(); ++i) {
        if (files[i].source != names[i])
            fs::rename(files[i].source, names[i], problem);
        if (problem)
            return makeError(ErrorCode::IoError, problem.message()).at(names[i].string());
    }
    return {};
}

void removeUnfinished(const std::vector<ModelFiles::File>& files, const std::vector<fs::path>& names)
{
    std::error_code problem;
    for (size_t i = 0; i < files.size(); ++i) {
        if (files[i].source != names[i])
            fs::remove(files[i].source, problem);
    }
}

} // namespace

Result<ModelPlace> placeOf(const std::string& uri)
{
    ModelPlace place;
    const std::string lower = lowerCase(uri);
    if (lower.starts_with("https://") || lower.starts_with("http://")) {
        place.url = uri.substr(0, uri.find('?'));
        return place;
    }
    const auto between = [&](const std::string& start, const std::string& end) {
        const size_t found = lower.find(start);
        if (found == std::string::npos)
            return std::string();
        const size_t from = found + start.size();
        const size_t to = end.empty() ? uri.size() : lower.find(end, from);
        return to == std::string::npos ? std::string() : uri.substr(from, to - from);
    };
    const bool isLong = lower.starts_with("azureml://subscriptions/");
    if (isLong)
        place.workspace = {between("/subscriptions/", "/"), between("/resourcegroups/", "/"),
                           between("/workspaces/", "/")};
    if (isLong || lower.starts_with("azureml://datastores/")) {
        place.datastore = between("/datastores/", "/paths/");
        place.path = between("/paths/", "");
    }
    if (place.datastore.empty())
        return makeError(ErrorCode::InvalidArgument,
                         "the model is not in a datastore of the workspace, but at '" + uri + "'",
                         "Download it with Azure's own command line: az ml model download");
    while (place.path.ends_with('/'))
        place.path.pop_back();
    return place;
}

Result<std::vector<RegisteredModel>> registeredModels(const Workspace& workspace, ModelView view,
                                                      ArmClient& arm, JobContext& job)
{
    const std::string url = modelsUrl(workspace, arm) + "?listViewType=" + viewName(view);
    TRY_ASSIGN(const std::vector<Json> found, arm.list(withVersion(url, api::machineLearning), job));
    std::vector<RegisteredModel> models;
    for (const Json& item : found) {
        const Json& properties = at(item, "properties");
        models.push_back({.name = textAt(item, "name"),
                          .latestVersion = textAt(properties, "latestVersion"),
                          .description = textAt(properties, "description"),
                          .tags = textsIn(at(properties, "tags")),
                          .isArchived = isTrue(at(properties, "isArchived")),
                          .changedAt = textAt(item, "systemData", "lastModifiedAt")});
    }
    std::ranges::sort(models, {}, &RegisteredModel::name);
    return models;
}

Result<std::vector<ModelVersion>> modelVersions(const Workspace& workspace, const std::string& name,
                                                ModelView view, ArmClient& arm, JobContext& job)
{
    TRY(checkModelName(name));
    const std::string url = modelsUrl(workspace, arm) + "/" + percentEncoded(name) +
                            "/versions?$orderBy=createdtime%20desc&listViewType=" + viewName(view);
    auto found = arm.list(withVersion(url, api::machineLearning), job);
    if (!found.ok() && found.error().code == ErrorCode::NotFound)
        return noModel(name, {}, workspace);
    if (!found.ok())
        return std::move(found).error();
    std::vector<ModelVersion> versions;
    for (const Json& item : *found)
        versions.push_back(versionIn(name, item));
    return versions;
}

Result<ModelVersion> modelVersion(const Workspace& workspace, const std::string& name,
                                  const std::string& version, ArmClient& arm, JobContext& job)
{
    TRY(checkModelName(name));
    std::string wanted = version;
    if (wanted.empty()) {
        TRY_ASSIGN(const Json model, arm.find(modelUrl(workspace, name, {}, arm), job));
        wanted = textAt(model, "properties", "latestVersion");
        if (wanted.empty())
            return noModel(name, {}, workspace);
    }
    TRY_ASSIGN(const Json found, arm.find(modelUrl(workspace, name, wanted, arm), job));
    if (found.is_null())
        return noModel(name, wanted, workspace);
    return versionIn(name, found);
}

Result<DownloadedModel> downloadModel(const Workspace& workspace, const ModelVersion& model,
                                      const fs::path& folder, ArmClient& arm, JobContext& job)
{
    TRY_ASSIGN(const Storage storage, findStorage(workspace, model.uri, arm, job));
    BlobClient client(arm.http(), storage.access);
    TRY_ASSIGN(const auto blobs, listBlobs(client, storage.container, storage.path, job));
    TRY_ASSIGN(const auto chosen, chosenFiles(blobs, storage.path));
    DownloadedModel result;
    std::vector<ModelFiles::File> files;
    for (const ChosenFile& file : chosen) {
        const fs::path path = folder / file.name;
        TRY_ASSIGN(const DownloadedBlob got, downloadBlob(client, storage.container, file.blob, path, job));
        result.files.push_back(path);
        result.sizeBytes += file.blob.sizeBytes;
        result.receivedBytes += got.receivedBytes;
        files.push_back({got.file, file.name, file.blob.sizeBytes});
    }
    if (const auto expected = model.tags.find("sha256"); expected != model.tags.end()) {
        Status right = checkHash(expected->second, files, job);
        if (!right.ok() && right.error().code == ErrorCode::InvalidModel)
            removeUnfinished(files, result.files);
        if (!right.ok())
            return std::move(right).error().at(model.name + ":" + model.version);
        result.hashIsRight = true;
    }
    TRY(finish(files, result.files));
    return result;
}

Status changeTags(const Workspace& workspace, const std::string& name, const std::string& version,
                  const std::map<std::string, std::string>& set, const std::vector<std::string>& removed,
                  ArmClient& arm, JobContext& job)
{
    TRY_ASSIGN(const ModelVersion model, modelVersion(workspace, name, version, arm, job));
    return change(
        workspace, name, model.version,
        [&](Json& properties) {
            Json& tags = properties["tags"];
            if (!tags.is_object())
                tags = Json::object();
            for (const auto& [tag, text] : set)
                tags[tag] = text;
            for (const std::string& tag : removed)
                tags.erase(tag);
        },
        arm, job);
}

Status setArchived(const Workspace& workspace, const std::string& name, const std::string& version,
                   bool archived, ArmClient& arm, JobContext& job)
{
    TRY(checkModelName(name));
    return change(
        workspace, name, version, [&](Json& properties) { properties["isArchived"] = archived; }, arm, job);
}

} // namespace lapidary::deploy
