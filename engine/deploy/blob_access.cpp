// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/blob_access.h"

#include "engine/deploy/token_endpoint.h"

#include <QDateTime>
#include <QMessageAuthenticationCode>
#include <QUrl>

namespace lapidary::deploy {

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

Result<BlobAccess> datastoreAccess(ArmClient& arm, const std::string& secretsUrl, const std::string& root,
                                   JobContext& job)
{
    TRY_ASSIGN(const Json secrets,
               arm.post(secretsUrl, {{"expirableSecret", true}, {"expireAfterHours", 1}}, job));
    if (const std::string signature = textAt(secrets, "sasToken"); !signature.empty())
        return BlobAccess{signature.substr(signature.front() == '?' ? 1 : 0), {}};
    if (const std::string key = textAt(secrets, "key"); !key.empty()) {
        // The account is the host's first label, or, in emulators, the first part of the path.
        const size_t host = root.find("//") + 2;
        std::string account = root.substr(host, root.find('.', host) - host);
        if (root.find(".blob.") == std::string::npos) {
            const size_t path = root.find('/', host) + 1;
            account = root.substr(path, root.find('/', path) - path);
        }
        return BlobAccess{signatureFromKey(account, key), {}};
    }
    TRY_ASSIGN(std::string token, arm.credentials().token(arm.cloud().storageScope, arm.http(), job));
    return BlobAccess{{}, std::move(token)};
}

Result<std::string> containerUrl(const Json& datastore, const Cloud& cloud)
{
    const Json& store = at(datastore, "properties");
    if (textAt(store, "datastoreType") != "AzureBlob")
        return makeError(ErrorCode::InvalidArgument, "the datastore '" + textAt(datastore, "name") +
                                                         "' is no blob container but '" +
                                                         textAt(store, "datastoreType") + "'");
    const std::string endpoint = textAt(store, "endpoint");
    const std::string protocol = textAt(store, "protocol").empty() ? "https" : textAt(store, "protocol");
    const std::string suffix = endpoint.empty() ? cloud.storageSuffix : endpoint;
    // Emulators have the account in the path, as their suffix says with a leading port and no ".blob".
    const bool isHere = suffix.rfind("localhost", 0) == 0 || suffix.rfind("127.0.0.1", 0) == 0;
    const std::string account = textAt(store, "accountName");
    return protocol + "://" + (isHere ? suffix + "/" + account : account + ".blob." + suffix) + "/" +
           textAt(store, "containerName");
}

Result<HttpResponse> BlobClient::send(HttpRequest request, JobContext& job)
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

std::string blobPath(const std::string& path)
{
    return QUrl::toPercentEncoding(QString::fromStdString(path), "/").toStdString();
}

Error blobError(const HttpResponse& response, const std::string& url, const std::string& role,
                const std::string& again)
{
    const bool denied = response.status == 401 || response.status == 403;
    const std::string path = url.substr(0, url.find('?'));
    return makeError(denied ? ErrorCode::AuthFailure : ErrorCode::NetworkFailure,
                     "the storage refuses: " + failureText(response),
                     denied ? "The account needs the role " + role +
                                  ", or a datastore with keys; a firewall of the storage account may also "
                                  "refuse."
                            : again)
        .at(path.substr(path.rfind('/') + 1));
}

} // namespace lapidary::deploy
