// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/credentials.h"

#include "engine/deploy/redact.h"
#include "engine/deploy/token_endpoint.h"

#include <QProcess>

using namespace std::chrono_literals;

namespace lapidary::deploy {

namespace {

using Clock = std::chrono::system_clock;

std::string resourceOf(const std::string& scope)
{
    const std::string suffix = "/.default";
    return scope.ends_with(suffix) ? scope.substr(0, scope.size() - suffix.size()) : scope;
}

class AzureCli : public Credentials {
public:
    explicit AzureCli(std::string tenant) : m_tenant(std::move(tenant)) {}

private:
    // Without a shell: nothing of the arguments is interpreted.
    Result<Token> fetch(const std::string& scope, const std::string&, HttpClient&, JobContext& job) override
    {
        QStringList arguments{QStringLiteral("account"),    QStringLiteral("get-access-token"),
                              QStringLiteral("--output"),   QStringLiteral("json"),
                              QStringLiteral("--resource"), QString::fromStdString(resourceOf(scope))};
        if (!m_tenant.empty())
            arguments << QStringLiteral("--tenant") << QString::fromStdString(m_tenant);
        QProcess process;
        process.start(QStringLiteral("az"), arguments);
        if (!process.waitForStarted(5000))
            return makeError(ErrorCode::AuthFailure, "Azure CLI is not installed: there is no program 'az'",
                             "Install it, or sign in another way.");
        for (int waited = 0; !process.waitForFinished(50); waited += 50) {
            if (job.stopRequested() || waited > 60000) {
                process.kill();
                process.waitForFinished();
                return job.stopRequested() ? cancelled()
                                           : makeError(ErrorCode::AuthFailure, "Azure CLI does not answer");
            }
        }
        const QByteArray output = process.readAllStandardOutput();
        const Json json = Json::parse(output.begin(), output.end(), nullptr, false);
        const std::string text = textAt(json, "accessToken");
        if (process.exitCode() != 0 || text.empty()) {
            const std::string said = process.readAllStandardError().left(400).simplified().toStdString();
            return makeError(ErrorCode::AuthFailure, "Azure CLI gives no token: " + redact(said),
                             "Sign in with: az login");
        }
        const Json& expires = at(json, "expires_on");
        return Token{text, expires.is_number_integer()
                               ? Clock::time_point(std::chrono::seconds(expires.get<int64_t>()))
                               : Clock::now() + 10min};
    }

    std::string m_tenant;
};

class Principal : public Credentials {
public:
    Principal(Cloud cloud, ServicePrincipal principal)
        : m_cloud(std::move(cloud)), m_principal(std::move(principal))
    {
    }

private:
    Result<Token> fetch(const std::string& scope, const std::string&, HttpClient& http,
                        JobContext& job) override
    {
        TRY_ASSIGN(const HttpResponse response,
                   callTokenEndpoint(http, m_cloud.authority, m_principal.tenant, "token",
                                     {{"grant_type", "client_credentials"},
                                      {"client_id", m_principal.clientId},
                                      {"client_secret", m_principal.secret},
                                      {"scope", scope}},
                                     job));
        return tokenIn(response);
    }

    Cloud m_cloud;
    ServicePrincipal m_principal;
};

class ManagedIdentity : public Credentials {
public:
    explicit ManagedIdentity(std::string clientId) : m_clientId(std::move(clientId)) {}

private:
    Result<Token> fetch(const std::string& scope, const std::string&, HttpClient& http,
                        JobContext& job) override
    {
        const std::string service = qEnvironmentVariable("IDENTITY_ENDPOINT").toStdString();
        const bool isService = !service.empty();
        HttpRequest request{.silence = 5s};
        request.url = isService ? service + "?api-version=2019-08-01"
                                : qEnvironmentVariable("AZURE_POD_IDENTITY_AUTHORITY_HOST",
                                                       QStringLiteral("http://169.254.169.254"))
                                          .toStdString() +
                                      "/metadata/identity/oauth2/token?api-version=2018-02-01";
        request.url += "&resource=" + percentEncoded(resourceOf(scope));
        if (!m_clientId.empty())
            request.url += "&client_id=" + percentEncoded(m_clientId);
        request.headers.push_back(
            isService ? std::pair<std::string, std::string>(
                            "X-IDENTITY-HEADER", qEnvironmentVariable("IDENTITY_HEADER").toStdString())
                      : std::pair<std::string, std::string>("Metadata", "true"));
        auto response = http.send(request, job);
        if (!response.ok() && response.error().code == ErrorCode::NetworkFailure)
            return makeError(ErrorCode::AuthFailure,
                             "this machine has no managed identity: nobody answers at " +
                                 request.url.substr(0, request.url.find('?')),
                             "Managed identities are for machines of Azure; sign in another way.");
        if (!response.ok())
            return std::move(response).error();
        return tokenIn(*response);
    }

