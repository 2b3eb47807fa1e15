// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/blob_upload.h"

#include "engine/deploy/choices.h"
#include "engine/deploy/token_endpoint.h"

#include <QCryptographicHash>
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
    return blobError(response, url, "Storage Blob Data Contributor", "Resume: what arrived is kept.");
}

} // namespace

Result<std::map<std::string, uint64_t>> BlobUploader::blocksThere(const std::string& url, JobContext& job)
{
    std::map<std::string, uint64_t> blocks;
    TRY_ASSIGN(const HttpResponse response,
               m_client.send({.url = url + "?comp=blocklist&blocklisttype=uncommitted"}, job));
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
    TRY_ASSIGN(const HttpResponse head, m_client.send({.method = "HEAD", .url = url}, job));
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
        TRY_ASSIGN(const HttpResponse response, m_client.send(std::move(put), job));
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
    TRY_ASSIGN(const HttpResponse response, m_client.send(std::move(commit), job));
    if (!response.ok())
        return uploadError(response, url);
    return uploaded;
}

Status BlobUploader::remove(const std::string& url, JobContext& job)
{
    TRY_ASSIGN(const HttpResponse response, m_client.send({.method = "DELETE", .url = url}, job));
    if (!response.ok() && response.status != 404)
        return uploadError(response, url);
    return {};
}

} // namespace lapidary::deploy
