// SPDX-License-Identifier: GPL-3.0-or-later
// Container registries as ARM resources: list, create, names, credentials.
#include "areas.h"
#include "body_check.h"
#include "clock.h"
#include "registry_service.h"

#include <regex>

namespace fake_azure {

namespace {

const char type[] = "Microsoft.ContainerRegistry/registries";

std::string collectionOf(const Call& call)
{
    return "/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg") + "/providers/" +
           type;
}

Json& registryOf(Cloud& cloud, const Call& call)
{
    return cloud.existing(collectionOf(call) + '/' + call.name("registry"), type, call.name("registry"));
}

Json registryJson(const std::string& id, const std::string& name, const std::string& location,
                  const std::string& sku)
{
    return {{"id", id},
            {"name", name},
            {"type", type},
            {"location", location},
            {"tags", Json::object()},
            {"sku", {{"name", sku}, {"tier", sku}}},
            {"properties",
             {{"creationDate", isoTime(now())},
              {"provisioningState", "Succeeded"},
              {"adminUserEnabled", true},
              {"publicNetworkAccess", "Enabled"},
              {"anonymousPullEnabled", false}}}};
}

// All registries of the fake are one: the docker-registry behind it.
Json shown(const Cloud& cloud, Json registry)
{
    registry["properties"]["loginServer"] = registryHost(cloud);
    return registry;
}

bool isRegistryName(const std::string& name)
{
    static const std::regex pattern("[A-Za-z0-9]{5,50}");
    return std::regex_match(name, pattern);
}

// Registry names are one's own in the whole cloud.
bool isTaken(Cloud& cloud, const std::string& name, const std::string& ownId)
{
    for (const std::string& taken : cloud.options.takenNames) {
        if (sameText(taken, name))
            return true;
    }
    for (const Workspace& workspace : cloud.options.workspaces) {
        const std::string id = "/subscriptions/" + workspace.subscription + "/resourceGroups/" +
                               workspace.resourceGroup + "/providers/" + type + '/' + name;
        if (!sameText(id, ownId) && cloud.resources.find(id))
            return true;
    }
    return false;
}

Reply put(Cloud& cloud, const Call& call)
{
    const std::string id = collectionOf(call) + '/' + call.name("registry");
    const Json body = call.json();
    BodyCheck check(body);
    if (!isRegistryName(call.name("registry")))
        check.problem("name", "The registry name must be 5 to 50 letters and digits.");
    check.text("location");
    if (!check.object("sku").is_null())
        check.word("sku.name", {"Basic", "Standard", "Premium"});
    check.boolean("properties.adminUserEnabled");
    check.textMap("tags");
    check.done("InvalidRequest");
    if (!cloud.resources.find("/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg")))
        throw ArmError(404, "ResourceGroupNotFound",
                       "Resource group '" + call.name("rg") + "' could not be found.");
    if (isTaken(cloud, call.name("registry"), id))
        throw ArmError(409, "AlreadyInUse",
                       "The registry DNS name " + call.name("registry") + ".azurecr.io is already in use.");
    const bool existed = cloud.resources.find(id) != nullptr;
    Json registry = registryJson(id, call.name("registry"), body["location"], body["sku"]["name"]);
    registry["tags"] = body.value("tags", Json::object());
    const Json properties = body.value("properties", Json::object());
    registry["properties"]["adminUserEnabled"] = properties.value("adminUserEnabled", false);
    registry["properties"]["provisioningState"] = existed ? "Updating" : "Creating";
    const auto operation =
        cloud.operations.start(call, {id, "Microsoft.ContainerRegistry", body["location"], "registries",
                                      cloud.options.operationMs, [&cloud, id](const Json& error) {
                                          if (Json* made = cloud.resources.find(id))
                                              (*made)["properties"]["provisioningState"] =
                                                  error.is_null() ? "Succeeded" : "Failed";
                                      }});
    Reply answer = reply(existed ? 200 : 201, shown(cloud, cloud.resources.put(id, registry)));
    addMonitor(cloud, answer, *operation);
    return answer;
}

Reply checkName(Cloud& cloud, const Call& call)
{
    const Json body = call.json();
    BodyCheck check(body);
    check.text("name");
    check.word("type", {type});
    check.done("InvalidRequest");
    const std::string name = body["name"];
    if (!isRegistryName(name))
        return reply(200,
                     {{"nameAvailable", false},
                      {"reason", "Invalid"},
                      {"message", "The specified registry name is not valid: 5 to 50 letters and digits."}});
    if (isTaken(cloud, name, {}))
        return reply(200, {{"nameAvailable", false},
                           {"reason", "AlreadyExists"},
                           {"message", "The registry " + name + " is already in use."}});
    return reply(200, {{"nameAvailable", true}});
}

Reply credentials(Cloud& cloud, const Call& call)
{
    if (!registryOf(cloud, call)["properties"].value("adminUserEnabled", false))
        throw ArmError(400, "UnAuthorizedForCredentialOperations",
                       "Cannot perform credential operations for " + call.path +
                           " as admin user is disabled.");
    return reply(200, {{"username", "fakeregistry"},
                       {"passwords",
                        {{{"name", "password"}, {"value", "admin-one"}},
                         {{"name", "password2"}, {"value", "admin-two"}}}}});
}

} // namespace

void addRegistries(Router& router, Cloud& cloud)
{
    for (const Workspace& workspace : cloud.options.workspaces) {
        if (workspace.registry.empty())
            continue;
        const std::string id = "/subscriptions/" + workspace.subscription + "/resourceGroups/" +
                               workspace.resourceGroup + "/providers/" + type + '/' + workspace.registry;
        cloud.resources.put(id, registryJson(id, workspace.registry, workspace.location, "Basic"));
    }
    const auto list = [&](const Call& call, const std::string& collection) {
        std::vector<Json> items;
        for (const Json* registry : cloud.resources.children(collection))
            items.push_back(shown(cloud, *registry));
        return page(cloud, call, items);
    };
    router.add("GET", groupPath + "/providers/" + type, Area::Registry,
               [list](Call& call) { return list(call, collectionOf(call)); });
    router.add("GET", registryPath, Area::Registry,
               [&](Call& call) { return reply(200, shown(cloud, registryOf(cloud, call))); });
    router.add("PUT", registryPath, Area::Registry, [&](Call& call) { return put(cloud, call); });
    router.add("DELETE", registryPath, Area::Registry, [&](Call& call) {
        return emptyReply(cloud.resources.erase(collectionOf(call) + '/' + call.name("registry")) ? 200
                                                                                                  : 204);
    });
    router.add("POST", registryPath + "/listCredentials", Area::Registry,
               [&](Call& call) { return credentials(cloud, call); });
    router.add("POST", subscriptionPath + "/providers/Microsoft.ContainerRegistry/checkNameAvailability",
               Area::Registry, [&](Call& call) { return checkName(cloud, call); });
}

} // namespace fake_azure
