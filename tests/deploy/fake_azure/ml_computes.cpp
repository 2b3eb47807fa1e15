// SPDX-License-Identifier: GPL-3.0-or-later
// Kubernetes clusters attached to a workspace.
#include "areas.h"
#include "body_check.h"
#include "ml_online.h"

namespace fake_azure {

namespace {

const char type[] = "Microsoft.MachineLearningServices/workspaces/computes";

std::string idOf(Cloud& cloud, const Call& call)
{
    return cloud.workspace(call)["id"].get<std::string>() + "/computes/" + call.name("compute");
}

Reply put(Cloud& cloud, const Call& call)
{
    const std::string id = idOf(cloud, call);
    const Json& workspace = cloud.workspace(call);
    const Json body = call.json();
    BodyCheck check(body);
    if (!isEndpointName(call.name("compute")) || call.name("compute").size() > 24)
        check.problem("name",
                      "The compute name must be 3 to 24 letters, digits and single dashes, a letter first.");
    checkTrackedResource(check, workspace);
    if (!check.object("properties").is_null()) {
        check.word("properties.computeType", {"Kubernetes"});
        const Json& cluster = check.text("properties.resourceId");
        if (cluster.is_string()) {
            const std::string text = lower(cluster.get<std::string>());
            if (text.find("/managedclusters/") == std::string::npos &&
                text.find("/connectedclusters/") == std::string::npos)
                check.problem("properties.resourceId", "The resource is neither an AKS nor an Arc cluster.");
        }
        check.text("properties.properties.namespace", Need::Optional);
        check.object("properties.properties.instanceTypes", Need::Optional);
    }
    check.done();
    const bool existed = cloud.resources.find(id) != nullptr;
    Json resource{{"id", id},
                  {"name", call.name("compute")},
                  {"type", type},
                  {"location", workspace["location"]},
                  {"tags", body.value("tags", Json::object())},
                  {"properties", body["properties"]}};
    resource["properties"]["isAttachedCompute"] = true;
    if (!resource["properties"].contains("properties"))
        resource["properties"]["properties"] = Json::object();
    Json& inner = resource["properties"]["properties"];
    if (!inner.contains("namespace"))
        inner["namespace"] = "default";
    if (!inner.contains("instanceTypes"))
        inner["instanceTypes"]["defaultinstancetype"] = {{"resources",
                                                          {{"requests", {{"cpu", "100m"}, {"memory", "2Gi"}}},
                                                           {"limits", {{"cpu", "2"}, {"memory", "8Gi"}}}}}};
    const auto operation = cloud.operations.start(
        call,
        {id, machineLearningProvider, workspace["location"], "compute", cloud.options.operationMs,
         [&cloud, id](const Json& error) { setState(cloud, id, error.is_null() ? "Succeeded" : "Failed"); }});
    resource["properties"]["provisioningState"] = "Creating";
    Reply answer = reply(existed ? 200 : 201, cloud.resources.put(id, resource));
    addMonitor(cloud, answer, *operation);
    return answer;
}

Reply detach(Cloud& cloud, const Call& call)
{
    const std::string id = idOf(cloud, call);
    const std::string action = call.parameter("underlyingResourceAction");
    if (!sameText(action, "Detach") && !sameText(action, "Delete"))
        throw ArmError(400, "BadArgument", "underlyingResourceAction must be Detach or Delete.",
                       "underlyingResourceAction");
    if (!cloud.resources.find(id))
        return emptyReply(204);
    setState(cloud, id, "Deleting");
    return accepted(
        cloud, *cloud.operations.start(call, {id, machineLearningProvider, cloud.workspace(call)["location"],
                                              "compute", cloud.options.operationMs,
                                              [&cloud, id](const Json&) { cloud.resources.erase(id); }}));
}

} // namespace

void addComputes(Router& router, Cloud& cloud)
{
    const std::string collection = workspacePath + "/computes";
    const Area area = Area::MachineLearning;
    router.add("GET", collection, area, [&](Call& call) {
        std::vector<Json> list;
        for (const Json* compute :
             cloud.resources.children(cloud.workspace(call)["id"].get<std::string>() + "/computes"))
            list.push_back(*compute);
        return page(cloud, call, list);
    });
    router.add("GET", collection + "/{compute}", area, [&](Call& call) {
        return reply(200, cloud.existing(idOf(cloud, call), type, call.name("compute")));
    });
    router.add("PUT", collection + "/{compute}", area, [&](Call& call) { return put(cloud, call); });
    router.add("DELETE", collection + "/{compute}", area, [&](Call& call) { return detach(cloud, call); });
}

} // namespace fake_azure
