// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the way into a container of Azure Blob storage: where a datastore's is, and what lets us in.
// Source: Blob service REST, 2023-11-03.
#pragma once

#include "engine/deploy/arm.h"

namespace lapidary::deploy {

// A signature in the query, or a token.
struct BlobAccess {
    std::string signature; // "sv=...&sig=..."
    std::string token;
};

// Asks for a new one; called at the start and whenever the storage refuses the last. Errors: its own.
using BlobAccessSource = std::function<Result<BlobAccess>(JobContext& job)>;

// An account signature for reading and writing blobs, one hour long, from the account's key (base64).
std::string signatureFromKey(const std::string& account, const std::string& key);

// Of a datastore, by its listSecrets: its signature, one of its key, or else a token of who is signed in.
// root: as containerUrl. Errors: AuthFailure, and of ArmClient::post.
Result<BlobAccess> datastoreAccess(ArmClient& arm, const std::string& secretsUrl, const std::string& root,
                                   JobContext& job);

// "https://ACCOUNT.blob.core.windows.net/CONTAINER" of a datastore, as Azure describes it. Errors:
// InvalidArgument (it is no blob container).
Result<std::string> containerUrl(const Json& datastore, const Cloud& cloud);

// Requests to blobs; a signature that has run out is asked for again.
class BlobClient {
public:
    // http outlives it.
    BlobClient(HttpClient& http, BlobAccessSource access) : m_http(http), m_access(std::move(access)) {}

    // request.url: without what lets us in. Any answer. Errors: of the source; NetworkFailure, Cancelled.
    Result<HttpResponse> send(HttpRequest request, JobContext& job);

private:
    HttpClient& m_http;
    BlobAccessSource m_access;
    BlobAccess m_current;
};

// A path below a container as URLs have it: spaces and the like as "%20".
std::string blobPath(const std::string& path);

// What a refusal of the storage means. role: which one the account needs; again: what to do otherwise.
Error blobError(const HttpResponse& response, const std::string& url, const std::string& role,
                const std::string& again);

} // namespace lapidary::deploy
