// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/blob_upload.h"

#include "engine/deploy/azure_cloud.h"
#include "engine/deploy/choices.h"
#include "engine/deploy/token_endpoint.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QMessageAuthenticationCode>
#include <QXmlStreamReader>

#include <fstream>

namespace lapidary::deploy {

namespace {

// All identifiers of a blob must have one length.
std::string blockId(uint64_t index)
{
    char text[16];
    std::snprintf(text, sizeof text, "%08llu", static_cast<unsigned long long>(index));
    return QByteArray(text).toBase64().toStdString();
}

std::string base64Md5(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toBase64().toStdString();
}

Error uploadError(const HttpResponse& response, const std::string& url)
{
    const bool denied = response.status == 401 || response.status == 403;
    return makeError(
               denied ? ErrorCode::AuthFailure : ErrorCode::NetworkFailure,
               "the storage refuses: " + failureText(response),
               denied ? "The account needs the role Storage Blob Data Contributor, or a datastore with keys; "
                        "a firewall of the storage account may also refuse."
                      : "Resume: what arrived is kept.")
        .at(url.substr(url.rfind('/') + 1));
}

} // namespace

std::string signatureFromKey(const std::string& account, const std::string& key)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto time = [](const QDateTime& date) {
        return date.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ")).toStdString();
    };
    const std::string start = time(now.addSecs(-300));
    const std::string end = time(now.addSecs(3600));
    const std::string signedText =
        account + "\nrwdlac\nb\nco\n" + start + "\n" + end + "\n\nhttps,http\n" + api::storage + "\n\n";
    const std::string signature =
        QMessageAuthenticationCode::hash(QByteArray::fromStdString(signedText),
                                         QByteArray::fromBase64(QByteArray::fromStdString(key)),
                                         QCryptographicHash::Sha256)
            .toBase64()
            .toStdString();
    return std::string("sv=") + api::storage + "&ss=b&srt=co&sp=rwdlac&st=" + percentEncoded(start) +
           "&se=" + percentEncoded(end) + "&spr=https,http&sig=" + percentEncoded(signature);
}

Result<HttpResponse> BlobUploader::send(HttpRequest request, JobContext& job)
{
    const std::string url = request.url;
    const auto headers = request.headers;
    for (int attempt = 0;; ++attempt) {
        const bool isFresh = m_current.signature.empty() && m_current.token.empty();
        if (isFresh) {
            TRY_ASSIGN(m_current, m_access(job));
        }
        request.url = url;
        request.headers = headers;
        request.headers.emplace_back("x-ms-version", api::storage);
        if (m_current.token.empty())
            request.url += (url.find('?') == std::string::npos ? "?" : "&") + m_current.signature;
        else
            request.headers.emplace_back("Authorization", "Bearer " + m_current.token);
        TRY_ASSIGN(HttpResponse response, m_http.sendPatiently(request, job));
        const bool refused = response.status == 401 || response.status == 403;
        if (!refused || (isFresh && attempt > 0))
            return response;
        m_current = {}; // it has run out: a new one, and on
    }
}

Result<std::map<std::string, uint64_t>> BlobUploader::blocksThere(const std::string& url, JobContext& job)
{
    std::map<std::string, uint64_t> blocks;
    TRY_ASSIGN(const HttpResponse response,
               send({.url = url + "?comp=blocklist&blocklisttype=uncommitted"}, job));
    if (response.status == 404)
        return blocks;
    if (!response.ok())
        return uploadError(response, url);
    QXmlStreamReader xml(response.body);
    QString name;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("Name"))
            name = xml.readElementText();
        else if (xml.name() == QLatin1String("Size"))
            blocks[name.toStdString()] = xml.readElementText().toULongLong();
    }
    return blocks;
}

Result<BlobUploader::Uploaded> BlobUploader::upload(const std::filesystem::path& file, const std::string& url,
                                                    const std::map<std::string, std::string>& metadata,
                                                    JobContext& job)
{
    std::error_code problem;
    const uint64_t size = std::filesystem::file_size(file, problem);
    std::ifstream source(file, std::ios::binary);
    if (!source || problem)
        return makeError(ErrorCode::IoError, "cannot read the file").at(file.string());
    Uploaded uploaded;
    TRY_ASSIGN(const HttpResponse head, send({.method = "HEAD", .url = url}, job));
    if (head.ok() && head.header("x-ms-meta-upload_status") == "completed" &&
        head.header("content-length") == std::to_string(size)) {
        uploaded.wasThere = true;
        return uploaded;
    }
    if (!head.ok() && head.status != 404)
        return uploadError(head, url);
    TRY_ASSIGN(const auto there, blocksThere(url, job));
    QCryptographicHash whole(QCryptographicHash::Md5);
    std::string list = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>";
    for (uint64_t start = 0, index = 0; start < size; start += uploadBlockBytes, ++index) {
        QByteArray block(static_cast<qsizetype>(std::min(uploadBlockBytes, size - start)), Qt::Uninitialized);
        if (!source.read(block.data(), block.size()))
            return makeError(ErrorCode::IoError, "the file became shorter while it was read")
                .at(file.string());
        whole.addData(block);
        const std::string id = blockId(index);
        list += "<Latest>" + id + "</Latest>";
        const auto found = there.find(id);
        if (found != there.end() && found->second == static_cast<uint64_t>(block.size())) {
            uploaded.keptBytes += found->second;
            continue;
        }
        HttpRequest put{
            .method = "PUT", .url = url + "?comp=block&blockid=" + percentEncoded(id), .body = block};
        put.headers = {{"Content-MD5", base64Md5(block)}, {"Content-Type", "application/octet-stream"}};
        TRY_ASSIGN(const HttpResponse response, send(std::move(put), job));
        if (!response.ok())
            return uploadError(response, url);
        uploaded.sentBytes += static_cast<uint64_t>(block.size());
        if (m_progress)
            m_progress(uploaded.keptBytes + uploaded.sentBytes, size);
    }
    HttpRequest commit{.method = "PUT",
                       .url = url + "?comp=blocklist",
                       .body = QByteArray::fromStdString(list + "</BlockList>")};
    commit.headers = {{"Content-Type", "application/xml"},
                      {"x-ms-blob-content-type", "application/octet-stream"},
                      {"x-ms-blob-content-md5", whole.result().toBase64().toStdString()},
                      {"x-ms-meta-upload_status", "completed"}};
    for (const auto& [name, value] : metadata)
        commit.headers.emplace_back("x-ms-meta-" + name, value);
    TRY_ASSIGN(const HttpResponse response, send(std::move(commit), job));
    if (!response.ok())
        return uploadError(response, url);
    return uploaded;
}

Status BlobUploader::remove(const std::string& url, JobContext& job)
{
    TRY_ASSIGN(const HttpResponse response, send({.method = "DELETE", .url = url}, job));
    if (!response.ok() && response.status != 404)
        return uploadError(response, url);
    return {};
}

} // namespace lapidary::deploy
