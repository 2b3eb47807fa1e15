// SPDX-License-Identifier: GPL-3.0-or-later
#include "cloud.h"

#include "clock.h"
#include "crypto.h"
#include "router.h"

#include <algorithm>

namespace fake_azure {

Cloud::Cloud(Options given) : options(std::move(given))
{
    const auto absent = [&](const std::string& provider) {
        return std::any_of(options.unregisteredProviders.begin(), options.unregisteredProviders.end(),
                           [&](const std::string& name) { return sameText(name, provider); });
    };
    for (const Subscription& subscription : options.subscriptions) {
        for (const char* provider :
             {"Microsoft.MachineLearningServices", "Microsoft.ContainerRegistry",
              "Microsoft.ContainerInstance", "Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Insights",
              "Microsoft.Network", "Microsoft.Compute", "Microsoft.PolicyInsights", "Microsoft.Cdn",
              "Microsoft.ManagedIdentity", "Microsoft.ContainerService", "Microsoft.Resources",
              "Microsoft.Authorization"}) {
            if (!absent(provider))
                registered.insert(lower(subscription.id + ' ' + provider));
        }
    }
}

const Subscription& Cloud::subscription(const std::string& id) const
{
    for (const Subscription& subscription : options.subscriptions) {
        if (sameText(subscription.id, id))
            return subscription;
    }
    throw ArmError(404, "SubscriptionNotFound", "The subscription '" + id + "' could not be found.");
}

const Tenant* Cloud::tenant(const std::string& idOrDomain) const
{
    if (options.tenants.empty())
        return nullptr;
    // Words for "the account's own tenant".
    for (const char* any : {"common", "organizations", "consumers"}) {
        if (sameText(idOrDomain, any))
            return &options.tenants.front();
    }
    for (const Tenant& tenant : options.tenants) {
        if (sameText(tenant.id, idOrDomain) || sameText(tenant.defaultDomain, idOrDomain))
            return &tenant;
    }
    return nullptr;
}

std::string Cloud::registryAddress() const
{
    const std::lock_guard lock(mutex);
    return options.registry;
}

std::string Cloud::homeAuthority() const
{
    const std::lock_guard lock(mutex);
    return authority(options.tenants.front().id);
}

Json& Cloud::existing(const std::string& id, const std::string& type, const std::string& name)
{
    if (Json* found = resources.find(id))
        return *found;
    const std::vector<std::string> parts = segmentsOf(id);
    throw ArmError(
        404, "ResourceNotFound",
        "The Resource '" + type + '/' + name + "' under resource group '" +
            (parts.size() > 3 ? parts[3] : std::string()) +
            "' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");
}

Json& Cloud::workspace(const Call& call)
{
    const std::string group = "/subscriptions/" + call.name("sub") + "/resourceGroups/" + call.name("rg");
    if (!resources.find(group))
        throw ArmError(404, "ResourceGroupNotFound",
                       "Resource group '" + call.name("rg") + "' could not be found.");
    const std::string type = "Microsoft.MachineLearningServices/workspaces";
    return existing(group + "/providers/" + type + '/' + call.name("ws"), type, call.name("ws"));
}

std::vector<std::string> Cloud::armAudiences() const
{
    return {"https://management.azure.com", "https://management.core.windows.net", url};
}

bool Cloud::isRegistered(const std::string& subscriptionId, const std::string& provider)
{
    const std::string key = lower(subscriptionId + ' ' + provider);
    const auto pending = registering.find(key);
    if (pending != registering.end() && pending->second <= now()) {
        registering.erase(pending);
        registered.insert(key);
    }
    return registered.count(key) != 0;
}

Reply page(const Cloud& cloud, const Call& call, const std::vector<Json>& items, int count)
{
    size_t start = 0;
    const std::string skip = call.parameter("$skip");
    if (!skip.empty()) {
        // An opaque token: clients that count for themselves go wrong here, as they would there.
        const std::string decoded = fromBase64(skip);
        if (decoded.compare(0, 5, "skip:") != 0)
            throw ArmError(400, "BadArgument", "The continuation token is invalid.", "$skip");
        start = std::stoul(decoded.substr(5));
    }
    const size_t limit =
        static_cast<size_t>(count > 0 ? std::min(count, cloud.options.pageSize) : cloud.options.pageSize);
    Json body{{"value", Json::array()}};
    const size_t end = std::min(items.size(), start + limit);
    for (size_t i = start; i < end; ++i)
        body["value"].push_back(items[i]);
    if (end < items.size()) {
        std::string link = cloud.url + call.path + '?';
        for (const auto& [name, value] : call.query) {
            if (name != "$skip")
                link += toForm(name) + '=' + toForm(value) + '&';
        }
        body["nextLink"] = link + "%24skip=" + toForm(base64Url("skip:" + std::to_string(end)));
    }
    return reply(200, body);
}

namespace {

std::string operationUrl(const Cloud& cloud, const Operation& operation, const char* kind)
{
    const bool machineLearning = sameText(operation.plan.provider, "Microsoft.MachineLearningServices");
    const std::vector<std::string> parts = segmentsOf(operation.plan.resourceId);
    return cloud.url + "/subscriptions/" + (parts.size() > 1 ? parts[1] : std::string()) + "/providers/" +
           operation.plan.provider + "/locations/" + operation.plan.location + '/' +
           (machineLearning ? "mfeOperations" : "operation") + kind + '/' + operation.id +
           "?api-version=" + operation.version;
}

} // namespace

std::string monitorUrl(const Cloud& cloud, const Operation& operation)
{
    return operationUrl(cloud, operation,
                        sameText(operation.plan.provider, "Microsoft.MachineLearningServices") ? "Status"
                                                                                               : "Statuses");
}

std::string resultUrl(const Cloud& cloud, const Operation& operation)
{
    return operationUrl(cloud, operation, "Results");
}

void addRetryAfter(const Cloud& cloud, Reply& answer)
{
    answer.set("Retry-After", std::to_string(cloud.options.retryAfterSeconds));
    if (cloud.options.retryAfterSeconds == 0)
        answer.set("retry-after-ms", std::to_string(std::max(cloud.options.operationMs / 4, 5)));
}

void addMonitor(const Cloud& cloud, Reply& answer, const Operation& operation)
{
    answer.set("Azure-AsyncOperation", monitorUrl(cloud, operation));
    answer.set("x-ms-async-operation-timeout", "PT1H");
    addRetryAfter(cloud, answer);
}

void addLocation(const Cloud& cloud, Reply& answer, const Operation& operation)
{
    answer.set("Location", resultUrl(cloud, operation));
    answer.set("x-ms-async-operation-timeout", "PT1H");
    addRetryAfter(cloud, answer);
}

Reply accepted(const Cloud& cloud, const Operation& operation)
{
    Reply answer = emptyReply(202);
    addLocation(cloud, answer, operation);
    return answer;
}

Json systemData(const Call& call, const Json* earlier)
{
    const std::string time = isoTime(now());
    Json data{{"createdAt", time}, {"createdBy", call.principal}, {"createdByType", "User"}};
    if (earlier && earlier->contains("systemData"))
        data = (*earlier)["systemData"];
    data["lastModifiedAt"] = time;
    data["lastModifiedBy"] = call.principal;
    data["lastModifiedByType"] = "User";
    return data;
}

} // namespace fake_azure
