// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Azure Resource Manager: requests with a token, errors in its envelope, lists in pages, operations
// that take long. Source: the REST guidelines as Azure's own pollers carry them out.
#pragma once

#include "engine/deploy/azure_cloud.h"
#include "engine/deploy/credentials.h"

namespace lapidary::deploy {

class ArmClient {
public:
    // All outlive it.
    ArmClient(HttpClient& http, Credentials& credentials, const Cloud& cloud)
        : m_http(http), m_credentials(credentials), m_cloud(cloud)
    {
    }

    // Any answer but 401, after which a new token is tried once, and but those that sendPatiently repeats.
    // body null: none. Errors: AuthFailure, NetworkFailure, Cancelled.
    Result<HttpResponse> send(const std::string& method, const std::string& url, const Json& body,
                              JobContext& job);

    // The resource; null when there is none (404). Errors: as armError for any other failure.
    Result<Json> find(const std::string& url, JobContext& job);
    // Errors: also NotFound.
    Result<Json> get(const std::string& url, JobContext& job);
    // All pages of a list.
    Result<std::vector<Json>> list(const std::string& url, JobContext& job);
    Result<Json> post(const std::string& url, const Json& body, JobContext& job);

    // How an operation that started with this answer is followed.
    struct Operation {
        enum class Kind { Done, Status, Location, Resource } kind = Kind::Done;
        std::string url;
    };
    static Operation operationIn(const HttpResponse& response, const std::string& method,
                                 const std::string& url);
    // Until it has ended. alive is called after each look at it. Errors: BackendFailure (it failed; the
    // server's words), Cancelled.
    Status wait(Operation operation, const std::function<Status()>& alive, JobContext& job);

    const Cloud& cloud() const { return m_cloud; }
    Credentials& credentials() { return m_credentials; }
    HttpClient& http() { return m_http; }

private:
    HttpClient& m_http;
    Credentials& m_credentials;
    const Cloud& m_cloud;
};

// What an answer that is no success means, with what to do about it where the code says so.
Error armError(const HttpResponse& response, const std::string& url);

// "2025-12-01" and so on.
std::string withVersion(const std::string& url, const char* version);

} // namespace lapidary::deploy
