// SPDX-License-Identifier: GPL-3.0-or-later
// Container Instances: groups with their states, events and logs.
#include "container_groups.h"

#include "areas.h"
#include "clock.h"
#include "containers.h"
#include "crypto.h"

namespace fake_azure {

namespace {

const char type[] = "Microsoft.ContainerInstance/containerGroups";
const std::string groupsPath = groupPath + "/providers/" + type;

std::string collectionOf(const Call& call)
{
    return "/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg") + "/providers/" +
           type;
}

Json& groupOf(Cloud& cloud, const Call& call)
{
    return cloud.existing(collectionOf(call) + '/' + call.name("group"), type, call.name("group"));
}

Json event(const char* name, const std::string& message, int64_t time, const char* kind = "Normal")
{
    return {{"name", name},
            {"type", kind},
            {"count", 1},
            {"message", message},
            {"firstTimestamp", isoSeconds(time)},
            {"lastTimestamp", isoSeconds(time)}};
}

// What the group's containers are doing now. "Succeeded" of the group only says that it is scheduled.
void addInstanceViews(Json& group, const ContainerGroupState& state)
{
    const int64_t age = now() - state.start;
    const double fraction = state.milliseconds > 0 ? static_cast<double>(age) / state.milliseconds : 1;
    const bool crashes = state.fault == "containerCrash", unpullable = state.fault == "imageNotPulled";
    const bool running = fraction >= 1 && !unpullable && !crashes && !state.stopped;
    group["properties"]["instanceView"] = {{"state", state.stopped  ? "Stopped"
                                                     : running      ? "Running"
                                                     : fraction < 1 ? "Pending"
                                                                    : "Failed"},
                                           {"events", Json::array()}};
    for (Json& container : group["properties"]["containers"]) {
        const std::string image = container["properties"]["image"];
        Json events = Json::array();
        if (fraction > 0.2)
            events.push_back(event("Pulling", "pulling image \"" + image + '"', state.start));
        if (unpullable && fraction > 0.4)
            events.push_back(event("Failed", "Failed to pull image \"" + image + "\": unauthorized",
                                   state.start, "Warning"));
        if (!unpullable && fraction > 0.6)
            events.push_back(event("Pulled", "Successfully pulled image \"" + image + '"', state.start));
        if (running || (crashes && fraction >= 1)) {
            events.push_back(event("Created", "Created container", state.start));
            events.push_back(event("Started", "Started container", state.start));
        }
        if (crashes && fraction >= 1)
            events.push_back(event("BackOff", "Back-off restarting failed container", now(), "Warning"));
        Json current{{"state", running ? "Running" : "Waiting"}, {"detailStatus", ""}};
        if (running)
            current["startTime"] = isoSeconds(state.start + state.milliseconds);
        else if (crashes && fraction >= 1)
            current["detailStatus"] = "CrashLoopBackOff: Back-off restarting failed";
        Json view{{"restartCount", crashes && fraction >= 1 ? 3 : 0},
                  {"currentState", current},
                  {"events", events}};
        if (crashes && fraction >= 1)
            view["previousState"] = {{"state", "Terminated"},
                                     {"exitCode", 1},
                                     {"detailStatus", "Error"},
                                     {"startTime", isoSeconds(state.start)},
                                     {"finishTime", isoSeconds(now())}};
        container["properties"]["instanceView"] = view;
    }
}

// Nothing secret comes back.
Json shown(const Cloud& cloud, const Json& group)
{
    Json copy = group;
    for (Json& container : copy["properties"]["containers"]) {
        for (Json& variable : container["properties"].value("environmentVariables", Json::array()))
            variable.erase("secureValue");
        Json& variables = container["properties"]["environmentVariables"];
        for (Json& variable : variables)
            variable.erase("secureValue");
    }
    if (copy["properties"].contains("imageRegistryCredentials")) {
        for (Json& credential : copy["properties"]["imageRegistryCredentials"])
            credential.erase("password");
    }
    const auto state = cloud.containerGroups.find(lower(group["id"]));
    if (state != cloud.containerGroups.end())
        addInstanceViews(copy, state->second);
    return copy;
}

Reply put(Cloud& cloud, const Call& call)
{
    const std::string id = collectionOf(call) + '/' + call.name("group");
    const Json body = call.json();
    checkContainerGroup(cloud, call, body);
    const Json* earlier = cloud.resources.find(id);
    const bool existed = earlier != nullptr;
    Json group{{"id", id},
               {"name", call.name("group")},
               {"type", type},
               {"location", body["location"]},
               {"tags", body.value("tags", Json::object())},
               {"properties", body["properties"]}};
    if (body.contains("identity"))
        group["identity"] = body["identity"];
    Json& properties = group["properties"];
    if (properties.contains("ipAddress")) {
        // The real name, {label}.{region}.azurecontainer.io, means nothing on this machine.
        properties["ipAddress"]["ip"] = "127.0.0.1";
        if (properties["ipAddress"].contains("dnsNameLabel"))
            properties["ipAddress"]["fqdn"] = "localhost";
    }
    properties["provisioningState"] = "Pending";
    ContainerGroupState state{now(), cloud.options.deploymentMs, {}, false};
    if (call.operationFault)
        state.fault = call.operationFault->kind;
    for (const Json& container : properties["containers"]) {
        if (!pullProblem(cloud, container["properties"]["image"]).empty())
            state.fault = "imageNotPulled";
    }
    cloud.containerGroups[lower(id)] = state;
    // A container that fails does not let the group fail: it was scheduled.
    Call plain = call;
    if (state.fault == "containerCrash" || state.fault == "imageNotPulled" ||
        state.fault == "probeNeverReady")
        plain.operationFault.reset();
    const std::string name = call.name("group");
    const auto operation = cloud.operations.start(
        plain, {id, "Microsoft.ContainerInstance", body["location"], "aci", cloud.options.deploymentMs,
                [&cloud, id, name, fault = state.fault](const Json& error) {
                    setGroupState(cloud, id, error.is_null() ? "Succeeded" : "Failed");
                    if (error.is_null() && fault.empty())
                        startContainerGroup(cloud, id, name);
                },
                [&cloud, id] { return reply(200, shown(cloud, *cloud.resources.find(id))); }});
    Reply answer = reply(existed ? 200 : 201, shown(cloud, cloud.resources.put(id, group)));
    addLocation(cloud, answer, *operation);
    return answer;
}

Reply erase(Cloud& cloud, const Call& call)
{
    const std::string id = collectionOf(call) + '/' + call.name("group");
    const Json* group = cloud.resources.find(id);
    if (!group)
        return emptyReply(204);
    const Json last = shown(cloud, *group);
    stopContainerGroup(cloud, call.name("group"));
    cloud.containerGroups.erase(lower(id));
    cloud.resources.erase(id);
    return reply(200, last);
}

Reply logs(Cloud& cloud, const Call& call)
{
    const Json group = shown(cloud, groupOf(cloud, call));
    for (const Json& container : group["properties"]["containers"]) {
        if (container["name"] != call.name("container"))
            continue;
        std::string text = cloud.backends.log("aci/" + lower(call.name("group")));
        if (text.empty() && container["properties"]["instanceView"]["currentState"]["state"] == "Running")
            text = "listening on port 5001\nGET / 200\n";
        if (text.empty() && group["properties"]["instanceView"]["state"] == "Failed")
            text = "cannot load the model\n";
        return reply(200, {{"content", lastLines(text, call.parameter("tail"))}});
    }
    throw ArmError(404, "ContainerNotFound",
                   "The container '" + call.name("container") + "' is not in the group.");
}

Reply act(Cloud& cloud, const Call& call, const std::string& action)
{
    const std::string id = groupOf(cloud, call)["id"];
    ContainerGroupState& state = cloud.containerGroups[lower(id)];
    state.stopped = action == "stop";
    if (!state.stopped)
        state.start = now();
    if (state.stopped)
        return emptyReply(204);
    return accepted(cloud, *cloud.operations.start(call, {id, "Microsoft.ContainerInstance",
                                                          groupOf(cloud, call)["location"], "aci",
                                                          cloud.options.operationMs}));
}

} // namespace

