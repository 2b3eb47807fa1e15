// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

namespace fake_azure {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Tenant, id, displayName, defaultDomain)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Subscription, id, tenantId, displayName, state)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Workspace, subscription, resourceGroup, name, location,
                                                container, registry)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(
    Options, folder, port, azurite, registry, tenants, subscriptions, workspaces, unregisteredProviders,
    deniedActions, takenNames, unpullableImages, servicePrincipal, servicePrincipalSecret, devicePolls,
    deviceOutcome, deviceIntervalSeconds, authorizeError, jwtTokens, accessTokenSeconds, accessTokenUses,
    identityHeader, secretsType, sasSeconds, operationMs, deploymentMs, retryAfterSeconds, pageSize,
    blobPageSize, coreLimit, tasksAllowed, backend, backendCommand, imageCommand)

Options optionsFromJson(const nlohmann::json& json, Options base)
{
    nlohmann::json merged = base;
    merged.update(json);
    return merged.get<Options>();
}

nlohmann::json toJson(const Options& options) { return options; }

} // namespace fake_azure
