// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/account.h"

namespace lapidary::deploy {

namespace {

Cloud cloudOf(const SignIn& how)
{
    Cloud cloud = how.cloud;
    if (!how.tenant.empty())
        cloud.tenant = how.tenant;
    return cloud;
}

Result<std::shared_ptr<Credentials>> tried(std::shared_ptr<Credentials> credentials, const SignIn& how,
                                           HttpClient& http, JobContext& job)
{
    TRY(credentials->token(how.cloud.armScope(), http, job));
    return credentials;
}

} // namespace

Result<std::shared_ptr<Credentials>> signInAgain(const SignIn& how, const std::string& refreshToken,
                                                 HttpClient& http, JobContext& job)
{
    return tried(userCredentials(cloudOf(how), refreshToken, how.keepToken), how, http, job);
}

Result<std::shared_ptr<Credentials>> signIn(const SignIn& how, HttpClient& http, JobContext& job)
{
    switch (how.way) {
    case SignInWay::AzureCli: return tried(azureCliCredentials(how.tenant), how, http, job);
    case SignInWay::ManagedIdentity: return tried(managedIdentityCredentials(how.clientId), how, http, job);
    case SignInWay::ServicePrincipal:
        if (how.tenant.empty() || how.clientId.empty() || how.secret.empty())
            return makeError(
                ErrorCode::AuthFailure, "a service principal needs a tenant, a client id and a secret",
                "The command line reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.");
        return tried(servicePrincipalCredentials(how.cloud, {how.tenant, how.clientId, how.secret}), how,
                     http, job);
    case SignInWay::Browser:
    case SignInWay::DeviceCode: break;
    }
    auto refreshToken = how.way == SignInWay::Browser
                            ? signInByBrowser(http, cloudOf(how), how.openPage, job)
                            : signInByDeviceCode(http, cloudOf(how), how.showCode, job);
    if (!refreshToken.ok())
        return std::move(refreshToken).error();
    if (how.keepToken)
        how.keepToken(*refreshToken);
    return signInAgain(how, *refreshToken, http, job);
}

Result<std::unique_ptr<Connection>> connect(HttpOptions options, const Cloud& cloud,
                                            std::shared_ptr<Credentials> credentials)
{
    auto connection = std::make_unique<Connection>();
    connection->cloud = cloud;
    connection->credentials = std::move(credentials);
    TRY_ASSIGN(connection->http, HttpClient::create(std::move(options)));
    if (connection->credentials)
        connection->arm =
            std::make_unique<ArmClient>(*connection->http, *connection->credentials, connection->cloud);
    return connection;
}

} // namespace lapidary::deploy
