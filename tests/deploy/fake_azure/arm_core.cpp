// SPDX-License-Identifier: GPL-3.0-or-later
// ARM itself: tenants, subscriptions, locations, providers, permissions, resource groups, endpoints of the
// cloud.
#include "areas.h"
#include "clock.h"

namespace fake_azure {

namespace {

struct Location {
    const char* name;
    const char* displayName;
};
const Location locations[]{{"westeurope", "West Europe"},
                           {"northeurope", "North Europe"},
                           {"eastus", "East US"},
                           {"germanywestcentral", "Germany West Central"}};

Json tenantJson(const Tenant& tenant)
{
    return {{"id", "/tenants/" + tenant.id},
            {"tenantId", tenant.id},
            {"displayName", tenant.displayName},
            {"defaultDomain", tenant.defaultDomain},
            {"domains", {tenant.defaultDomain}},
            {"tenantType", "AAD"},
            {"countryCode", "DE"},
            {"tenantCategory", "Home"}};
}

Json subscriptionJson(const Subscription& subscription)
{
    return {{"id", "/subscriptions/" + subscription.id},
            {"subscriptionId", subscription.id},
            {"tenantId", subscription.tenantId},
            {"displayName", subscription.displayName},
            {"state", subscription.state},
            {"authorizationSource", "RoleBased"},
            {"managedByTenants", Json::array()},
            {"subscriptionPolicies",
             {{"locationPlacementId", "Public_2014-09-01"},
              {"quotaId", "PayAsYouGo_2014-09-01"},
              {"spendingLimit", "Off"}}}};
}

Json providerJson(Cloud& cloud, const std::string& subscription, const std::string& name)
{
    const bool pending = cloud.registering.count(lower(subscription + ' ' + name)) != 0;
    const bool registered = cloud.isRegistered(subscription, name);
    return {{"id", "/subscriptions/" + subscription + "/providers/" + name},
            {"namespace", name},
            {"registrationPolicy", "RegistrationRequired"},
            {"registrationState", registered ? "Registered"
                                  : pending  ? "Registering"
                                             : "NotRegistered"},
            {"resourceTypes", Json::array()}};
}

Reply permissions(const Cloud& cloud)
{
    return reply(200, {{"value",
                        {{{"actions", {"*"}},
                          {"notActions", cloud.options.deniedActions},
                          {"dataActions", Json::array()},
                          {"notDataActions", Json::array()}}}}});
}

void addSubscriptions(Router& router, Cloud& cloud)
{
    router.add("GET", "/tenants", Area::Subscriptions, [&](Call& call) {
        std::vector<Json> list;
        for (const Tenant& tenant : cloud.options.tenants)
            list.push_back(tenantJson(tenant));
        return page(cloud, call, list);
    });
    router.add("GET", "/subscriptions", Area::Subscriptions, [&](Call& call) {
        std::vector<Json> list;
        for (const Subscription& subscription : cloud.options.subscriptions) {
            if (subscription.tenantId == call.tokenTenant)
                list.push_back(subscriptionJson(subscription));
        }
        return page(cloud, call, list);
    });
    router.add("GET", subscriptionPath, Area::Subscriptions, [&](Call& call) {
        return reply(200, subscriptionJson(cloud.subscription(call.subscription())));
    });
    router.add("GET", subscriptionPath + "/locations", Area::Subscriptions, [&](Call& call) {
        Json list = Json::array();
        for (const Location& location : locations)
            list.push_back({{"id", "/subscriptions/" + call.subscription() + "/locations/" + location.name},
                            {"subscriptionId", call.subscription()},
                            {"name", location.name},
                            {"displayName", location.displayName},
                            {"regionalDisplayName", location.displayName},
                            {"type", "Region"},
                            {"metadata", {{"regionType", "Physical"}, {"regionCategory", "Recommended"}}}});
        return reply(200, {{"value", list}});
    });
}

void addProviders(Router& router, Cloud& cloud)
{
    router.add("GET", subscriptionPath + "/providers/{namespace}", Area::Resources, [&](Call& call) {
        return reply(200, providerJson(cloud, call.subscription(), call.name("namespace")));
    });
    router.add("POST", subscriptionPath + "/providers/{namespace}/register", Area::Resources,
               [&](Call& call) {
                   const std::string key = lower(call.subscription() + ' ' + call.name("namespace"));
                   if (!cloud.registered.count(key))
                       cloud.registering[key] = now() + cloud.options.operationMs;
                   return reply(200, providerJson(cloud, call.subscription(), call.name("namespace")));
               });
    for (const std::string& scope :
         {subscriptionPath, groupPath, groupPath + "/providers/{ns}/{type}/{name}"})
        router.add("GET", scope + "/providers/Microsoft.Authorization/permissions", Area::Authorization,
                   [&](Call&) { return permissions(cloud); });
}

void addGroups(Router& router, Cloud& cloud)
{
    for (const Workspace& workspace : cloud.options.workspaces) {
        const std::string id =
            "/subscriptions/" + workspace.subscription + "/resourceGroups/" + workspace.resourceGroup;
        cloud.resources.put(id, {{"id", id},
                                 {"name", workspace.resourceGroup},
                                 {"type", "Microsoft.Resources/resourceGroups"},
                                 {"location", workspace.location},
                                 {"properties", {{"provisioningState", "Succeeded"}}}});
    }
    const auto idOf = [](const Call& call) {
        return "/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg");
    };
    router.add("GET", subscriptionPath + "/resourceGroups", Area::Resources, [&](Call& call) {
        std::vector<Json> list;
        for (const Json* group :
             cloud.resources.children("/subscriptions/" + call.subscription() + "/resourceGroups"))
            list.push_back(*group);
        return page(cloud, call, list);
    });
    router.add("GET", groupPath, Area::Resources, [&, idOf](Call& call) {
        if (const Json* group = cloud.resources.find(idOf(call)))
            return reply(200, *group);
        throw ArmError(404, "ResourceGroupNotFound",
                       "Resource group '" + call.name("rg") + "' could not be found.");
    });
    router.add("PUT", groupPath, Area::Resources, [&, idOf](Call& call) {
        Json body = call.json();
        if (!body.contains("location") || !body["location"].is_string())
            throw ArmError(400, "LocationRequired", "The location property is required for this definition.");
        const bool existed = cloud.resources.find(idOf(call)) != nullptr;
        body["id"] = idOf(call);
        body["name"] = call.name("rg");
        body["type"] = "Microsoft.Resources/resourceGroups";
        body["properties"] = {{"provisioningState", "Succeeded"}};
        return reply(existed ? 200 : 201, cloud.resources.put(idOf(call), body));
    });
}

} // namespace

void addArmCore(Router& router, Cloud& cloud)
{
    addSubscriptions(router, cloud);
    addProviders(router, cloud);
    addGroups(router, cloud);
    // Without a token: this is how a client learns where to get one.
    router.add("GET", "/metadata/endpoints", Area::Open, [&](Call& call) {
        if (call.parameter("api-version").empty())
            throw ArmError(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
        const Json cloudJson{
            {"name", "FakeCloud"},
            {"portal", cloud.url},
            {"resourceManager", cloud.url},
            {"authentication",
             {{"loginEndpoint", cloud.url}, {"audiences", cloud.armAudiences()}, {"tenant", "common"}}},
            {"suffixes", {{"storage", cloud.url.substr(8)}, {"acrLoginServer", cloud.url.substr(8)}}}};
        return reply(200, Json::array({cloudJson}));
    });
}

} // namespace fake_azure
