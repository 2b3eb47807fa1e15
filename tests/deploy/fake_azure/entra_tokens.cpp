// SPDX-License-Identifier: GPL-3.0-or-later
// Entra's token endpoint and the managed identity of a machine.
#include "areas.h"
#include "clock.h"
#include "crypto.h"

#include <sstream>

namespace fake_azure {

namespace {

using Form = std::map<std::string, std::string>;

const char user[] = "user@contoso.com";
const char userObject[] = "dddddddd-0000-4000-8000-000000000001";

std::string field(const Form& form, const std::string& name)
{
    const auto found = form.find(name);
    if (found == form.end() || found->second.empty())
        throw EntraError{
            entraError(400, "invalid_request", 900144,
                       "The request body must contain the following parameter: '" + name + "'.")};
    return found->second;
}

std::string idToken(const Cloud& cloud, const std::string& tenant, const std::string& clientId,
                    const std::string& nonce)
{
    Json claims{{"aud", clientId},
                {"iss", cloud.url + '/' + tenant + "/v2.0"},
                {"iat", now() / 1000},
                {"nbf", now() / 1000},
                {"exp", now() / 1000 + 3600},
                {"tid", tenant},
                {"oid", userObject},
                {"sub", "subject"},
                {"name", "Test User"},
                {"preferred_username", user},
                {"ver", "2.0"}};
    if (!nonce.empty())
        claims["nonce"] = nonce;
    const std::string kid = hex(sha256(cloud.certificates.signingCertificate)).substr(0, 40);
    return signedToken({{"kid", kid}}, claims, cloud.certificates.signingKeyFile);
}

// The answer to a user's sign-in: access, refresh and id token.
Reply userTokens(Cloud& cloud, const std::string& tenant, const std::string& clientId,
                 const std::string& scope, const std::string& nonce)
{
    const std::string audience = audienceOf(cloud, scope);
    Json answer{{"token_type", "Bearer"},
                {"scope", audience + "/user_impersonation " + audience + "/.default"},
                {"expires_in", cloud.options.accessTokenSeconds},
                {"ext_expires_in", cloud.options.accessTokenSeconds},
                {"access_token", issueAccessToken(cloud, tenant, audience, user, clientId)}};
    const std::string wanted = ' ' + scope + ' ';
    if (wanted.find(" offline_access ") != std::string::npos) {
        const std::string refresh = "1.A" + randomHex(40);
        cloud.signIn.refreshTokens[refresh] = {tenant, clientId};
        answer["refresh_token"] = refresh;
    }
    if (wanted.find(" openid ") != std::string::npos)
        answer["id_token"] = idToken(cloud, tenant, clientId, nonce);
    answer["client_info"] = base64Url(Json{{"uid", userObject}, {"utid", tenant}}.dump());
    return reply(200, answer);
}

Reply byCode(Cloud& cloud, const Form& form)
{
    const auto found = cloud.signIn.codes.find(field(form, "code"));
    if (found == cloud.signIn.codes.end())
        return entraError(400, "invalid_grant", 9002313,
                          "Invalid request. The code is malformed or unknown.");
    AuthorizationCode& code = found->second;
    if (code.used)
        return entraError(400, "invalid_grant", 54005, "OAuth2 Authorization code was already redeemed.");
    if (code.expires <= now())
        return entraError(400, "invalid_grant", 70008, "The provided authorization code has expired.");
    if (code.clientId != field(form, "client_id"))
        return entraError(400, "invalid_grant", 700005, "The code was issued to another application.");
    if (code.redirectUri != field(form, "redirect_uri"))
        return entraError(400, "invalid_grant", 500112,
                          "The reply address does not match the one provided when requesting the code.");
    if (base64Url(sha256(field(form, "code_verifier"))) != code.challenge)
        return entraError(
            400, "invalid_grant", 501481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.");
    code.used = true;
    return userTokens(cloud, code.tenant, code.clientId, field(form, "scope"), code.nonce);
}

Reply byDevice(Cloud& cloud, const Form& form)
{
    const auto found = cloud.signIn.devices.find(field(form, "device_code"));
    if (found == cloud.signIn.devices.end())
        return entraError(400, "bad_verification_code", 70019, "The verification code is unknown.");
    DeviceCode& device = found->second;
    if (device.clientId != field(form, "client_id"))
        return entraError(400, "invalid_grant", 700005, "The code was issued to another application.");
    if (device.expires <= now() || cloud.options.deviceOutcome == "expire")
        return entraError(400, "expired_token", 70020, "The provided device code has expired.");
    const bool early = device.lastPoll + cloud.options.deviceIntervalSeconds * 500L > now();
    device.lastPoll = now();
    if (early)
        return entraError(400, "slow_down", 70017, "The client polls too often.");
    if (device.pollsLeft > 0) {
        --device.pollsLeft;
        return entraError(400, "authorization_pending", 70016,
                          "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
    }
    if (cloud.options.deviceOutcome == "decline")
        return entraError(400, "authorization_declined", 70018, "The user declined the request.");
    if (cloud.options.deviceOutcome == "forbid")
        return entraError(
            400, "invalid_grant", 53003,
            "Access has been blocked by Conditional Access policies. The access policy does not allow "
            "token issuance.");
    const DeviceCode approved = device;
    cloud.signIn.devices.erase(found);
    const auto scope = form.find("scope");
    return userTokens(cloud, approved.tenant, approved.clientId,
                      scope == form.end() ? "https://management.azure.com/.default openid offline_access"
                                          : scope->second,
                      {});
}

Reply byRefresh(Cloud& cloud, const Form& form, const Tenant& tenant)
{
    const auto found = cloud.signIn.refreshTokens.find(field(form, "refresh_token"));
    if (found == cloud.signIn.refreshTokens.end())
        return entraError(400, "invalid_grant", 9002313, "Invalid request. The refresh token is malformed.");
    if (found->second.replaced)
        return entraError(400, "invalid_grant", 70000,
                          "The provided grant has been replaced and is not valid.");
    if (found->second.clientId != field(form, "client_id"))
        return entraError(400, "invalid_grant", 700005, "The token was issued to another application.");
    std::string scope = field(form, "scope");
    // A refresh answer always brings the next refresh token.
    if (scope.find("offline_access") == std::string::npos)
        scope += " offline_access";
    const std::string audience = audienceOf(cloud, scope);
    found->second.replaced = true;
    return userTokens(cloud, tenant.id, found->second.clientId, scope, {});
}

Reply byClient(Cloud& cloud, const Form& form, const Tenant& tenant)
{
    const std::string clientId = field(form, "client_id");
    const std::string scope = field(form, "scope");
    if (clientId != cloud.options.servicePrincipal)
        return entraError(400, "unauthorized_client", 700016,
                          "Application with identifier '" + clientId + "' was not found in the directory '" +
                              tenant.displayName + "'.");
    if (form.count("client_assertion")) {
        if (field(form, "client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            return entraError(400, "invalid_request", 7000224, "The client_assertion_type is not supported.");
        const Json claims = tokenClaims(form.at("client_assertion"));
        if (claims.is_null() || claims.value("iss", "") != clientId || claims.value("sub", "") != clientId)
            return entraError(401, "invalid_client", 50027, "JWT token is invalid or malformed.");
    } else if (!form.count("client_secret")) {
        return entraError(
            401, "invalid_client", 7000218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
    } else if (form.at("client_secret") != cloud.options.servicePrincipalSecret) {
        return entraError(
            401, "invalid_client", 7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client "
            "secret value, not the client secret ID.");
    }
    if (scope.size() < 9 || scope.compare(scope.size() - 9, 9, "/.default") != 0)
        return entraError(400, "invalid_scope", 1002012,
                          "The provided value for scope " + scope +
                              " is not valid. Client credential flows must have a "
                              "scope value with /.default suffixed to the resource identifier.");
    return reply(200, {{"token_type", "Bearer"},
                       {"expires_in", cloud.options.accessTokenSeconds},
                       {"ext_expires_in", cloud.options.accessTokenSeconds},
                       {"access_token",
                        issueAccessToken(cloud, tenant.id, audienceOf(cloud, scope), clientId, clientId)}});
}

Reply token(Cloud& cloud, const Call& call)
{
    const Tenant& tenant = tenantOfPath(cloud, call);
    if (call.header("Content-Type").find("application/x-www-form-urlencoded") == std::string::npos)
        return entraError(400, "invalid_request", 900144, "The request body must be a form.");
    const Form form = call.form();
    const std::string grant = field(form, "grant_type");
    if (grant == "authorization_code")
        return byCode(cloud, form);
    if (grant == "device_code" || grant == "urn:ietf:params:oauth:grant-type:device_code")
        return byDevice(cloud, form);
    if (grant == "refresh_token")
        return byRefresh(cloud, form, tenant);
    if (grant == "client_credentials")
        return byClient(cloud, form, tenant);
    return entraError(400, "unsupported_grant_type", 70003,
                      "The app returned an unsupported grant type '" + grant + "'.");
}

Reply identityToken(Cloud& cloud, const Call& call, bool machine)
{
    const auto refuse = [](const char* error, const char* text) {
        return reply(400, {{"error", error}, {"error_description", text}});
    };
    if (machine && !sameText(call.header("Metadata"), "true"))
        return refuse("invalid_request", "Required metadata header not specified");
    if (!machine && call.header("X-IDENTITY-HEADER") != cloud.options.identityHeader)
        return reply(401, {{"statusCode", 401}, {"message", "Unauthorized"}});
    if (call.parameter("api-version") != (machine ? "2018-02-01" : "2019-08-01"))
        return refuse("invalid_request", "The api-version is not supported");
    if (call.parameter("resource").empty())
        return refuse("invalid_request", "Required query variable 'resource' is missing");
    const std::string audience = audienceOf(cloud, call.parameter("resource") + "/.default");
    const std::string seconds = std::to_string(cloud.options.accessTokenSeconds);
    return reply(200, {{"access_token", issueAccessToken(cloud, cloud.options.tenants.front().id, audience,
                                                         "managed-identity", call.parameter("client_id"))},
                       {"client_id", call.parameter("client_id")},
                       {"expires_in", seconds},
                       {"expires_on", std::to_string(now() / 1000 + cloud.options.accessTokenSeconds)},
                       {"resource", call.parameter("resource")},
                       {"token_type", "Bearer"}});
}

Handler caught(std::function<Reply(const Call&)> page)
{
    return [page = std::move(page)](Call& call) {
        try {
            return page(call);
        } catch (const EntraError& error) {
            return error.reply;
        }
    };
}

} // namespace

std::string audienceOf(const Cloud& cloud, const std::string& scope)
{
    std::istringstream words(scope);
    std::string word, audience;
    while (words >> word) {
        if (word == "openid" || word == "profile" || word == "offline_access" || word == "email")
            continue;
        std::string resource = word.substr(0, word.rfind('/'));
        while (!resource.empty() && resource.back() == '/')
            resource.pop_back();
        if (!audience.empty() && audience != resource)
            throw EntraError{entraError(400, "invalid_scope", 28000,
                                        "The request asks for scopes of more than one resource: " + scope)};
        audience = resource;
    }
    static const std::vector<std::string> known{
        "https://management.azure.com", "https://management.core.windows.net",
        "https://ml.azure.com",         "https://containerregistry.azure.net",
        "https://storage.azure.com",    "https://api.loganalytics.io",
        "https://graph.microsoft.com"};
    if (audience.empty())
        return known.back();
    if (audience != cloud.url && std::find(known.begin(), known.end(), audience) == known.end())
        throw EntraError{
            entraError(400, "invalid_resource", 500011,
                       "The resource principal named " + audience + " was not found in the tenant.")};
    return audience;
}

std::string issueAccessToken(Cloud& cloud, const std::string& tenant, const std::string& audience,
                             const std::string& principal, const std::string& clientId)
{
    const int64_t expires = now() + static_cast<int64_t>(cloud.options.accessTokenSeconds) * 1000;
    std::string text = "opaque." + randomHex(40);
    if (cloud.options.jwtTokens)
        text = signedToken({{"kid", hex(sha256(cloud.certificates.signingCertificate)).substr(0, 40)}},
                           {{"aud", audience},
                            {"iss", cloud.url + '/' + tenant + "/v2.0"},
                            {"iat", now() / 1000},
                            {"nbf", now() / 1000},
                            {"exp", expires / 1000},
                            {"tid", tenant},
                            {"oid", userObject},
                            {"appid", clientId},
                            {"upn", principal},
                            {"unique_name", principal},
                            {"uti", randomHex(12)},
                            {"ver", "1.0"}},
                           cloud.certificates.signingKeyFile);
    cloud.tokens.add(text, {tenant, audience, principal, expires, cloud.options.accessTokenUses});
    return text;
}

void addEntraTokens(Router& router, Cloud& cloud)
{
    router.add("POST", "/{tenant}/oauth2/v2.0/token", Area::Open,
               caught([&](const Call& call) { return token(cloud, call); }));
    router.add("GET", "/metadata/identity/oauth2/token", Area::Open,
               caught([&](const Call& call) { return identityToken(cloud, call, true); }));
    router.add("GET", "/msi/token", Area::Open,
               caught([&](const Call& call) { return identityToken(cloud, call, false); }));
}

} // namespace fake_azure