    std::string m_clientId;
};

class User : public Credentials {
public:
    User(Cloud cloud, std::string refreshToken, std::function<void(const std::string&)> keep)
        : m_cloud(std::move(cloud)), m_refreshToken(std::move(refreshToken)), m_keep(std::move(keep))
    {
    }

private:
    Result<Token> fetch(const std::string& scope, const std::string& claims, HttpClient& http,
                        JobContext& job) override
    {
        Form form{{"grant_type", "refresh_token"},
                  {"refresh_token", m_refreshToken},
                  {"client_id", m_cloud.clientId},
                  {"scope", scope + " openid profile offline_access"}};
        if (!claims.empty())
            form.emplace_back("claims", claims);
        TRY_ASSIGN(const HttpResponse response,
                   callTokenEndpoint(http, m_cloud.authority, m_cloud.tenant, "token", form, job));
        TRY_ASSIGN(Token token, tokenIn(response));
        if (std::string next = textAt(response.json(), "refresh_token"); !next.empty()) {
            m_refreshToken = std::move(next);
            if (m_keep)
                m_keep(m_refreshToken);
        }
        return token;
    }

    Cloud m_cloud;
    std::string m_refreshToken;
    std::function<void(const std::string&)> m_keep;
};

} // namespace

Result<std::string> Credentials::token(const std::string& scope, HttpClient& http, JobContext& job)
{
    // Whoever waits here for a token of another thread can be stopped as well.
    std::unique_lock lock(m_mutex, std::defer_lock);
    while (!lock.try_lock_for(50ms)) {
        if (job.stopRequested())
            return cancelled();
    }
    const auto found = m_tokens.find(scope);
    if (found != m_tokens.end() && found->second.expires - 5min > Clock::now())
        return found->second.text;
    TRY_ASSIGN(Token token, fetch(scope, m_claims, http, job));
    m_claims.clear();
    return (m_tokens[scope] = std::move(token)).text;
}

void Credentials::forget(const std::string& token, std::string claims)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_tokens, [&](const auto& entry) { return entry.second.text == token; });
    m_claims = std::move(claims);
}

Result<Credentials::Token> Credentials::tokenIn(const HttpResponse& response)
{
    const Json json = response.json();
    const std::string text = textAt(json, "access_token");
    if (!response.ok() || text.empty())
        return signInError(response);
    const Json& seconds = at(json, "expires_in"); // a text in answers of managed identities
    const int64_t life =
        seconds.is_number() ? seconds.get<int64_t>() : std::atoll(textAt(json, "expires_in").c_str());
    return Token{text, Clock::now() + std::chrono::seconds(life)};
}

std::unique_ptr<Credentials> azureCliCredentials(const std::string& tenant)
{
    return std::make_unique<AzureCli>(tenant);
}

std::unique_ptr<Credentials> servicePrincipalCredentials(const Cloud& cloud, ServicePrincipal principal)
{
    return std::make_unique<Principal>(cloud, std::move(principal));
}

std::unique_ptr<Credentials> managedIdentityCredentials(const std::string& clientId)
{
    return std::make_unique<ManagedIdentity>(clientId);
}

std::unique_ptr<Credentials> userCredentials(const Cloud& cloud, std::string refreshToken,
                                             std::function<void(const std::string&)> keep)
{
    return std::make_unique<User>(cloud, std::move(refreshToken), std::move(keep));
}

} // namespace lapidary::deploy
