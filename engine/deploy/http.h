// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: HTTP for deployments, over Qt Network: one request after the other on the thread that owns the
// client, which waits; each wait ends at once when the job is stopped. Certificates are always checked.
#pragma once

#include "engine/base/job_context.h"
#include "engine/deploy/json.h"

#include <QByteArray>

#include <filesystem>
#include <memory>

class QNetworkAccessManager;
class QSslConfiguration;

namespace lapidary::deploy {

struct HttpRequest {
    std::string method = "GET";
    std::string url = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    QByteArray body = {};
    std::chrono::milliseconds silence{60000}; // without a byte in either direction: given up
    bool followRedirects = true;
};

struct HttpResponse {
    int status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    QByteArray body;

    bool ok() const { return status >= 200 && status < 300; }
    std::string header(const std::string& lowerName) const;
    Json json() const; // null when the body is none
};

struct HttpOptions {
    std::filesystem::path extraCaFile; // PEM: authorities to trust beside the system's
    // Told of every request before it is sent and after its answer (status 0: none), secrets masked.
    std::function<void(const std::string& method, const std::string& url, int status)> watch;
    int retries = 5; // of patient requests
    std::chrono::milliseconds firstPause{1000};
    std::chrono::milliseconds longestPause{64000};
};

class HttpClient {
public:
    // Errors: IoError, InvalidArgument (the CA file).
    static Result<std::unique_ptr<HttpClient>> create(HttpOptions options);
    ~HttpClient();

    // Whatever status comes is an answer. Errors: NetworkFailure (no host, no TLS, cut off, silent),
    // Cancelled.
    Result<HttpResponse> send(const HttpRequest& request, JobContext& job);

    // Also waits and repeats: on 429 and 503 as long as the answer asks for, else on 408, 5xx and cut
    // connections in growing pauses. For requests that may arrive twice: all of ours may.
    Result<HttpResponse> sendPatiently(const HttpRequest& request, JobContext& job);

    // Errors: Cancelled.
    Status pause(std::chrono::milliseconds time, JobContext& job);

    // Told why and how long sendPatiently waits. May be empty.
    void setNotice(std::function<void(const std::string& text)> notice) { m_notice = std::move(notice); }

private:
    explicit HttpClient(HttpOptions options);

    HttpOptions m_options;
    std::unique_ptr<QNetworkAccessManager> m_network;
    std::unique_ptr<QSslConfiguration> m_tls; // with the extra authorities; null: none
    std::function<void(const std::string&)> m_notice;
};

// What an answer asks to wait: Retry-After (seconds or a date), retry-after-ms, x-ms-retry-after-ms; negative
// when it does not say.
std::chrono::milliseconds askedPause(const HttpResponse& response);

// What the server says went wrong, in words: ARM's envelope with its deepest details, ML's, blob storage's
// XML, a registry's list, OAuth's; else the status.
std::string failureText(const HttpResponse& response);
std::string failureCode(const HttpResponse& response); // "AuthorizationFailed"; may be empty

} // namespace lapidary::deploy
