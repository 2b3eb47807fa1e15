// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/token_endpoint.h"

#include <QUrl>

namespace lapidary::deploy {

namespace {

struct Advice {
    const char* sign; // in the description or the error
    const char* next;
};

constexpr Advice advices[] = {
    {"AADSTS50020", "This account does not belong to the tenant; choose the tenant or another account."},
    {"AADSTS90002", "There is no such tenant: check its id or domain."},
    {"AADSTS900023", "There is no such tenant: check its id or domain."},
    {"AADSTS7000215", "The client secret is wrong; it must be the secret's value, not its id."},
    {"AADSTS7000222", "The client secret has expired; make a new one."},
    {"AADSTS700016", "The tenant does not know the application's client id."},
    {"AADSTS53003", "The organisation forbids this way to sign in; try the browser or Azure CLI."},
    {"AADSTS50076", "A second factor is asked for; sign in by the browser."},
    {"authorization_declined", "The sign-in was declined; start again."},
    {"access_denied", "The sign-in was declined; start again."},
    {"expired_token", "The code has expired; start again."},
    {"invalid_grant", "The sign-in is no longer valid; sign in again."},
    {"interaction_required", "Sign in again by the browser."},
};

} // namespace

std::string percentEncoded(const std::string& text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
}

QByteArray formBody(const Form& form)
{
    std::string body;
    for (const auto& [name, value] : form)
        body += (body.empty() ? "" : "&") + name + "=" + percentEncoded(value);
    return QByteArray::fromStdString(body);
}

Result<HttpResponse> callTokenEndpoint(HttpClient& http, const std::string& authority,
                                       const std::string& tenant, const std::string& name, const Form& form,
                                       JobContext& job)
{
    HttpRequest request{.method = "POST",
                        .url = authority + "/" + percentEncoded(tenant) + "/oauth2/v2.0/" + name,
                        .body = formBody(form)};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    return http.sendPatiently(request, job);
}

Error signInError(const HttpResponse& response)
{
    const std::string text = failureText(response);
    std::string next = "Sign in again.";
    for (const Advice& advice : advices) {
        if (text.find(advice.sign) != std::string::npos) {
            next = advice.next;
            break;
        }
    }
    return makeError(ErrorCode::AuthFailure, "the sign-in is refused: " + text, next);
}

} // namespace lapidary::deploy
