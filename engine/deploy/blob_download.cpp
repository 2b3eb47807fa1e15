// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/blob_download.h"

#include "engine/deploy/files.h"
#include "engine/deploy/token_endpoint.h"

#include <QCryptographicHash>
#include <QFile>
#include <QXmlStreamReader>

#include <algorithm>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

// What a lost connection costs at most.
constexpr uint64_t rangeBytes = uint64_t{8} << 20;

Error downloadError(const HttpResponse& response, const std::string& url)
{
    if (response.status == 404)
        return makeError(ErrorCode::NotFound, "the storage has none: " + failureText(response),
                         "The model is registered, but its files were deleted: register it anew.")
            .at(url.substr(url.rfind('/') + 1));
    if (response.status == 412)
        return makeError(ErrorCode::NetworkFailure, "the file in the storage changed while it was read",
                         "Download it once more; it then starts from its beginning.")
            .at(url.substr(url.rfind('/') + 1));
    return blobError(response, url, "Storage Blob Data Reader", "Try again: what arrived is kept.");
}

ListedBlob blobIn(QXmlStreamReader& xml)
{
    ListedBlob blob;
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("Name")) {
            blob.name = xml.readElementText().toStdString();
            continue;
        }
        if (xml.name() != QLatin1String("Properties")) {
            xml.skipCurrentElement();
            continue;
        }
        while (xml.readNextStartElement()) {
            const QString name = xml.name().toString();
            const QString text = xml.readElementText(QXmlStreamReader::SkipChildElements);
            if (name == QLatin1String("Content-Length"))
                blob.sizeBytes = text.toULongLong();
            else if (name == QLatin1String("Content-MD5"))
                blob.md5 = text.toStdString();
            else if (name.compare(QLatin1String("Etag"), Qt::CaseInsensitive) == 0)
                blob.etag = QString(text).remove(QLatin1Char('"')).toStdString();
        }
    }
    return blob;
}

// The page's blobs; returns the marker of the next page.
Result<std::string> readPage(const QByteArray& body, std::vector<ListedBlob>& blobs)
{
    std::string marker;
    QXmlStreamReader xml(body);
    if (xml.readNextStartElement() && xml.name() != QLatin1String("EnumerationResults"))
        xml.raiseError(QStringLiteral("it is '%1'").arg(xml.name()));
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("Blob"))
            blobs.push_back(blobIn(xml));
        else if (xml.name() == QLatin1String("NextMarker"))
            marker = xml.readElementText().toStdString();
    }
    if (xml.hasError())
        return makeError(ErrorCode::NetworkFailure,
                         "the storage's list of files cannot be read: " + xml.errorString().toStdString(),
                         "A proxy may be between; try again.");
    return marker;
}

Result<std::string> md5Of(const fs::path& path, const JobContext& job)
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    TRY(hashFile(path, hash, job));
    return hash.result().toBase64().toStdString();
}

// The file is there, with these bytes as far as can be told.
Result<bool> isThere(const fs::path& file, const ListedBlob& blob, const JobContext& job)
{
    std::error_code problem;
    if (!fs::exists(fs::symlink_status(file, problem)))
        return false;
    if (fs::is_regular_file(file, problem) && fs::file_size(file, problem) == blob.sizeBytes &&
        !blob.md5.empty()) {
        TRY_ASSIGN(const std::string md5, md5Of(file, job));
        if (md5 == blob.md5)
            return true;
    }
    return makeError(ErrorCode::InvalidArgument,
                     blob.md5.empty() ? "there is a file of that name, and nothing to compare it with"
                                      : "there is another file of that name",
                     "Choose another folder, or take the file away.")
        .at(file.string());
}

// Where the unfinished bytes of this state of the blob are. Those of another one are of no use.
fs::path unfinishedFile(const fs::path& file, const ListedBlob& blob)
{
    std::string state;
    std::ranges::copy_if(blob.etag, std::back_inserter(state),
                         [](char c) { return std::isalnum(static_cast<unsigned char>(c)); });
    fs::path mine = file.string() + "." + state + ".part";
    std::error_code problem;
    const std::string start = file.filename().string() + ".0x";
    for (const auto& entry : fs::directory_iterator(file.parent_path(), problem)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(start) && name.ends_with(".part") && entry.path() != mine)
            fs::remove(entry.path(), problem);
    }
    return mine;
}

