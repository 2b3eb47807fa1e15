// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: images into a registry by the OCI distribution API, with Azure Container Registry's way to a
// token. What is there is not sent again, and a layer that was cut off goes on where it was.
#pragma once

#include "engine/deploy/azure_cloud.h"
#include "engine/deploy/http.h"
#include "engine/deploy/oci_image.h"

namespace lapidary::deploy {

class Credentials;

// Where the upload of a layer is; kept so that another process can go on.
struct LayerUpload {
    std::string digest;
    std::string location;
};

class RegistryClient {
public:
    // registry: "https://name.azurecr.io". credentials may be null: only registries that ask for nothing.
    // All outlive it.
    RegistryClient(HttpClient& http, Credentials* credentials, const Cloud& cloud, std::string registry,
                   std::string repository);

    // progress: keeps the upload that is under way; nothing is under way when digest is empty.
    // Errors: AuthFailure (AcrPush is missing), NetworkFailure, IoError, Cancelled.
    Status push(const Image& image, LayerUpload resume,
                const std::function<Status(const LayerUpload&)>& progress, JobContext& job);
    // Errors: as push. A manifest that is not there is no error.
    Status removeManifest(const std::string& digest, JobContext& job);

    // Told after each part of a layer: of the whole image. May be empty.
    void setProgress(std::function<void(uint64_t doneBytes, uint64_t allBytes)> progress)
    {
        m_progress = std::move(progress);
    }
    uint64_t sentBytes() const { return m_sentBytes; }

private:
    Result<HttpResponse> send(HttpRequest request, JobContext& job);
    Status signIn(const HttpResponse& challenge, JobContext& job);
    Status pushBlob(const Image& image, const ImageBlob& blob, const LayerUpload& resume,
                    const std::function<Status(const LayerUpload&)>& progress, JobContext& job);
    std::string resolved(const std::string& location) const;

    HttpClient& m_http;
    Credentials* m_credentials;
    const Cloud& m_cloud;
    std::string m_registry;
    std::string m_repository;
    std::string m_token;
    uint64_t m_sentBytes = 0;
    uint64_t m_doneBytes = 0; // of whole blobs, those that were there too
    std::function<void(uint64_t, uint64_t)> m_progress;
};

} // namespace lapidary::deploy
