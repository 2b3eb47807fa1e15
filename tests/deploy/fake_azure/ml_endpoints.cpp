// SPDX-License-Identifier: GPL-3.0-or-later
// Online endpoints: create, update with traffic, keys and tokens, delete.
#include "areas.h"
#include "clock.h"
#include "crypto.h"
#include "ml_online.h"

#include <algorithm>

namespace fake_azure {

std::string endpointId(Cloud& cloud, const Call& call)
{
    return cloud.workspace(call)["id"].get<std::string>() + "/onlineEndpoints/" + call.name("endpoint");
}

Json& endpointOf(Cloud& cloud, const Call& call)
{
    return cloud.existing(endpointId(cloud, call),
                          "Microsoft.MachineLearningServices/workspaces/" + call.name("ws") +
                              "/onlineEndpoints",
                          call.name("endpoint"));
}

void checkIdle(const Cloud& cloud, const std::string& endpoint)
{
    if (const auto operation = cloud.operations.running(endpoint))
        throw ArmError(409, "Conflict",
                       "Already running method " + operation->plan.prefix + " on '" +
                           operation->plan.resourceId +
                           "'. Wait for it to end: only one operation at a time on an endpoint.");
}

void checkTrackedResource(BodyCheck& check, const Json& workspace)
{
    const Json& location = check.text("location");
    std::string plain;
    if (location.is_string()) {
        for (const char c : location.get<std::string>()) {
            if (c != ' ')
                plain += c;
        }
        if (!sameText(plain, workspace["location"].get<std::string>()))
            check.problem("location",
                          "The location must be the workspace's, " + workspace["location"].dump() + ".");
    }
    check.textMap("tags");
    if (!check.object("identity", Need::Optional).is_null())
        check.word("identity.type",
                   {"None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"});
}

Reply startedPut(Cloud& cloud, Json& resource, const Operation& operation, bool existed)
{
    resource["properties"]["provisioningState"] = existed ? "Updating" : "Creating";
    if (!resource["properties"].contains("properties") || !resource["properties"]["properties"].is_object())
        resource["properties"]["properties"] = Json::object();
    resource["properties"]["properties"]["AzureAsyncOperationUri"] = monitorUrl(cloud, operation);
    Reply answer = reply(existed ? 200 : 201, resource);
    addMonitor(cloud, answer, operation);
    return answer;
}

void setState(Cloud& cloud, const std::string& id, const char* state)
{
    if (Json* resource = cloud.resources.find(id))
        (*resource)["properties"]["provisioningState"] = state;
}

namespace {

// Percentages of existing deployments. A sum of 0 means no traffic.
void checkTraffic(Cloud& cloud, BodyCheck& check, const std::string& endpoint, const char* member,
                  bool mirror)
{
    const std::string path = std::string("properties.") + member;
    const Json& traffic = check.object(path, Need::Optional);
    if (traffic.is_null())
        return;
    int64_t sum = 0;
    for (const auto& [name, percent] : traffic.items()) {
        if (!percent.is_number_integer() || percent < 0 || percent > 100) {
            check.problem(path + '.' + name, "Traffic must be an integer from 0 to 100: " + percent.dump());
            continue;
        }
        sum += percent.get<int64_t>();
        const Json* deployment = cloud.resources.find(endpoint + "/deployments/" + name);
        if (!deployment)
            check.problem(path + '.' + name, "The deployment '" + name + "' does not exist in the endpoint.");
        else if (percent > 0 && (*deployment)["properties"]["provisioningState"] != "Succeeded")
            check.problem(path + '.' + name, "The deployment '" + name + "' is not ready for traffic.");
    }
    if (!mirror && sum != 0 && sum != 100)
        check.problem(path,
                      "The percentages of traffic must add up to 100 or 0, not " + std::to_string(sum) + ".");
    if (mirror && sum > 50)
        check.problem(path, "Mirrored traffic must not be more than 50 percent.");
}

void checkEndpointBody(Cloud& cloud, const Call& call, const Json& body, const std::string& id)
{
    BodyCheck check(body);
    checkOnlineName(check, "endpoint", call.name("endpoint"));
    checkTrackedResource(check, cloud.workspace(call));
    check.object("identity");
    if (!check.object("properties").is_null()) {
        check.word("properties.authMode", {"Key", "AMLToken", "AADToken"});
        check.text("properties.description", Need::Optional);
        check.word("properties.publicNetworkAccess", {"Enabled", "Disabled"}, Need::Optional);
        check.textMap("properties.properties");
        checkTraffic(cloud, check, id, "traffic", false);
        checkTraffic(cloud, check, id, "mirrorTraffic", true);
        const Json& compute = check.text("properties.compute", Need::Optional);
        if (compute.is_string() && !cloud.resources.find(compute))
            check.problem("properties.compute", "The compute " + compute.dump() + " does not exist.");
    }
    check.done();
}

Reply put(Cloud& cloud, const Call& call)
{
    const std::string id = endpointId(cloud, call);
    const Json& workspace = cloud.workspace(call);
    const Json* earlier = cloud.resources.find(id);
    const bool existed = earlier != nullptr;
    Json body = call.json();
    checkEndpointBody(cloud, call, body, id);
    checkIdle(cloud, id);
    const auto& taken = cloud.options.takenNames;
    if (!existed && std::any_of(taken.begin(), taken.end(), [&](const std::string& name) {
            return sameText(name, call.name("endpoint"));
        }))
        throw ArmError(409, "EndpointAlreadyExists",
                       "There is already an endpoint with the name '" + call.name("endpoint") +
                           "' in this region.");
    // The service needs these too, but its answer does not say which is missing.
    for (const char* provider : {"Microsoft.PolicyInsights", "Microsoft.Cdn"}) {
        if (!cloud.isRegistered(call.subscription(), provider))
            throw ArmError(
                400, "SubscriptionNotRegistered",
                "Resource provider [N/A] isn't registered with Subscription [N/A]. Please see "
                "troubleshooting guide, available here: https://aka.ms/register-resource-provider");
    }

    const std::string location = workspace["location"];
    Json resource{
        {"id", id},
        {"name", call.name("endpoint")},
        {"type", "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"},
        {"location", location},
        {"kind", body.contains("properties") && body["properties"].contains("compute") ? "K8S" : "Managed"},
        {"tags", body.value("tags", Json::object())},
        {"identity", body["identity"]},
        {"systemData", systemData(call, earlier)},
        {"properties", body["properties"]}};
    if (resource["identity"]["type"].get<std::string>().find("SystemAssigned") != std::string::npos) {
        resource["identity"]["principalId"] = randomGuid();
        resource["identity"]["tenantId"] = call.tokenTenant;
    }
    Json& properties = resource["properties"];
    const std::string base = cloud.url + "/scoring/" + location + '/' + call.name("endpoint");
    properties["scoringUri"] = base + "/score";
    properties["swaggerUri"] = base + "/swagger.json";
    for (const char* map : {"traffic", "mirrorTraffic"}) {
        if (!properties.contains(map) || properties[map].is_null())
            properties[map] = Json::object();
    }
    if (!cloud.secrets.count(lower(id)))
        cloud.secrets[lower(id)] = {{"primaryKey", randomHex(16)}, {"secondaryKey", randomHex(16)}};
    const auto operation = cloud.operations.start(
        call,
        {id, machineLearningProvider, location, "oeidp", cloud.options.operationMs,
         [&cloud, id](const Json& error) { setState(cloud, id, error.is_null() ? "Succeeded" : "Failed"); }});
    return startedPut(cloud, cloud.resources.put(id, resource), *operation, existed);
}

Reply patch(Cloud& cloud, const Call& call)
{
    Json& resource = endpointOf(cloud, call);
    const std::string id = resource["id"];
    const Json body = call.json();
    BodyCheck check(body);
    for (const auto& [member, value] : body.items()) {
        if (member != "tags" && member != "identity")
            check.problem(member, "Only tags and identity can be changed by PATCH, not '" + member + "'.");
    }
    check.textMap("tags");
    check.done();
    checkIdle(cloud, id);
    for (const auto& [member, value] : body.items())
        resource[member] = value;
    setState(cloud, id, "Updating");
    return accepted(cloud, *cloud.operations.start(
                               call, {id, machineLearningProvider, resource["location"], "oeidp",
                                      cloud.options.operationMs,
                                      [&cloud, id](const Json& error) {
                                          setState(cloud, id, error.is_null() ? "Succeeded" : "Failed");
                                      },
                                      [&cloud, id] { return reply(200, *cloud.resources.find(id)); }}));
}

Reply erase(Cloud& cloud, const Call& call)
{
    const std::string id = endpointId(cloud, call);
    const Json* resource = cloud.resources.find(id);
    if (!resource)
        return emptyReply(204);
    checkIdle(cloud, id);
    setState(cloud, id, "Deleting");
    const std::string name = lower(call.name("endpoint"));
    return accepted(cloud, *cloud.operations.start(
                               call, {id, machineLearningProvider, (*resource)["location"], "oeidp",
                                      cloud.options.operationMs, [&cloud, id, name](const Json& error) {
                                          if (!error.is_null())
                                              return setState(cloud, id, "Failed");
                                          for (const Json* deployment :
                                               cloud.resources.children(id + "/deployments"))
                                              cloud.backends.stop(name + '/' + lower((*deployment)["name"]));
                                          cloud.resources.erase(id);
                                          cloud.secrets.erase(lower(id));
                                      }}));
}

Reply listKeys(Cloud& cloud, const Call& call)
{
    const Json& endpoint = endpointOf(cloud, call);
    if (!sameText(endpoint["properties"]["authMode"].get<std::string>(), "Key"))
        throw ArmError(400, "BadArgument", "Keys can be listed only for endpoints with authMode Key.");
    const Json& keys = cloud.secrets[lower(endpoint["id"])];
    return reply(200, {{"primaryKey", keys["primaryKey"]}, {"secondaryKey", keys["secondaryKey"]}});
}

Reply regenerateKeys(Cloud& cloud, const Call& call)
{
    const Json& endpoint = endpointOf(cloud, call);
    const std::string id = endpoint["id"];
    const Json body = call.json();
    BodyCheck check(body);
    check.word("keyType", {"Primary", "Secondary"});
    check.text("keyValue", Need::Optional);
    check.done();
    checkIdle(cloud, id);
    const std::string member =
        sameText(body["keyType"].get<std::string>(), "Primary") ? "primaryKey" : "secondaryKey";
    const std::string value = body.contains("keyValue") && body["keyValue"].is_string()
                                  ? body["keyValue"].get<std::string>()
                                  : randomHex(16);
    return accepted(cloud, *cloud.operations.start(call, {id, machineLearningProvider, endpoint["location"],
                                                          "rkidp", cloud.options.operationMs,
                                                          [&cloud, id, member, value](const Json& error) {
                                                              if (error.is_null())
                                                                  cloud.secrets[lower(id)][member] = value;
                                                          },
                                                          [] { return emptyReply(200); }}));
}

Reply token(Cloud& cloud, const Call& call)
{
    const Json& endpoint = endpointOf(cloud, call);
    if (!sameText(endpoint["properties"]["authMode"].get<std::string>(), "AMLToken"))
        throw ArmError(400, "BadArgument", "Tokens are given only for endpoints with authMode AMLToken.");
    const std::string text = "aml." + randomHex(32);
    cloud.secrets[lower(endpoint["id"])]["tokens"][text] = now() + 3'600'000;
    return reply(200, {{"accessToken", text},
                       {"tokenType", "Bearer"},
                       {"expiryTimeUtc", now() / 1000 + 3600},
                       {"refreshAfterTimeUtc", now() / 1000 + 2700}});
}

} // namespace

void addEndpoints(Router& router, Cloud& cloud)
{
    const std::string collection = workspacePath + "/onlineEndpoints";
    const std::string one = collection + "/{endpoint}";
    const Area area = Area::MachineLearning;
    router.add("GET", collection, area, [&](Call& call) {
        std::vector<Json> list;
        for (const Json* endpoint :
             cloud.resources.children(cloud.workspace(call)["id"].get<std::string>() + "/onlineEndpoints"))
            list.push_back(*endpoint);
        return page(cloud, call, list);
    });
    router.add("GET", one, area, [&](Call& call) { return reply(200, endpointOf(cloud, call)); });
    router.add("PUT", one, area, [&](Call& call) { return put(cloud, call); });
    router.add("PATCH", one, area, [&](Call& call) { return patch(cloud, call); });
    router.add("DELETE", one, area, [&](Call& call) { return erase(cloud, call); });
    router.add("POST", one + "/listKeys", area, [&](Call& call) { return listKeys(cloud, call); });
    router.add("POST", one + "/regenerateKeys", area,
               [&](Call& call) { return regenerateKeys(cloud, call); });
    router.add("POST", one + "/token", area, [&](Call& call) { return token(cloud, call); });
}

} // namespace fake_azure
