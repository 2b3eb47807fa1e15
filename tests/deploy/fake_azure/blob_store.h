// SPDX-License-Identifier: GPL-3.0-or-later
// Blob storage in memory, for tests without Azurite: containers, block blobs with uncommitted blocks, append
// blobs, ranges, metadata, shared access signatures. Safe to use from any thread.
#pragma once

#include "call.h"

#include <mutex>

namespace fake_azure {

struct Blob {
    std::string content;
    bool append = false;
    httplib::Headers metadata; // x-ms-meta-...
    std::string type = "application/octet-stream";
    std::string md5; // base64, as the client gave it
    std::string etag;
    int64_t modified = 0;
    std::vector<std::pair<std::string, size_t>> blocks; // committed: id and size
    bool committed = false;
    // Received, but not yet part of the blob; in the order of arrival.
    std::vector<std::pair<std::string, std::string>> uncommitted;
};

class BlobStore {
public:
    // `call.path`: /devstoreaccount1/container/blob.
    Reply answer(const Call& call);

private:
    Reply answerContainer(const Call& call, const std::string& container);
    Reply answerBlob(const Call& call, const std::string& container, const std::string& name);
    Reply put(const Call& call, const std::string& container, const std::string& name);
    Reply putBlockList(const Call& call, Blob& blob);
    Reply list(const Call& call, const std::string& container);

    std::mutex m_mutex;
    std::map<std::string, std::map<std::string, Blob>> m_containers;
};

// {status, XML with the code, x-ms-error-code}
Reply blobError(int status, const std::string& code, const std::string& message);
// Whether the query's signature allows the call; otherwise the answer that says why not.
std::optional<Reply> checkSas(const Call& call, const std::string& container, const std::string& blob);

} // namespace fake_azure
