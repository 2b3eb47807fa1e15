// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of deployed models: which deployment, who may, and the codes that the platform makes of answers.
#include "areas.h"
#include "body_check.h"
#include "clock.h"
#include "crypto.h"
#include "forward.h"

#include <random>
#include <regex>

namespace fake_azure {

namespace {

struct Target {
    std::string endpointId;
    std::string deployment;
    std::string backend;
    double timeoutSeconds = 5;
    bool kubernetes = false;
};

Json* endpointNamed(Cloud& cloud, const std::string& name)
{
    for (const Workspace& workspace : cloud.options.workspaces) {
        Json* found = cloud.resources.find("/subscriptions/" + workspace.subscription + "/resourceGroups/" +
                                           workspace.resourceGroup +
                                           "/providers/Microsoft.MachineLearningServices/workspaces/" +
                                           workspace.name + "/onlineEndpoints/" + name);
        if (found)
            return found;
    }
    return nullptr;
}

void checkKey(Cloud& cloud, const Call& call, const Json& endpoint)
{
    const std::string header = call.header("Authorization");
    const std::string given = sameText(header.substr(0, 7), "Bearer ") ? header.substr(7) : std::string();
    const std::string mode = endpoint["properties"]["authMode"];
    const Json& secrets = cloud.secrets[lower(endpoint["id"])];
    bool fine = false;
    if (sameText(mode, "Key")) {
        fine = !given.empty() && (given == secrets["primaryKey"] || given == secrets["secondaryKey"]);
    } else if (sameText(mode, "AMLToken")) {
        fine = secrets.contains("tokens") && secrets["tokens"].contains(given) &&
               secrets["tokens"][given] > now();
    } else {
        cloud.tokens.check(call, {"https://ml.azure.com"}, cloud.authority(cloud.options.tenants.front().id));
        fine = true;
    }
    if (!fine) {
        ArmError error(401, "key_auth_bad_header", "The key or token is missing or wrong.");
        error.headers.emplace("WWW-Authenticate", "Bearer");
        throw error;
    }
}

// By the header, or by the dice of the traffic rules.
std::string chooseDeployment(const Call& call, const Json& endpoint)
{
    const std::string named = call.header("azureml-model-deployment");
    if (!named.empty())
        return named;
    static std::mt19937 dice(1);
    int point = static_cast<int>(dice() % 100);
    for (const auto& [name, percent] : endpoint["properties"]["traffic"].items()) {
        if (point < percent.get<int>())
            return name;
        point -= percent.get<int>();
    }
    throw ArmError(404, "NotFound", "No deployment with positive traffic in the endpoint.");
}

Target targetOf(Cloud& cloud, const Call& call)
{
    const std::lock_guard lock(cloud.mutex);
    const Json* endpoint = endpointNamed(cloud, call.name("endpoint"));
    if (!endpoint)
        throw ArmError(404, "NotFound", "There is no endpoint of this name.");
    checkKey(cloud, call, *endpoint);
    Target target;
    target.endpointId = (*endpoint)["id"];
    target.deployment = chooseDeployment(call, *endpoint);
    target.kubernetes = (*endpoint)["properties"].contains("compute");
    const Json* deployment = cloud.resources.find(target.endpointId + "/deployments/" + target.deployment);
    if (!deployment || (*deployment)["properties"]["provisioningState"] == "Creating" ||
        (*deployment)["properties"]["provisioningState"] == "Failed")
        throw ArmError(404, "NotFound", "The deployment '" + target.deployment + "' is not there.");
    target.backend = cloud.backends.url(lower(call.name("endpoint") + '/' + target.deployment));
    if (target.backend.empty())
        target.backend = cloud.options.backend;
    const Json& settings = (*deployment)["properties"].value("requestSettings", Json::object());
    const std::string timeout = settings.is_object() ? settings.value("requestTimeout", "PT5S") : "PT5S";
    target.timeoutSeconds = durationSeconds(timeout);
    return target;
}

Reply echo(const Call& call, const Target& target)
{
    if (call.method == "GET")
        return Reply{200, "Healthy", "text/plain"};
    const Json body = Json::parse(call.body, nullptr, false);
    if (body.is_discarded())
        return reply(400, {{"message", "The body is not JSON"}});
    return reply(200, {{"deployment", target.deployment}, {"echo", body}});
}

std::string safeRequestId(const Call& call)
{
    const std::string id = call.header("x-ms-client-request-id");
    static const std::regex pattern("[A-Za-z0-9_-]{1,40}");
    return std::regex_match(id, pattern) ? id : randomGuid();
}

// What callers see: the platform puts its own code in place of the container's.
Reply platformAnswer(Reply answer, const Target& target)
{
    const int status = answer.status;
    if (status == 200)
        return answer;
    if (status == 504) {
        answer = Reply{target.kubernetes ? 504 : 408, "Request timed out.", "text/plain"};
    } else if (status == 502) {
        answer = Reply{target.kubernetes ? 502 : 503, "no healthy upstream", "text/plain"};
    } else if (!target.kubernetes) {
        answer.status = 424;
    }
    answer.set("ms-azureml-model-error-statuscode", std::to_string(status));
    answer.set("ms-azureml-model-error-reason", "model_error");
    return answer;
}

Reply score(Cloud& cloud, const Call& call, const std::string& path)
{
    const Target target = targetOf(cloud, call);
    const int64_t start = now();
    httplib::Headers extra;
    // The container gets no credentials of the endpoint, and always an id.
    const std::string id = safeRequestId(call);
    extra.emplace("x-request-id", id);
    Call inner = call;
    inner.headers.erase("Authorization");
    const std::string query =
        call.target.find('?') == std::string::npos ? "" : call.target.substr(call.target.find('?'));
    Reply answer = target.backend.empty()
                       ? echo(inner, target)
                       : forward(inner, target.backend, path + query, extra, target.timeoutSeconds);
    answer = platformAnswer(std::move(answer), target);
    answer.headers.erase("x-request-id");
    answer.set("x-request-id", id);
    answer.set("azureml-model-deployment", target.deployment);
    if (!answer.headers.count("x-ms-run-fn-exec-ms"))
        answer.set("x-ms-run-fn-exec-ms", std::to_string(now() - start));
    const std::lock_guard lock(cloud.mutex);
    cloud.scoringCalls.push_back({start, now() - start, target.endpointId, target.deployment, answer.status});
    return answer;
}

} // namespace

void addScoring(Router& router, Cloud& cloud)
{
    const std::string base = "/scoring/{region}/{endpoint}";
    router.addUnlocked("POST", base + "/score", [&](Call& call) { return score(cloud, call, "/score"); });
    router.addUnlocked("GET", base + "/swagger.json",
                       [&](Call& call) { return score(cloud, call, "/swagger.json"); });
    router.addUnlocked("*", base + "/v2/{path*}",
                       [&](Call& call) { return score(cloud, call, "/v2/" + call.name("path")); });
    router.addUnlocked("GET", base, [&](Call& call) { return score(cloud, call, "/"); });
}

} // namespace fake_azure
