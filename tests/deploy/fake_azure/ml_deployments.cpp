// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments of online endpoints: create, scale, logs, delete.
#include "ml_deployments.h"

#include "areas.h"
#include "containers.h"
#include "crypto.h"
#include "storage.h"

namespace fake_azure {

namespace {

std::string keyOf(const Call& call) { return lower(call.name("endpoint") + '/' + call.name("deployment")); }

std::string idOf(Cloud& cloud, const Call& call)
{
    return endpointId(cloud, call) + "/deployments/" + call.name("deployment");
}

Json& deploymentOf(Cloud& cloud, const Call& call)
{
    endpointOf(cloud, call);
    return cloud.existing(idOf(cloud, call),
                          "Microsoft.MachineLearningServices/workspaces/" + call.name("ws") +
                              "/onlineEndpoints/" + call.name("endpoint") + "/deployments",
                          call.name("deployment"));
}

// A failed build leaves its log in the workspace's storage.
void writeBuildLog(Cloud& cloud, Json& error)
{
    const std::string image = randomHex(16);
    std::string text = error.dump();
    for (size_t at = text.find("{image}"); at != std::string::npos; at = text.find("{image}"))
        text.replace(at, 7, image);
    error = Json::parse(text);
    makeContainer(cloud, "azureml");
    putBlob(cloud, "azureml/ImageLogs/" + image + "/build.log",
            "Step 1/4 : FROM base\nStep 2/4 : RUN pip install -r requirements.txt\n"
            "ERROR: No matching distribution found for onnxruntime==0.0.1\nThe command returned a non-zero "
            "code: 1\n");
}

Reply put(Cloud& cloud, Call& call)
{
    const Json& endpoint = endpointOf(cloud, call);
    const std::string id = idOf(cloud, call);
    Json body = call.json();
    checkDeploymentBody(cloud, call, body, endpoint);
    checkIdle(cloud, endpoint["id"]);
    if (endpoint["properties"]["provisioningState"] != "Succeeded")
        throw ArmError(400, "BadRequest",
                       "The endpoint is not in state Succeeded; deployments cannot be created in it.");
    const Json* earlier = cloud.resources.find(id);
    const bool existed = earlier != nullptr;
    Json resource{{"id", id},
                  {"name", call.name("deployment")},
                  {"type", "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"},
                  {"location", endpoint["location"]},
                  {"kind", body["properties"]["endpointComputeType"]},
                  {"tags", body.value("tags", Json::object())},
                  {"sku", body.value("sku", Json{{"name", "Default"}, {"capacity", 1}})},
                  {"systemData", systemData(call, earlier)},
                  {"properties", body["properties"]}};
    if (!resource["properties"].contains("instanceType") && !endpoint["properties"].contains("compute"))
        resource["properties"]["instanceType"] = "Standard_F4s_v2";
    if (!call.operationFault)
        call.operationFault = deploymentFailure(cloud, resource, earlier);
    if (call.operationFault && call.operationFault->kind == "imageBuildFailure")
        writeBuildLog(cloud, call.operationFault->error);
    const std::string key = keyOf(call);
    const auto operation =
        cloud.operations.start(call, {id, machineLearningProvider, endpoint["location"], "odidp",
                                      cloud.options.deploymentMs, [&cloud, id](const Json& error) {
                                          setState(cloud, id, error.is_null() ? "Succeeded" : "Failed");
                                          if (error.is_null())
                                              startDeploymentContainer(cloud, id);
                                      }});
    cloud.lastOperation[lower(id)] = operation;
    return startedPut(cloud, cloud.resources.put(id, resource), *operation, existed);
}

Reply patch(Cloud& cloud, const Call& call)
{
    Json& resource = deploymentOf(cloud, call);
    const std::string id = resource["id"];
    const Json body = call.json();
    BodyCheck check(body);
    for (const auto& [member, value] : body.items()) {
        if (member != "tags" && member != "sku")
            check.problem(member, "Only tags and sku can be changed by PATCH, not '" + member + "'.");
    }
    check.textMap("tags");
    check.integer("sku.capacity", 1, 20, Need::Optional);
    check.done();
    checkIdle(cloud, endpointId(cloud, call));
    if (body.contains("sku"))
        resource["sku"].update(body["sku"]);
    if (body.contains("tags"))
        resource["tags"] = body["tags"];
    setState(cloud, id, "Updating");
    return accepted(cloud, *cloud.operations.start(
                               call, {id, machineLearningProvider, resource["location"], "odidp",
                                      cloud.options.deploymentMs,
                                      [&cloud, id](const Json& error) {
                                          setState(cloud, id, error.is_null() ? "Succeeded" : "Failed");
                                      },
                                      [&cloud, id] { return reply(200, *cloud.resources.find(id)); }}));
}

Reply erase(Cloud& cloud, const Call& call)
{
    const Json& endpoint = endpointOf(cloud, call);
    const std::string id = idOf(cloud, call);
    if (!cloud.resources.find(id))
        return emptyReply(204);
    checkIdle(cloud, endpoint["id"]);
    if (endpoint["properties"]["traffic"].value(call.name("deployment"), 0) > 0)
        throw ArmError(400, "BadRequest",
                       "The deployment '" + call.name("deployment") +
                           "' receives traffic and cannot be deleted. Set its traffic to 0 first.");
    setState(cloud, id, "Deleting");
    const std::string key = keyOf(call);
    const std::string endpointPath = endpoint["id"], name = call.name("deployment");
    return accepted(
        cloud, *cloud.operations.start(call, {id, machineLearningProvider, endpoint["location"], "odidp",
                                              cloud.options.operationMs,
                                              [&cloud, id, key, endpointPath, name](const Json& error) {
                                                  if (!error.is_null())
                                                      return setState(cloud, id, "Failed");
                                                  cloud.backends.stop(key);
                                                  cloud.resources.erase(id);
                                                  if (Json* parent = cloud.resources.find(endpointPath)) {
                                                      (*parent)["properties"]["traffic"].erase(name);
                                                      (*parent)["properties"]["mirrorTraffic"].erase(name);
                                                  }
                                              }}));
}

Reply getLogs(Cloud& cloud, const Call& call)
{
    const Json& deployment = deploymentOf(cloud, call);
    const Json body = call.json();
    BodyCheck check(body);
    const Json& container = check.word(
        "containerType", {"InferenceServer", "StorageInitializer", "ModelDataCollector"}, Need::Optional);
    const Json& tail = check.integer("tail", 1, 10'000, Need::Optional);
    check.done();
    const auto operation = cloud.lastOperation.find(lower(deployment["id"]));
    std::string log =
        deploymentLog(cloud, keyOf(call), deployment,
                      operation == cloud.lastOperation.end() ? nullptr : operation->second.get(),
                      container == "StorageInitializer");
    if (tail.is_number()) {
        size_t start = log.size();
        for (int lines = tail.get<int>() + 1; lines > 0 && start > 0; --lines) {
            const size_t end = log.rfind('\n', start - 1);
            if (end == std::string::npos) {
                start = 0;
                break;
            }
            start = end;
        }
        if (start > 0)
            log.erase(0, start + 1);
    }
    return reply(200, {{"content", log}});
}

} // namespace

void addDeployments(Router& router, Cloud& cloud)
{
    const std::string collection = workspacePath + "/onlineEndpoints/{endpoint}/deployments";
    const std::string one = collection + "/{deployment}";
    const Area area = Area::MachineLearning;
    router.add("GET", collection, area, [&](Call& call) {
        std::vector<Json> list;
        for (const Json* deployment :
             cloud.resources.children(endpointOf(cloud, call)["id"].get<std::string>() + "/deployments"))
            list.push_back(*deployment);
        return page(cloud, call, list);
    });
    router.add("GET", one, area, [&](Call& call) { return reply(200, deploymentOf(cloud, call)); });
    router.add("PUT", one, area, [&](Call& call) { return put(cloud, call); });
    router.add("PATCH", one, area, [&](Call& call) { return patch(cloud, call); });
    router.add("DELETE", one, area, [&](Call& call) { return erase(cloud, call); });
    router.add("POST", one + "/getLogs", area, [&](Call& call) { return getLogs(cloud, call); });
    router.add("GET", one + "/skus", area, [&](Call& call) {
        deploymentOf(cloud, call);
        return reply(200,
                     {{"value",
                       {{{"resourceType", "Microsoft.MachineLearning.Services/endpoints/deployments"},
                         {"sku", {{"name", "Default"}, {"tier", "Standard"}}},
                         {"capacity",
                          {{"minimum", 1}, {"maximum", 20}, {"default", 1}, {"scaleType", "Automatic"}}}}}}});
    });
}

} // namespace fake_azure
