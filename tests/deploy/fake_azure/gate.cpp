// SPDX-License-Identifier: GPL-3.0-or-later
#include "gate.h"

#include <algorithm>

namespace fake_azure {

namespace {

void checkApiVersion(const Route& route, const Call& call)
{
    const std::vector<std::string>& known = apiVersions(route.area);
    const std::string version = call.parameter("api-version");
    if (version.empty())
        throw ArmError(400, "MissingApiVersionParameter",
                       "The api-version query parameter (?api-version=) is required for all requests.");
    if (std::find(known.begin(), known.end(), version) != known.end())
        return;
    std::string list;
    for (const std::string& each : known)
        list += (list.empty() ? "" : ", ") + each;
    if (lower(call.path).find("/providers/microsoft.") != std::string::npos)
        throw ArmError(400, "NoRegisteredProviderFound",
                       "No registered resource provider found for API version '" + version +
                           "'. The supported api-versions are '" + list + "'.");
    throw ArmError(400, "InvalidApiVersionParameter",
                   "The api-version '" + version + "' is invalid. The supported versions are '" + list +
                       "'.");
}

// The last provider in the path and what follows it.
std::vector<std::string> providerPart(const Call& call)
{
    const std::vector<std::string> parts = segmentsOf(call.path);
    for (size_t i = parts.size(); i-- > 0;) {
        if (sameText(parts[i], "providers"))
            return {parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, parts.end()};
    }
    return {};
}

} // namespace

std::string actionOf(const Call& call)
{
    const std::vector<std::string> parts = providerPart(call);
    if (parts.empty())
        return "Microsoft.Resources/subscriptions/" + std::string(call.method == "GET" ? "read" : "write");
    std::string action = parts[0];
    for (size_t i = 1; i < parts.size(); i += 2)
        action += '/' + parts[i];
    const std::map<std::string, std::string> verbs{
        {"GET", "/read"}, {"HEAD", "/read"}, {"PUT", "/write"}, {"PATCH", "/write"}, {"DELETE", "/delete"}};
    const auto verb = verbs.find(call.method);
    return action + (verb == verbs.end() ? "/action" : verb->second);
}

void checkArmRequest(Cloud& cloud, const Route& route, Call& call)
{
    const bool known = call.names.count("sub") != 0;
    std::string tenant = cloud.options.tenants.front().id;
    if (known) {
        for (const Subscription& each : cloud.options.subscriptions) {
            if (sameText(each.id, call.subscription()))
                tenant = each.tenantId;
        }
    }
    const std::string authority = cloud.authority(tenant);
    const AccessToken& token = cloud.tokens.check(call, cloud.armAudiences(), authority);
    call.tokenTenant = token.tenant;
    call.principal = token.principal;
    checkApiVersion(route, call);
    if (!known)
        return;
    const Subscription& subscription = cloud.subscription(call.subscription());
    if (subscription.tenantId != token.tenant) {
        ArmError error(401, "InvalidAuthenticationTokenTenant",
                       "The access token is from the wrong issuer '" + cloud.authority(token.tenant) +
                           "/'. It must match the tenant '" + authority +
                           "/' associated with this subscription. Please use the authority (URL) '" +
                           authority + "' to get the token.");
        error.headers.emplace("WWW-Authenticate",
                              "Bearer authorization_uri=\"" + authority +
                                  "\", error=\"invalid_token\", error_description=\"The access "
                                  "token is from the wrong issuer.\"");
        throw error;
    }
    if (subscription.state == "Disabled" && call.method != "GET")
        throw ArmError(409, "ReadOnlyDisabledSubscription",
                       "The subscription '" + subscription.id +
                           "' is disabled and therefore marked as read only.");
    const std::vector<std::string> parts = providerPart(call);
    // The routes that say whether a provider is registered, and those that register it, have no more parts.
    const bool aboutProvider = parts.size() <= 1 || (parts.size() == 2 && call.method == "POST");
    if (!aboutProvider && !cloud.isRegistered(subscription.id, parts[0]))
        throw ArmError(409, "MissingSubscriptionRegistration",
                       "The subscription is not registered to use namespace '" + parts[0] +
                           "'. See https://aka.ms/rps-not-found for how to register subscriptions.",
                       parts[0]);
    const std::string action = actionOf(call);
    for (const std::string& denied : cloud.options.deniedActions) {
        if (sameText(denied, action))
            throw ArmError(
                403, "AuthorizationFailed",
                "The client '" + call.principal + "' does not have authorization to perform action '" +
                    action + "' over scope '" + call.path +
                    "' or the scope is invalid. If access was recently granted, please refresh your "
                    "credentials.");
    }
}

} // namespace fake_azure
