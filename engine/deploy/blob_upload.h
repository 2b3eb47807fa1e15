// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: files into Azure Blob storage by blocks: an upload that was cut off goes on with the blocks that
// are missing, and a whole one is not repeated. Source: Blob service REST, 2023-11-03.
#pragma once

#include "engine/deploy/blob_access.h"

#include <filesystem>

namespace lapidary::deploy {

class BlobUploader {
public:
    // http outlives it.
    BlobUploader(HttpClient& http, BlobAccessSource access) : m_client(http, std::move(access)) {}

    struct Uploaded {
        bool wasThere = false;
        uint64_t sentBytes = 0;
        uint64_t keptBytes = 0; // of blocks from an earlier try
    };
    // url: of the blob, without a query. metadata is set together with upload_status=completed, by which a
    // whole upload is known. Errors: IoError (the file), AuthFailure, NetworkFailure, Cancelled; the blocks
    // that arrived stay for the next try.
    Result<Uploaded> upload(const std::filesystem::path& file, const std::string& url,
                            const std::map<std::string, std::string>& metadata, JobContext& job);
    // Told after each block. May be empty.
    void setProgress(std::function<void(uint64_t doneBytes, uint64_t allBytes)> progress)
    {
        m_progress = std::move(progress);
    }
    // True: it is gone. Errors: AuthFailure, NetworkFailure.
    Status remove(const std::string& url, JobContext& job);

private:
    Result<std::map<std::string, uint64_t>> blocksThere(const std::string& url, JobContext& job);

    BlobClient m_client;
    std::function<void(uint64_t, uint64_t)> m_progress;
};

} // namespace lapidary::deploy
