// SPDX-License-Identifier: GPL-3.0-or-later
// The two ways by which a person signs in: a code typed on a page, and a browser that comes back.
#include "engine/deploy/credentials.h"
#include "engine/deploy/token_endpoint.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrlQuery>

namespace lapidary::deploy {

namespace {

constexpr qint64 browserMinutes = 10;

std::string userScope(const Cloud& cloud) { return cloud.armScope() + " openid profile offline_access"; }

Result<std::string> refreshTokenIn(const HttpResponse& response)
{
    std::string token = textAt(response.json(), "refresh_token");
    if (!response.ok() || token.empty())
        return signInError(response);
    return token;
}

// 43 characters that a URL carries as they are.
QByteArray randomText()
{
    quint32 words[8];
    QRandomGenerator::system()->fillRange(words);
    return QByteArray(reinterpret_cast<const char*>(words), sizeof words)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

void answer(QTcpSocket& socket, const char* status, const QByteArray& text)
{
    const QByteArray page = "<!doctype html><meta charset=utf-8><title>Lapidary</title>"
                            "<body style=\"font-family:sans-serif;margin:4em\"><p>" +
                            text + "</p><script>history.replaceState(null,'','/')</script>";
    socket.write(QByteArray("HTTP/1.1 ") + status +
                 "\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: " +
                 QByteArray::number(page.size()) + "\r\n\r\n" + page);
    socket.waitForBytesWritten(1000);
    socket.disconnectFromHost();
}

// What the browser brings back: the query of a GET or the form of a POST. Empty: something else was asked.
QUrlQuery readReturn(QTcpSocket& socket)
{
    QByteArray request;
    while (request.size() < 65536 && socket.waitForReadyRead(500)) {
        request += socket.readAll();
        const qsizetype end = request.indexOf("\r\n\r\n");
        if (end < 0)
            continue;
        const QByteArray line = request.left(request.indexOf("\r\n"));
        if (line.startsWith("GET "))
            return QUrlQuery(QUrl(QString::fromLatin1(line.split(' ').value(1))));
        const qsizetype length = request.toLower().indexOf("content-length:");
        if (!line.startsWith("POST ") || length < 0)
            return {};
        const QByteArray number = request.mid(length + 15, request.indexOf("\r\n", length) - length - 15);
        if (request.size() >= end + 4 + number.trimmed().toLongLong())
            return QUrlQuery(
                QString::fromLatin1(request.mid(end + 4)).replace(QLatin1Char('+'), QLatin1String("%20")));
    }
    return {};
}

// Waits for the one return that carries our state. Errors: AuthFailure, Cancelled.
Result<std::string> codeFromBrowser(QTcpServer& server, const QByteArray& state, JobContext& job)
{
    QElapsedTimer time;
    time.start();
    while (time.elapsed() < browserMinutes * 60000) {
        if (job.stopRequested())
            return cancelled();
        if (!server.waitForNewConnection(50))
            continue;
        const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
        const QUrlQuery query = readReturn(*socket);
        if (query.queryItemValue(QStringLiteral("state")) != QString::fromLatin1(state)) {
            answer(*socket, "400 Bad Request", "This is no answer to a sign-in of Lapidary.");
            continue;
        }
        const std::string code =
            query.queryItemValue(QStringLiteral("code"), QUrl::FullyDecoded).toStdString();
        if (!code.empty()) {
            answer(*socket, "200 OK", "You are signed in. You can close this page.");
            return code;
        }
        answer(*socket, "200 OK", "The sign-in failed. Lapidary says why. You can close this page.");
        const auto part = [&](const char* name) {
            return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded).toStdString();
        };
        return makeError(ErrorCode::AuthFailure,
                         "the sign-in is refused: " + part("error") + ": " + part("error_description"),
                         "Sign in again, or in another way.");
    }
    return makeError(ErrorCode::AuthFailure, "the browser did not come back within ten minutes",
                     "Sign in again, or with a code on another device.");
}

} // namespace

Result<std::string> signInByDeviceCode(HttpClient& http, const Cloud& cloud,
                                       const std::function<void(const DeviceCode&)>& show, JobContext& job)
{
    TRY_ASSIGN(const HttpResponse start,
               callTokenEndpoint(http, cloud.authority, cloud.tenant, "devicecode",
                                 {{"client_id", cloud.clientId}, {"scope", userScope(cloud)}}, job));
    const Json json = start.json();
    if (!start.ok() || textAt(json, "device_code").empty())
        return signInError(start);
    show({textAt(json, "user_code"), textAt(json, "verification_uri"), textAt(json, "message")});
    std::chrono::seconds interval(json.value("interval", 5));
    for (;;) {
        TRY(http.pause(interval, job));
        TRY_ASSIGN(const HttpResponse response,
                   callTokenEndpoint(http, cloud.authority, cloud.tenant, "token",
                                     {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                      {"client_id", cloud.clientId},
                                      {"device_code", textAt(json, "device_code")},
                                      {"scope", userScope(cloud)}},
                                     job));
        const std::string problem = textAt(response.json(), "error");
        if (problem == "slow_down")
            interval += std::chrono::seconds(5);
        else if (problem != "authorization_pending")
            return refreshTokenIn(response);
    }
}

Result<std::string> signInByBrowser(HttpClient& http, const Cloud& cloud,
                                    const std::function<void(const std::string&)>& open, JobContext& job)
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost, 0))
        return makeError(ErrorCode::IoError,
                         "no port of this machine is free for the browser to come back to: " +
                             server.errorString().toStdString());
    const std::string redirect = "http://localhost:" + std::to_string(server.serverPort());
    const QByteArray verifier = randomText();
    const QByteArray state = randomText();
    const QByteArray challenge =
        QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    open(cloud.authority + "/" + percentEncoded(cloud.tenant) + "/oauth2/v2.0/authorize?" +
         formBody({{"client_id", cloud.clientId},
                   {"response_type", "code"},
                   {"redirect_uri", redirect},
                   {"scope", userScope(cloud)},
                   {"state", state.toStdString()},
                   {"nonce", randomText().toStdString()},
                   {"code_challenge", challenge.toStdString()},
                   {"code_challenge_method", "S256"},
                   {"prompt", "select_account"}})
             .toStdString());
    TRY_ASSIGN(const std::string code, codeFromBrowser(server, state, job));
    TRY_ASSIGN(const HttpResponse response, callTokenEndpoint(http, cloud.authority, cloud.tenant, "token",
                                                              {{"grant_type", "authorization_code"},
                                                               {"client_id", cloud.clientId},
                                                               {"code", code},
                                                               {"redirect_uri", redirect},
                                                               {"code_verifier", verifier.toStdString()},
                                                               {"scope", userScope(cloud)}},
                                                              job));
    return refreshTokenIn(response);
}

} // namespace lapidary::deploy
