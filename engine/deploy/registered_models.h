// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the models that are registered in a workspace, whoever did: listed, downloaded, and changed as far
// as Azure lets a version be changed.
#pragma once

#include "engine/deploy/arm.h"
#include "engine/deploy/choices.h"

namespace lapidary::deploy {

enum class ModelView { Active, Archived, All };

struct RegisteredModel {
    std::string name;
    std::string latestVersion; // empty: none is left
    std::string description;
    std::map<std::string, std::string> tags;
    bool isArchived = false;
    std::string changedAt; // ISO 8601
};
// All pages, by name. Errors, here and below: of ArmClient.
Result<std::vector<RegisteredModel>> registeredModels(const Workspace& workspace, ModelView view,
                                                      ArmClient& arm, JobContext& job);

struct ModelVersion {
    std::string name; // of the model
    std::string version;
    std::string uri;  // "azureml://.../datastores/NAME/paths/..."
    std::string type; // "custom_model", "triton_model", "mlflow_model"
    std::string stage;
    std::string description;
    std::map<std::string, std::string> tags;
    std::map<std::string, std::string> properties;
    bool isArchived = false;
    std::string createdAt;
    std::string createdBy;
};
// Newest first.
Result<std::vector<ModelVersion>> modelVersions(const Workspace& workspace, const std::string& name,
                                                ModelView view, ArmClient& arm, JobContext& job);
// version empty: the latest. Errors: also NotFound.
Result<ModelVersion> modelVersion(const Workspace& workspace, const std::string& name,
                                  const std::string& version, ArmClient& arm, JobContext& job);

struct DownloadedModel {
    std::vector<std::filesystem::path> files;
    uint64_t sizeBytes = 0;
    uint64_t receivedBytes = 0; // the rest was there
    bool hashIsRight = false;   // by the tag sha256; false: there is none
};
// Into the folder, which is made: the file, or what lies below the registered folder. What is there already
// is not fetched again, and a half file is gone on with. Errors: also of downloadBlob; InvalidArgument (the
// model's files are where we cannot look), NotFound (they are gone), InvalidModel (they are not those that
// were registered; nothing of them stays).
Result<DownloadedModel> downloadModel(const Workspace& workspace, const ModelVersion& model,
                                      const std::filesystem::path& folder, ArmClient& arm, JobContext& job);

// Sets those tags and removes those names; the rest of the version stays.
Status changeTags(const Workspace& workspace, const std::string& name, const std::string& version,
                  const std::map<std::string, std::string>& set, const std::vector<std::string>& removed,
                  ArmClient& arm, JobContext& job);
// Archived: out of lists, but endpoints go on with it. version empty: the model with all its versions.
Status setArchived(const Workspace& workspace, const std::string& name, const std::string& version,
                   bool archived, ArmClient& arm, JobContext& job);

// Where the files of a version are, from its URI.
struct ModelPlace {
    Workspace workspace;   // that the URI names; empty: the model's
    std::string datastore; // empty: url says it
    std::string url;       // of a blob
    std::string path;      // below the datastore's container
};
// Errors: InvalidArgument: a form that names no datastore.
Result<ModelPlace> placeOf(const std::string& uri);

} // namespace lapidary::deploy