Status receive(BlobClient& client, const std::string& url, const ListedBlob& blob, QFile& file,
               DownloadedBlob& done, JobContext& job)
{
    for (auto start = static_cast<uint64_t>(file.size()); start < blob.sizeBytes;) {
        const uint64_t end = std::min(start + rangeBytes, blob.sizeBytes) - 1;
        HttpRequest get{.url = url};
        get.headers = {{"Range", "bytes=" + std::to_string(start) + "-" + std::to_string(end)},
                       {"If-Match", "\"" + blob.etag + "\""}};
        TRY_ASSIGN(const HttpResponse response, client.send(std::move(get), job));
        if (!response.ok())
            return downloadError(response, url);
        const auto size = static_cast<uint64_t>(response.body.size());
        // A proxy may answer the whole file instead of the part.
        if (response.status != 206 && (start != 0 || size != blob.sizeBytes))
            return makeError(ErrorCode::NetworkFailure, "the storage does not answer with the part asked for",
                             "A proxy may be between; try again.")
                .at(blob.name);
        if (size == 0 || start + size > blob.sizeBytes)
            return makeError(ErrorCode::NetworkFailure, "the storage answers with another size than it lists",
                             "Try again: what arrived is kept.")
                .at(blob.name);
        if (file.write(response.body) != response.body.size() || !file.flush())
            return makeError(ErrorCode::IoError, file.errorString().toStdString(),
                             "Make room or choose another folder; then try again.")
                .at(file.fileName().toStdString());
        start += size;
        done.receivedBytes += size;
        job.report(static_cast<double>(start) / static_cast<double>(blob.sizeBytes), blob.name);
    }
    return {};
}

} // namespace

Result<std::vector<ListedBlob>> listBlobs(BlobClient& client, const std::string& container,
                                          const std::string& prefix, JobContext& job)
{
    std::vector<ListedBlob> blobs;
    std::string marker;
    do {
        std::string url = container + "?restype=container&comp=list&prefix=" + percentEncoded(prefix);
        if (!marker.empty())
            url += "&marker=" + percentEncoded(marker);
        TRY_ASSIGN(const HttpResponse response, client.send({.url = url}, job));
        if (!response.ok())
            return downloadError(response, container);
        TRY_ASSIGN(std::string next, readPage(response.body, blobs));
        marker = next == marker ? "" : std::move(next);
    } while (!marker.empty());
    return blobs;
}

Result<DownloadedBlob> downloadBlob(BlobClient& client, const std::string& container, const ListedBlob& blob,
                                    const fs::path& file, JobContext& job)
{
    DownloadedBlob done;
    done.file = file;
    TRY_ASSIGN(const bool wasThere, isThere(file, blob, job));
    if (wasThere)
        return done;
    std::error_code problem;
    fs::create_directories(file.parent_path(), problem);
    const fs::path unfinished = unfinishedFile(file, blob);
    QFile part(QString::fromStdString(unfinished.string()));
    if (!part.open(QIODevice::WriteOnly | QIODevice::Append))
        return makeError(ErrorCode::IoError, part.errorString().toStdString(),
                         "Choose a folder that can be written.")
            .at(unfinished.string());
    if (static_cast<uint64_t>(part.size()) > blob.sizeBytes && !part.resize(0))
        return makeError(ErrorCode::IoError, part.errorString().toStdString()).at(unfinished.string());
    TRY(receive(client, container + "/" + blobPath(blob.name), blob, part, done, job));
    part.close();
    if (!blob.md5.empty()) {
        TRY_ASSIGN(const std::string md5, md5Of(unfinished, job));
        if (md5 != blob.md5) {
            fs::remove(unfinished, problem); // going on with it would never come right
            return makeError(ErrorCode::NetworkFailure,
                             "the bytes that arrived are not those of the storage (MD5 " + md5 +
                                 ", expected " + blob.md5 + ")",
                             "Download it once more.")
                .at(blob.name);
        }
    }
    done.file = unfinished;
    return done;
}

} // namespace lapidary::deploy
