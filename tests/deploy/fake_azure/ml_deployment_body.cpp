// SPDX-License-Identifier: GPL-3.0-or-later
#include "clock.h"
#include "containers.h"
#include "machine_sizes.h"
#include "ml_deployments.h"

#include <cmath>

namespace fake_azure {

namespace {

// Model, environment and code: ARM ids of versions that exist.
void checkReference(Cloud& cloud, BodyCheck& check, const std::string& path, const char* collection)
{
    const Json& id = check.text(path, Need::Optional);
    if (id.is_null())
        return;
    const std::string text = id;
    if (text.find(std::string("/") + collection + '/') == std::string::npos ||
        text.find("/versions/") == std::string::npos)
        check.problem(path, "Not the ARM id of a version in " + std::string(collection) + ": " + text);
    else if (!cloud.resources.find(text))
        check.problem(path, "The resource does not exist: " + text);
}

void checkProbe(BodyCheck& check, const std::string& path)
{
    if (check.object(path, Need::Optional).is_null())
        return;
    check.duration(path + ".initialDelay");
    check.duration(path + ".period");
    check.duration(path + ".timeout");
    check.integer(path + ".successThreshold", 1, 100, Need::Optional);
    check.integer(path + ".failureThreshold", 1, 10'000, Need::Optional);
}

void checkCompute(BodyCheck& check, const Json& endpoint)
{
    const bool kubernetes = endpoint["properties"].contains("compute");
    const Json& type = check.word("properties.endpointComputeType", {"Managed", "Kubernetes"});
    if (type.is_string() && sameText(type.get<std::string>(), "Kubernetes") != kubernetes)
        check.problem("properties.endpointComputeType", "The endpoint's compute is of the other kind.");
    const Json& size = check.text("properties.instanceType", Need::Optional);
    if (!kubernetes && size.is_string() && !machineSize(size))
        check.problem("properties.instanceType", "The instance type " + size.dump() + " is not supported.");
    if (kubernetes) {
        check.object("properties.containerResourceRequirements", Need::Optional);
        for (const char* part : {"containerResourceRequests", "containerResourceLimits"})
            check.textMap(std::string("properties.containerResourceRequirements.") + part);
    }
}

} // namespace

void checkDeploymentBody(Cloud& cloud, const Call& call, const Json& body, const Json& endpoint)
{
    BodyCheck check(body);
    checkOnlineName(check, "deployment", call.name("deployment"));
    checkTrackedResource(check, cloud.workspace(call));
    if (!check.object("sku", Need::Optional).is_null()) {
        check.text("sku.name");
        check.integer("sku.capacity", 1, 20, Need::Optional);
    }
    if (check.object("properties").is_null())
        return check.done();
    checkCompute(check, endpoint);
    checkReference(cloud, check, "properties.model", "models");
    checkReference(cloud, check, "properties.environmentId", "environments");
    if (!check.object("properties.codeConfiguration", Need::Optional).is_null()) {
        checkReference(cloud, check, "properties.codeConfiguration.codeId", "codes");
        check.text("properties.codeConfiguration.scoringScript");
    }
    const Json* model =
        check.has("properties.model") ? cloud.resources.find(check.at("properties.model")) : nullptr;
    const std::string type =
        model ? (*model)["properties"].value("modelType", "custom_model") : "custom_model";
    if (!check.has("properties.environmentId") && type != "mlflow_model" && type != "triton_model")
        check.problem("properties.environmentId", "A model of type " + type + " needs an environment.");
    check.textMap("properties.environmentVariables");
    check.textMap("properties.properties");
    check.text("properties.modelMountPath", Need::Optional);
    check.boolean("properties.appInsightsEnabled");
    check.word("properties.egressPublicNetworkAccess", {"Enabled", "Disabled"}, Need::Optional);
    if (!check.object("properties.requestSettings", Need::Optional).is_null()) {
        const Json& timeout = check.duration("properties.requestSettings.requestTimeout");
        const double most = endpoint["properties"].contains("compute") ? 300 : 180;
        if (timeout.is_string() && durationSeconds(timeout) > most)
            check.problem("properties.requestSettings.requestTimeout",
                          "The request timeout is longer than allowed.");
        check.integer("properties.requestSettings.maxConcurrentRequestsPerInstance", 1, 10'000,
                      Need::Optional);
    }
    for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"})
        checkProbe(check, std::string("properties.") + probe);
    if (!check.object("properties.scaleSettings", Need::Optional).is_null())
        check.word("properties.scaleSettings.scaleType", {"Default", "TargetUtilization"});
    check.object("properties.dataCollector", Need::Optional);
    check.done();
}

std::optional<OperationFault> deploymentFailure(Cloud& cloud, const Json& deployment, const Json* earlier)
{
    const auto failure = [](const char* code, const std::string& message) {
        return OperationFault{code, errorBody(ArmError(200, code, message), true)};
    };
    const Json& properties = deployment["properties"];
    const MachineSize* size = machineSize(properties.value("instanceType", std::string("Standard_F4s_v2")));
    if (size && sameText(properties["endpointComputeType"].get<std::string>(), "Managed")) {
        const auto instances = [](const Json& of) {
            return of.contains("sku") ? of["sku"].value("capacity", 1) : 1;
        };
        const int before = earlier ? size->cores * instances(*earlier) : 0;
        // A fifth more is kept free for upgrades.
        const int needed = static_cast<int>(std::ceil(size->cores * instances(deployment) * 1.2));
        const int used = usedCores(cloud, size->family) - before;
        const int limit = size->gpus ? 0 : cloud.options.coreLimit;
        if (used + needed > limit)
            return failure("OutOfQuota", "Not enough quota available for " + size->name +
                                             " in this region. Current usage/limit: " + std::to_string(used) +
                                             '/' + std::to_string(limit) + ". Additional needed: " +
                                             std::to_string(used + needed - limit) + '.');
    }
    const Json* environment =
        properties.contains("environmentId") ? cloud.resources.find(properties["environmentId"]) : nullptr;
    if (environment && (*environment)["properties"].contains("image")) {
        const std::string image = (*environment)["properties"]["image"];
        if (const std::string problem = pullProblem(cloud, image); !problem.empty())
            return failure("BadArgument",
                           "Unable to pull the image " + image + ": " + problem +
                               ". It does not exist, or the identity of the endpoint may not pull it.");
    }
    return {};
}

std::string deploymentLog(Cloud& cloud, const std::string& key, const Json& deployment,
                          const Operation* operation, bool storageInitializer)
{
    const double fraction = operation ? operation->fraction() : 1;
    const std::string state = deployment["properties"]["provisioningState"];
    const std::string cause = operation ? operation->faultKind : std::string();
    if (cause == "outOfQuota" || cause == "OutOfQuota" || cause == "imageBuildFailure" ||
        cause == "imageNotPulled")
        return {}; // no container ever started
    const std::string begin = isoTime(operation ? operation->start : now());
    std::string log;
    if (storageInitializer) {
        if (fraction > 0.2)
            log += begin + " INFO downloading model to /var/azureml-app/azureml-models\n";
        if (fraction > 0.4)
            log += begin + " INFO model downloaded\n";
        return log;
    }
    if (const std::string own = cloud.backends.log(key); !own.empty())
        return own;
    if (fraction > 0.5)
        log += "Instance status:\nSystemSetup: Succeeded\nUserContainerImagePull: Succeeded\nModelDownload: "
               "Succeeded\n"
               "UserContainerStart: InProgress\n\nContainer logs:\n" +
               begin + " I lapidary-serve listening on port 5001\n";
    if (state == "Succeeded")
        log += begin + " I GET / 200\n";
    if (cause == "containerCrash")
        log += begin + " E Traceback: RuntimeError: cannot load the model\n" + begin +
               " E Worker exiting, code 3\n";
    if (cause == "probeNeverReady")
        log += begin + " W GET /ready 503\n" + begin + " W GET /ready 503\n";
    return log;
}

} // namespace fake_azure
