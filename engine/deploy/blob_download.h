// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: files out of Azure Blob storage: a download that was cut off goes on where it was, as long as the
// blob is the same, and no file is written over.
// Source: Blob service REST, 2023-11-03.
#pragma once

#include "engine/deploy/blob_access.h"

#include <filesystem>

namespace lapidary::deploy {

struct ListedBlob {
    std::string name; // below the container
    uint64_t sizeBytes = 0;
    std::string etag; // without quotes
    std::string md5;  // base64; empty: the storage knows none
};

// All blobs whose names begin with the prefix, page by page. Errors: AuthFailure, NetworkFailure, NotFound
// (no such container), Cancelled.
Result<std::vector<ListedBlob>> listBlobs(BlobClient& client, const std::string& container,
                                          const std::string& prefix, JobContext& job);

struct DownloadedBlob {
    // Where the whole bytes are: the file that was asked for, when it was there; else FILE.ETAG.part beside
    // it, which the caller renames when all is as it should be.
    std::filesystem::path file;
    uint64_t receivedBytes = 0; // the rest is of an earlier try
};
// Errors: IoError, InvalidArgument (another file has that name), AuthFailure, NetworkFailure (also: it
// changed meanwhile, or the bytes are not those that the storage knows), Cancelled; what arrived stays for
// the next try.
Result<DownloadedBlob> downloadBlob(BlobClient& client, const std::string& container, const ListedBlob& blob,
                                    const std::filesystem::path& file, JobContext& job);

} // namespace lapidary::deploy
