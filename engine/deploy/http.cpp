// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/http.h"

#include "engine/deploy/files.h"
#include "engine/deploy/redact.h"

#include <QDateTime>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTimer>

#include <algorithm>

namespace lapidary::deploy {

namespace {

using std::chrono::milliseconds;

QNetworkRequest toQt(const HttpRequest& request, const QSslConfiguration* tls)
{
    QNetworkRequest qt(QUrl(QString::fromStdString(request.url), QUrl::StrictMode));
    qt.setAttribute(QNetworkRequest::RedirectPolicyAttribute, request.followRedirects
                                                                  ? QNetworkRequest::NoLessSafeRedirectPolicy
                                                                  : QNetworkRequest::ManualRedirectPolicy);
    qt.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    qt.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    qt.setTransferTimeout(static_cast<int>(request.silence.count()));
    qt.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Lapidary"));
    for (const auto& [name, value] : request.headers)
        qt.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    if (tls)
        qt.setSslConfiguration(*tls);
    return qt;
}

Error networkError(const QNetworkReply& reply, const std::string& url)
{
    const auto host = QUrl(QString::fromStdString(url)).host().toStdString();
    std::string next = "Check the network, the proxy and the host's name; then resume.";
    if (reply.error() == QNetworkReply::SslHandshakeFailedError)
        next = "If a proxy of yours signs connections, name its certificate authority as an extra one.";
    return makeError(ErrorCode::NetworkFailure, redact(reply.errorString().toStdString()), next)
        .at(host.empty() ? redact(url) : host);
}

bool isWorthRepeating(int status)
{
    return status == 408 || (status >= 500 && status != 501 && status != 505);
}

// The innermost entry of "details" that says something.
const Json& deepest(const Json& error)
{
    for (const Json& detail : at(error, "details")) {
        if (!textAt(detail, "message").empty())
            return deepest(detail);
    }
    return error;
}

std::string xmlElement(const QByteArray& body, const QByteArray& name)
{
    const qsizetype start = body.indexOf("<" + name + ">");
    const qsizetype end = body.indexOf("</" + name + ">");
    if (start < 0 || end < start)
        return {};
    const qsizetype from = start + name.size() + 2;
    return body.mid(from, end - from).split('\n').front().toStdString();
}

struct Failure {
    std::string code;
    std::string message;
};

Failure failureOf(const HttpResponse& response)
{
    const Json json = response.json();
    const Json& error = at(json, "error");
    if (error.is_string()) // OAuth, and scoring servers
        return {error.get<std::string>(), textAt(json, "error_description")};
    if (error.is_object()) {
        const Json& inner = deepest(error);
        const std::string code = textAt(error, "code");
        const std::string innerCode = textAt(inner, "code");
        std::string message = textAt(error, "message");
        if (textAt(inner, "message") != message)
            message += (message.empty() ? "" : " ") + textAt(inner, "message");
        // ML's outer code is often only "UserError".
        return {code.empty() || code == "UserError" ? innerCode : code, message};
    }
    if (at(json, "errors").is_array() && !json["errors"].empty()) // registries
        return {textAt(json["errors"][0], "code"), textAt(json["errors"][0], "message")};
    if (!textAt(json, "message").empty())
        return {textAt(json, "code"), textAt(json, "message")};
    return {response.header("x-ms-error-code").empty() ? xmlElement(response.body, "Code")
                                                       : response.header("x-ms-error-code"),
            xmlElement(response.body, "Message")};
}

} // namespace

std::string HttpResponse::header(const std::string& lowerName) const
{
    const auto found = headers.find(lowerName);
    return found == headers.end() ? std::string() : found->second;
}

Json HttpResponse::json() const
{
    Json json = Json::parse(body.begin(), body.end(), nullptr, false);
    return json.is_discarded() ? Json() : json;
}

HttpClient::HttpClient(HttpOptions options)
    : m_options(std::move(options)), m_network(std::make_unique<QNetworkAccessManager>())
{
    m_network->setAutoDeleteReplies(false);
}

HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::create(HttpOptions options)
{
    std::unique_ptr<HttpClient> client(new HttpClient(std::move(options)));
    if (client->m_options.extraCaFile.empty())
        return client;
    TRY_ASSIGN(const std::string text, readTextFile(client->m_options.extraCaFile));
    const QList<QSslCertificate> extra = QSslCertificate::fromData(QByteArray::fromStdString(text));
    if (extra.empty())
        return makeError(ErrorCode::InvalidArgument, "the file holds no certificate in PEM form")
            .at(client->m_options.extraCaFile.string());
    client->m_tls = std::make_unique<QSslConfiguration>(QSslConfiguration::defaultConfiguration());
    client->m_tls->addCaCertificates(extra);
    return client;
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request, JobContext& job)
{
    if (job.stopRequested())
        return cancelled();
    const auto watch = [&](int status) {
        if (m_options.watch)
            m_options.watch(request.method, redact(request.url), status);
    };
    watch(0);
    QEventLoop loop;
    const QNetworkRequest qt = toQt(request, m_tls.get());
    // Qt waits for the body of a HEAD that it does not know as one.
    std::unique_ptr<QNetworkReply> reply(
        request.method == "HEAD"
            ? m_network->head(qt)
            : m_network->sendCustomRequest(qt, QByteArray::fromStdString(request.method), request.body));
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QTimer stop;
    QObject::connect(&stop, &QTimer::timeout, &loop, [&] {
        if (job.stopRequested())
            reply->abort();
    });
    stop.start(50);
    if (!reply->isFinished())
        loop.exec();
    if (job.stopRequested())
        return cancelled();
    HttpResponse response;
    response.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    response.body = reply->readAll();
    for (const auto& [name, value] : reply->rawHeaderPairs())
        response.headers[name.toLower().toStdString()] = value.toStdString();
    // An answer that was cut off has a status as well: only whole ones count. The codes of Qt from 201 on
    // only repeat the status.
    const bool isAnswer =
        reply->error() == QNetworkReply::NoError || (reply->error() >= QNetworkReply::ContentAccessDenied &&
                                                     reply->error() != QNetworkReply::ContentReSendError);
    if (response.status == 0 || !isAnswer)
        return networkError(*reply, request.url);
    watch(response.status);
    return response;
}

Status HttpClient::pause(milliseconds time, JobContext& job)
{
    const auto end = std::chrono::steady_clock::now() + time;
    QEventLoop loop;
    while (std::chrono::steady_clock::now() < end) {
        if (job.stopRequested())
            return cancelled();
        QTimer::singleShot(
            std::min<milliseconds>(milliseconds(50), std::chrono::duration_cast<milliseconds>(
                                                         end - std::chrono::steady_clock::now()) +
                                                         milliseconds(1)),
            &loop, &QEventLoop::quit);
        loop.exec();
    }
    return {};
}

Result<HttpResponse> HttpClient::sendPatiently(const HttpRequest& request, JobContext& job)
{
    milliseconds growing = m_options.firstPause;
    for (int attempt = 0;; ++attempt) {
        auto response = send(request, job);
        if (!response.ok() && response.error().code != ErrorCode::NetworkFailure)
            return response;
        const milliseconds asked = response.ok() ? askedPause(*response) : milliseconds(-1);
        const bool throttled =
            response.ok() && (response->status == 429 || response->status == 503) && asked.count() >= 0;
        const bool repeat =
            !response.ok() || throttled || response->status == 429 || isWorthRepeating(response->status);
        if (!repeat || attempt >= m_options.retries)
            return response;
        const milliseconds wait = throttled ? std::min(asked, milliseconds(300000)) : growing;
        if (m_notice)
            m_notice((response.ok() ? failureText(*response) : response.error().toString()) + "; try " +
                     std::to_string(attempt + 2) + " of " + std::to_string(m_options.retries + 1) + " in " +
                     std::to_string((wait.count() + 999) / 1000) + " s");
        TRY(pause(wait, job));
        growing = std::min(growing * 2, m_options.longestPause);
    }
}

milliseconds askedPause(const HttpResponse& response)
{
    for (const char* name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
        bool isNumber = false;
        const int64_t time = QByteArray::fromStdString(response.header(name)).toLongLong(&isNumber);
        if (isNumber)
            return milliseconds(std::max<int64_t>(time, 0));
    }
    const QByteArray text = QByteArray::fromStdString(response.header("retry-after"));
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    if (isNumber)
        return milliseconds(static_cast<int64_t>(std::clamp(seconds, 0.0, 86400.0) * 1000));
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(text), Qt::RFC2822Date);
    return date.isValid() ? milliseconds(std::max<qint64>(QDateTime::currentDateTimeUtc().msecsTo(date), 0))
                          : milliseconds(-1);
}

std::string failureCode(const HttpResponse& response) { return failureOf(response).code; }

std::string failureText(const HttpResponse& response)
{
    const auto [code, message] = failureOf(response);
    // An operation that failed is told of with a 200.
    std::string text = response.ok() && !code.empty() ? code : "HTTP " + std::to_string(response.status);
    text += code.empty() || response.ok() ? "" : " " + code;
    text += message.empty() ? "" : ": " + message;
    if (code.empty() && message.empty()) {
        const QByteArray start = response.body.left(200).simplified();
        text += start.isEmpty() ? ", without a word"
                                : ", not in a form that Azure answers in: " + start.toStdString();
    }
    return redact(text);
}

} // namespace lapidary::deploy
