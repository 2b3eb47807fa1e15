// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/arm.h"

#include "engine/base/text.h"
#include "engine/deploy/redact.h"

#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

using namespace std::chrono_literals;

namespace lapidary::deploy {

namespace {

struct Advice {
    const char* code;
    ErrorCode error;
    const char* next;
};

constexpr Advice advices[] = {
    {"AuthorizationFailed", ErrorCode::AuthFailure,
     "Ask an owner of the resource group for the role AzureML Data Scientist (or Contributor); then resume."},
    {"InvalidAuthenticationTokenTenant", ErrorCode::AuthFailure,
     "The subscription belongs to another tenant: sign in to that one."},
    {"InvalidAuthenticationToken", ErrorCode::AuthFailure, "Sign in again."},
    {"ExpiredAuthenticationToken", ErrorCode::AuthFailure, "Sign in again."},
    {"SubscriptionNotFound", ErrorCode::NotFound,
     "Check the subscription's id, and that the account that is signed in may see it."},
    {"ResourceGroupNotFound", ErrorCode::NotFound, "Check the resource group's name."},
    {"ResourceNotFound", ErrorCode::NotFound, "Check the name and that it was not deleted meanwhile."},
    {"MissingSubscriptionRegistration", ErrorCode::InvalidArgument,
     "Register the provider with: az provider register --namespace NAME; it takes some minutes. Then "
     "resume."},
    {"SubscriptionNotRegistered", ErrorCode::InvalidArgument,
     "Register the providers Microsoft.MachineLearningServices, .PolicyInsights and .Cdn with: az provider "
     "register --namespace NAME; then resume."},
    {"OutOfQuota", ErrorCode::OutOfMemory,
     "Choose a smaller size or fewer instances, or ask for more quota in the portal; then resume."},
    {"ImageBuildFailure", ErrorCode::BackendFailure,
     "See the build's log; correct the environment and try again."},
    {"ResourceNotReady", ErrorCode::BackendFailure,
     "The container crashed or its probes never came true: see its log. Run the image on this machine "
     "first."},
    {"BadArgument", ErrorCode::InvalidArgument,
     "Often the image or the model cannot be read by the endpoint: its identity needs AcrPull and Storage "
     "Blob "
     "Data Reader."},
    {"TasksOperationsNotAllowed", ErrorCode::InvalidArgument,
     "This subscription may not run registry tasks: build the image on this machine and push it."},
    {"OperationCanceled", ErrorCode::BackendFailure,
     "Somebody cancelled it in Azure; resume to start it again."},
    {"Conflict", ErrorCode::BackendFailure,
     "Another operation on the same resource is running; resume when it has ended."},
};

Error failure(const std::string& code, const std::string& text, int status)
{
    const auto* const found = std::find_if(std::begin(advices), std::end(advices),
                                           [&](const Advice& advice) { return advice.code == code; });
    if (found != std::end(advices))
        return makeError(found->error, text, found->next);
    const ErrorCode error = status == 401 || status == 403 ? ErrorCode::AuthFailure
                            : status == 404                ? ErrorCode::NotFound
                            : status == 400                ? ErrorCode::InvalidArgument
                                                           : ErrorCode::BackendFailure;
    return makeError(error, text, status == 429 || status >= 500 ? "Wait some minutes, then resume." : "");
}

// The claims that a challenge asks for: base64 in WWW-Authenticate.
std::string claimsIn(const HttpResponse& response)
{
    static const QRegularExpression pattern(QStringLiteral("claims=\"([^\"]+)\""));
    const auto match = pattern.match(QString::fromStdString(response.header("www-authenticate")));
    return match.hasMatch() ? QByteArray::fromBase64(match.captured(1).toLatin1()).toStdString()
                            : std::string();
}

std::string stateIn(const ArmClient::Operation& operation, const HttpResponse& response)
{
    using Kind = ArmClient::Operation::Kind;
    const Json json = response.json();
    if (operation.kind == Kind::Status)
        return lowerCase(textAt(json, "status"));
    if (operation.kind == Kind::Resource)
        return lowerCase(textAt(json, "properties", "provisioningState"));
    return response.status == 202 ? "running" : "succeeded";
}

} // namespace

Error armError(const HttpResponse& response, const std::string& url)
{
    Error error = failure(failureCode(response), failureText(response), response.status);
    const std::string request = response.header("x-ms-request-id");
    if (!request.empty())
        error.message += " (request " + request + ")";
    const std::string path = url.substr(0, url.find('?'));
    return std::move(error).at(redact(path.substr(path.rfind('/', path.rfind('/') - 1) + 1)));
}

std::string withVersion(const std::string& url, const char* version)
{
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "api-version=" + version;
}

Result<HttpResponse> ArmClient::send(const std::string& method, const std::string& url, const Json& body,
                                     JobContext& job)
{
    HttpRequest request{.method = method, .url = url};
    if (!body.is_null())
        request.body = QByteArray::fromStdString(body.dump());
    for (int attempt = 0;; ++attempt) {
        TRY_ASSIGN(const std::string token, m_credentials.token(m_cloud.armScope(), m_http, job));
        request.headers = {
            {"Authorization", "Bearer " + token},
            {"Accept", "application/json"},
            {"x-ms-client-request-id", QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString()},
            {"x-ms-return-client-request-id", "true"}};
        if (!body.is_null() || method == "POST" || method == "PUT")
            request.headers.emplace_back("Content-Type", "application/json");
        TRY_ASSIGN(HttpResponse response, m_http.sendPatiently(request, job));
        if (response.status != 401)
            return response;
        m_credentials.forget(token, claimsIn(response));
        if (attempt > 0 || failureCode(response) == "InvalidAuthenticationTokenTenant")
            return armError(response, url);
    }
}

Result<Json> ArmClient::find(const std::string& url, JobContext& job)
{
    TRY_ASSIGN(const HttpResponse response, send("GET", url, {}, job));
    const std::string code = failureCode(response);
    // A missing group or subscription is not a resource that is yet to be made; a page of a proxy says
    // nothing.
    if (response.status == 404 && code.empty())
        return makeError(ErrorCode::BackendFailure, failureText(response),
                         "A proxy may be between; check the network, then resume.");
    if (response.status == 404 && code != "ResourceGroupNotFound" && code != "SubscriptionNotFound")
        return Json();
    if (!response.ok())
        return armError(response, url);
    Json json = response.json();
    if (!json.is_object())
        return makeError(ErrorCode::BackendFailure, "the answer is no JSON object: " + failureText(response),
                         "A proxy may be between; try again.");
    return json;
}

Result<Json> ArmClient::get(const std::string& url, JobContext& job)
{
    TRY_ASSIGN(Json json, find(url, job));
    if (!json.is_null())
        return json;
    const std::string path = url.substr(0, url.find('?'));
    return makeError(ErrorCode::NotFound, "Azure has no " + path.substr(path.rfind("/providers/") + 1),
                     "Check the name and that it was not deleted meanwhile.");
}

Result<std::vector<Json>> ArmClient::list(const std::string& url, JobContext& job)
{
    std::vector<Json> items;
    for (std::string next = url; !next.empty();) {
        TRY_ASSIGN(const Json page, get(next, job));
        for (const Json& item : at(page, "value"))
            items.push_back(item);
        const std::string following = textAt(page, "nextLink");
        next = following == next ? "" : following;
    }
    return items;
}

Result<Json> ArmClient::post(const std::string& url, const Json& body, JobContext& job)
{
    TRY_ASSIGN(const HttpResponse response, send("POST", url, body, job));
    if (!response.ok())
        return armError(response, url);
    return response.json();
}

ArmClient::Operation ArmClient::operationIn(const HttpResponse& response, const std::string& method,
                                            const std::string& url)
{
    for (const char* header : {"operation-location", "azure-asyncoperation"}) {
        if (!response.header(header).empty())
            return {Operation::Kind::Status, response.header(header)};
    }
    if (!response.header("location").empty() && response.status != 200)
        return {Operation::Kind::Location, response.header("location")};
    if (method == "PUT")
        return {Operation::Kind::Resource, url};
    return {};
}

Status ArmClient::wait(Operation operation, const std::function<Status()>& alive, JobContext& job)
{
    if (operation.kind == Operation::Kind::Done)
        return {};
    for (;;) {
        TRY_ASSIGN(const HttpResponse response, send("GET", operation.url, {}, job));
        if (!response.ok())
            return armError(response, operation.url);
        const std::string state = stateIn(operation, response);
        if (state == "succeeded" || (state.empty() && operation.kind == Operation::Kind::Resource))
            return {};
        // It failed, and says so with status 200.
        if (state == "failed" || state == "canceled") {
            Error error = failure(failureCode(response), failureText(response), response.status);
            if (failureCode(response).empty())
                error.message = "Azure ended the operation as '" + state + "' without saying why";
            return error;
        }
        if (alive)
            TRY(alive());
        for (const char* header : {"operation-location", "azure-asyncoperation"}) {
            if (!response.header(header).empty())
                operation.url = response.header(header);
        }
        const auto asked = askedPause(response);
        TRY(m_http.pause(asked.count() >= 0 ? std::min<std::chrono::milliseconds>(asked, 60s) : 5s, job));
    }
}

} // namespace lapidary::deploy
