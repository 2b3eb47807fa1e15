// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/registry.h"

#include "engine/deploy/credentials.h"
#include "engine/deploy/files.h"
#include "engine/deploy/token_endpoint.h"

#include <QRegularExpression>
#include <QUrl>

#include <fstream>

namespace lapidary::deploy {

namespace {

constexpr uint64_t partBytes = uint64_t{8} << 20;

// name="value" of a WWW-Authenticate header.
std::string challengePart(const std::string& challenge, const char* name)
{
    const QRegularExpression pattern(QStringLiteral("%1=\"([^\"]*)\"").arg(QLatin1String(name)));
    return pattern.match(QString::fromStdString(challenge)).captured(1).toStdString();
}

Error pushError(const HttpResponse& response, const std::string& registry)
{
    const bool denied = response.status == 401 || response.status == 403;
    return makeError(denied ? ErrorCode::AuthFailure : ErrorCode::NetworkFailure,
                     "the registry refuses: " + failureText(response),
                     denied ? "The account needs the role AcrPush on the registry."
                            : "Resume: what arrived is kept.")
        .at(registry);
}

// The bytes that the registry has of an upload: "0-N" means N + 1. Zero when it says "0-0" or nothing.
uint64_t bytesThere(const HttpResponse& response)
{
    const std::string range = response.header("range");
    const size_t dash = range.find('-');
    const uint64_t last =
        dash == std::string::npos ? 0 : std::strtoull(range.c_str() + dash + 1, nullptr, 10);
    return last == 0 ? 0 : last + 1;
}

} // namespace

RegistryClient::RegistryClient(HttpClient& http, Credentials* credentials, const Cloud& cloud,
                               std::string registry, std::string repository)
    : m_http(http),
      m_credentials(credentials),
      m_cloud(cloud),
      m_registry(std::move(registry)),
      m_repository(std::move(repository))
{
}

std::string RegistryClient::resolved(const std::string& location) const
{
    return QUrl(QString::fromStdString(m_registry + "/"))
        .resolved(QUrl(QString::fromStdString(location)))
        .toString(QUrl::FullyEncoded)
        .toStdString();
}

// Entra's token becomes the registry's refresh token, and that an access token for the repository.
Status RegistryClient::signIn(const HttpResponse& response, JobContext& job)
{
    const std::string challenge = response.header("www-authenticate");
    const std::string realm = challengePart(challenge, "realm");
    const std::string service = challengePart(challenge, "service");
    if (realm.empty() || !m_credentials)
        return makeError(ErrorCode::AuthFailure,
                         "the registry wants to know who pushes, and nobody is signed in", "Sign in first.")
            .at(m_registry);
    TRY_ASSIGN(const std::string token, m_credentials->token(m_cloud.registryScope, m_http, job));
    const auto post = [&](const std::string& url, const Form& form) {
        HttpRequest request{.method = "POST", .url = url, .body = formBody(form)};
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        return m_http.sendPatiently(request, job);
    };
    TRY_ASSIGN(const HttpResponse exchanged,
               post(m_registry + "/oauth2/exchange",
                    {{"grant_type", "access_token"}, {"service", service}, {"access_token", token}}));
    const std::string refresh = textAt(exchanged.json(), "refresh_token");
    if (!exchanged.ok() || refresh.empty())
        return pushError(exchanged, m_registry);
    TRY_ASSIGN(const HttpResponse granted,
               post(realm, {{"grant_type", "refresh_token"},
                            {"service", service},
                            {"scope", "repository:" + m_repository + ":pull,push,delete"},
                            {"refresh_token", refresh}}));
    m_token = textAt(granted.json(), "access_token");
    if (!granted.ok() || m_token.empty())
        return pushError(granted, m_registry);
    return {};
}

Result<HttpResponse> RegistryClient::send(HttpRequest request, JobContext& job)
{
    const auto headers = request.headers;
    for (int attempt = 0;; ++attempt) {
        request.headers = headers;
        if (!m_token.empty())
            request.headers.emplace_back("Authorization", "Bearer " + m_token);
        TRY_ASSIGN(HttpResponse response, m_http.sendPatiently(request, job));
        if (response.status != 401 || attempt > 0)
            return response;
        TRY(signIn(response, job));
    }
}

Status RegistryClient::pushBlob(const Image& image, const ImageBlob& blob, const LayerUpload& resume,
                                const std::function<Status(const LayerUpload&)>& progress, JobContext& job)
{
    const std::string root = m_registry + "/v2/" + m_repository + "/blobs/";
    TRY_ASSIGN(const HttpResponse head, send({.method = "HEAD", .url = root + blob.digest}, job));
    if (head.ok())
        return {};
    if (head.status != 404)
        return pushError(head, m_registry);
    std::string location;
    uint64_t offset = 0;
    if (resume.digest == blob.digest) {
        TRY_ASSIGN(const HttpResponse there, send({.url = resume.location}, job));
        if (there.ok()) {
            location =
                there.header("location").empty() ? resume.location : resolved(there.header("location"));
            offset = bytesThere(there);
        }
    }
    if (location.empty()) {
        TRY_ASSIGN(const HttpResponse start, send({.method = "POST", .url = root + "uploads/"}, job));
        if (start.status != 202)
            return pushError(start, m_registry);
        location = resolved(start.header("location"));
    }
    std::ifstream file(image.fileOf(blob), std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    while (offset < blob.sizeBytes) {
        TRY(progress({blob.digest, location}));
        QByteArray part(static_cast<qsizetype>(std::min(partBytes, blob.sizeBytes - offset)),
                        Qt::Uninitialized);
        if (!file.read(part.data(), part.size()))
            return makeError(ErrorCode::IoError, "cannot read the layer").at(image.fileOf(blob).string());
        const uint64_t end = offset + static_cast<uint64_t>(part.size());
        HttpRequest patch{.method = "PATCH", .url = location, .body = part};
        patch.headers = {{"Content-Type", "application/octet-stream"},
                         {"Content-Range", std::to_string(offset) + "-" + std::to_string(end - 1)}};
        TRY_ASSIGN(const HttpResponse response, send(std::move(patch), job));
        // 416: a part that was cut off arrived after all; the registry knows how much it has.
        if (!response.ok() && response.status != 416)
            return pushError(response, m_registry);
        m_sentBytes += static_cast<uint64_t>(part.size());
        if (!response.header("location").empty())
            location = resolved(response.header("location"));
        offset = response.ok() ? end : bytesThere(response);
        file.seekg(static_cast<std::streamoff>(offset));
        if (m_progress)
            m_progress(m_doneBytes + offset, image.sizeBytes());
    }
    TRY(progress({blob.digest, location}));
    HttpRequest put{.method = "PUT",
                    .url = location + (location.find('?') == std::string::npos ? "?" : "&") +
                           "digest=" + percentEncoded(blob.digest)};
    put.headers = {{"Content-Type", "application/octet-stream"}};
    TRY_ASSIGN(const HttpResponse response, send(std::move(put), job));
    return response.ok() ? Status() : pushError(response, m_registry);
}

Status RegistryClient::push(const Image& image, LayerUpload resume,
                            const std::function<Status(const LayerUpload&)>& progress, JobContext& job)
{
    m_doneBytes = 0;
    for (const ImageBlob& layer : image.layers) {
        TRY(pushBlob(image, layer, resume, progress, job));
        m_doneBytes += layer.sizeBytes;
    }
    TRY(pushBlob(image, image.config, resume, progress, job));
    TRY(progress({}));
    TRY_ASSIGN(const std::string manifest, readTextFile(image.fileOf(image.manifest)));
    HttpRequest put{.method = "PUT",
                    .url = m_registry + "/v2/" + m_repository + "/manifests/" + image.manifest.digest,
                    .body = QByteArray::fromStdString(manifest)};
    put.headers = {{"Content-Type", image.manifest.mediaType}};
    TRY_ASSIGN(const HttpResponse response, send(std::move(put), job));
    return response.ok() ? Status() : pushError(response, m_registry);
}

Status RegistryClient::removeManifest(const std::string& digest, JobContext& job)
{
    TRY_ASSIGN(
        const HttpResponse response,
        send({.method = "DELETE", .url = m_registry + "/v2/" + m_repository + "/manifests/" + digest}, job));
    if (!response.ok() && response.status != 404 && response.status != 405)
        return pushError(response, m_registry);
    return {};
}

} // namespace lapidary::deploy