void addContainerGroups(Router& router, Cloud& cloud)
{
    const Area area = Area::ContainerInstance;
    const std::string one = groupsPath + "/{group}";
    router.add("GET", groupsPath, area, [&](Call& call) {
        std::vector<Json> list;
        for (const Json* group : cloud.resources.children(collectionOf(call)))
            list.push_back(shown(cloud, *group));
        return page(cloud, call, list);
    });
    router.add("GET", one, area, [&](Call& call) { return reply(200, shown(cloud, groupOf(cloud, call))); });
    router.add("PUT", one, area, [&](Call& call) { return put(cloud, call); });
    router.add("DELETE", one, area, [&](Call& call) { return erase(cloud, call); });
    router.add("GET", one + "/containers/{container}/logs", area,
               [&](Call& call) { return logs(cloud, call); });
    for (const std::string action : {"start", "stop", "restart"})
        router.add("POST", std::string(one).append("/").append(action), area,
                   [&, action](Call& call) { return act(cloud, call, action); });
    const std::string region =
        subscriptionPath + "/providers/Microsoft.ContainerInstance/locations/{location}";
    router.add("GET", region + "/usages", area, [&](Call&) {
        const auto usage = [](const char* name, int value, int limit) {
            return Json{{"unit", "Count"},
                        {"currentValue", value},
                        {"limit", limit},
                        {"name", {{"value", name}, {"localizedValue", name}}}};
        };
        return reply(200, {{"value",
                            {usage("ContainerGroups", static_cast<int>(cloud.containerGroups.size()), 100),
                             usage("StandardCores", 0, 10)}}});
    });
    router.add("GET", region + "/capabilities", area, [](Call& call) {
        return reply(200,
                     {{"value",
                       {{{"resourceType", "containerGroups"},
                         {"osType", "Linux"},
                         {"location", call.name("location")},
                         {"ipAddressType", "Public"},
                         {"gpu", "None"},
                         {"capabilities", {{"maxMemoryInGB", 16}, {"maxCpu", 4}, {"maxGpuCount", 0}}}}}}});
    });
}

} // namespace fake_azure
