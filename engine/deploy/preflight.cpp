// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/preflight.h"

#include "engine/base/text.h"
#include "engine/deploy/azure_steps.h"
#include "engine/deploy/instance_types.h"

#include <algorithm>

namespace lapidary::deploy {

namespace {

using State = Check::State;

struct Asker {
    const Choices& choices;
    ArmClient& arm;
    JobContext& job;
    std::vector<Check>& checks;

    std::string url(const std::string& path, const char* version) const
    {
        return armUrl(choices, path, version);
    }
    std::string subscription() const { return "/subscriptions/" + choices.workspace.subscription; }
    std::string group() const { return groupPath(choices); }
    std::string endpoint() const { return endpointPath(choices); }
};

// Which providers must be registered: endpoints fail without saying which one is missing.
struct Provider {
    const char* name;
    bool containerGroup; // also needed for one
};

constexpr Provider providers[] = {
    {"Microsoft.MachineLearningServices", true},
    {"Microsoft.Storage", true},
    {"Microsoft.ContainerRegistry", true},
    {"Microsoft.KeyVault", false},
    {"Microsoft.Insights", false},
    {"Microsoft.Network", false},
    {"Microsoft.Compute", false},
    {"Microsoft.ManagedIdentity", false},
    {"Microsoft.PolicyInsights", false},
    {"Microsoft.Cdn", false},
};

Status checkProvider(Asker& ask, Check& check, const std::string& name)
{
    const std::string path = ask.subscription() + "/providers/" + name;
    TRY_ASSIGN(const Json provider, ask.arm.get(ask.url(path, api::providers), ask.job));
    const std::string state = textAt(provider, "registrationState");
    check.text = state;
    if (lowerCase(state) == "registered")
        return {};
    const bool underWay = lowerCase(state) == "registering";
    check.state = underWay ? State::Warning : State::Problem;
    check.nextStep = underWay ? "Azure is registering it; that takes some minutes."
                              : "Register it: az provider register --namespace " + name;
    if (!underWay)
        check.mend = PlannedRequest{"POST", ask.url(path + "/register", api::providers), {}, {}};
    return {};
}

std::string plural(int count, const std::string& word)
{
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

Status checkQuota(Asker& ask, Check& check)
{
    const Choices& choices = ask.choices;
    TRY_ASSIGN(const std::vector<InstanceType> types, instanceTypes(choices, ask.arm, ask.job));
    const auto type = std::find_if(types.begin(), types.end(), [&](const InstanceType& each) {
        return lowerCase(each.name) == lowerCase(choices.instanceType);
    });
    if (type == types.end()) {
        check.state = State::Problem;
        check.text = choices.location + " has no " + choices.instanceType;
        check.nextStep = "Choose another instance type.";
        return {};
    }
    const std::string usages = ask.subscription() +
                               "/providers/Microsoft.MachineLearningServices/locations/" + choices.location +
                               "/usages";
    TRY_ASSIGN(const std::vector<Json> list, ask.arm.list(ask.url(usages, api::machineLearning), ask.job));
    const auto usage = std::find_if(list.begin(), list.end(), [&](const Json& each) {
        return lowerCase(textAt(each, "name", "value")) == lowerCase(type->family) &&
               lowerCase(textAt(each, "type")).find("lowpriority") == std::string::npos;
    });
    if (usage == list.end() || !at(*usage, "limit").is_number() || !at(*usage, "currentValue").is_number())
        return makeError(ErrorCode::NotFound, "Azure names no quota for the family " + type->family);
    const int limit = at(*usage, "limit").get<int>();
    const int used = at(*usage, "currentValue").get<int>();
    const int needed = neededCores(type->vCpus, choices.instances);
    check.text = plural(choices.instances, "instance") + " of " + std::to_string(type->vCpus) +
                 " cores need " + std::to_string(needed) + " with the fifth that Azure keeps for upgrades; " +
                 std::to_string(std::max(limit - used, 0)) + " of " + std::to_string(limit) + " are free";
    if (used + needed > limit) {
        check.state = State::Problem;
        check.nextStep = "Choose a smaller size or fewer instances, or ask for more quota of " +
                         type->family + " in the portal.";
    }
    return {};
}

// How much of a container group's region is left.
Status checkGroupQuota(Asker& ask, Check& check)
{
    const std::string region =
        ask.subscription() + "/providers/Microsoft.ContainerInstance/locations/" + ask.choices.location;
    TRY_ASSIGN(const std::vector<Json> capabilities,
               ask.arm.list(ask.url(region + "/capabilities", api::containerInstances), ask.job));
    double mostCpu = 0;
    double mostMemory = 0;
    for (const Json& each : capabilities) {
        const Json& limits = at(each, "capabilities");
        if (lowerCase(textAt(each, "osType")) != "linux" || !at(limits, "maxCpu").is_number() ||
            !at(limits, "maxMemoryInGB").is_number())
            continue;
        mostCpu = std::max(mostCpu, at(limits, "maxCpu").get<double>());
        mostMemory = std::max(mostMemory, at(limits, "maxMemoryInGB").get<double>());
    }
    if (ask.choices.cpu > mostCpu || ask.choices.memoryGb > mostMemory) {
        check.state = State::Problem;
        check.text = "a group in " + ask.choices.location + " has at most " + Json(mostCpu).dump() +
                     " processors and " + Json(mostMemory).dump() + " GB";
        check.nextStep = "Choose less of them.";
        return {};
    }
    TRY_ASSIGN(const std::vector<Json> usages,
               ask.arm.list(ask.url(region + "/usages", api::containerInstances), ask.job));
    for (const Json& usage : usages) {
        const std::string name = textAt(usage, "name", "value");
        const double asked = name == "StandardCores" ? ask.choices.cpu : name == "ContainerGroups" ? 1 : 0;
        if (asked == 0 || !at(usage, "limit").is_number() || !at(usage, "currentValue").is_number())
            continue;
        const double left = at(usage, "limit").get<double>() - at(usage, "currentValue").get<double>();
        check.text += (check.text.empty() ? "" : "; ") + name + ": " + Json(left).dump() + " left";
        if (asked > left) {
            check.state = State::Problem;
            check.nextStep = "Delete groups that are not needed, or ask for more quota in the portal.";
        }
    }
    return {};
}

Status checkGroup(Asker& ask, Check& check)
{
    const std::string url = ask.url(containerGroupPath(ask.choices), api::containerInstances);
    TRY_ASSIGN(const Json group, ask.arm.find(url, ask.job));
    if (group.is_null()) {
        check.text = "the name is free in the resource group";
        return {};
    }
    const std::string state = textAt(group, "properties", "provisioningState");
    check.state = State::Problem;
    check.text = "is there already (" + state + ")";
    check.nextStep = "Choose another name.";
    if (lowerCase(state) == "failed") {
        check.nextStep = "Delete it, or choose another name.";
        check.mend = PlannedRequest{"DELETE", url, {}, {}};
    }
    return {};
}

Status checkCompute(Asker& ask, Check& check)
{
    const std::string path = ask.choices.workspace.path() + "/computes/" + ask.choices.compute;
    TRY_ASSIGN(const Json compute, ask.arm.find(ask.url(path, api::machineLearning), ask.job));
    const std::string type = textAt(compute, "properties", "computeType");
    const std::string state = textAt(compute, "properties", "provisioningState");
    if (compute.is_null()) {
        check.text = "will be attached";
        if (ask.choices.cluster.empty()) {
            check.state = State::Problem;
            check.text = "is not in the workspace";
            check.nextStep = "Name one that is, or give the id of the cluster to attach.";
        }
    } else if (lowerCase(type) != "kubernetes") {
        check.state = State::Problem;
        check.text = "is of the kind " + type + ", which runs no online endpoints";
        check.nextStep = "Attach the cluster under another name.";
    } else if (lowerCase(state) != "succeeded") {
        check.state = State::Problem;
        check.text = "is '" + state + "'";
        check.nextStep = "See the compute's page in the studio; detach it and attach it again.";
    } else {
        check.text = "is attached";
    }
    return {};
}

Status checkEndpoint(Asker& ask, Check& check)
{
    TRY_ASSIGN(const Json endpoint, ask.arm.find(ask.url(ask.endpoint(), api::machineLearning), ask.job));
    if (endpoint.is_null()) {
        check.text =
            "will be made; whether others in " + ask.choices.location + " have the name shows only then";
        return {};
    }
    const std::string state = textAt(endpoint, "properties", "provisioningState");
    const std::string mode = textAt(endpoint, "properties", "authMode");
    check.text = "is there and gets one more deployment";
    if (lowerCase(state) == "failed") {
        check.state = State::Problem;
        check.text = "is there, but failed";
        check.nextStep = "Delete it, or choose another name.";
        check.mend = PlannedRequest{"DELETE", ask.url(ask.endpoint(), api::machineLearning), {}, {}};
    } else if (lowerCase(state) != "succeeded") {
        check.state = State::Warning;
        check.text = "is there, and is '" + state + "' now";
        check.nextStep = "Wait until the operation on it has ended.";
    } else if (mode != ask.choices.authMode) {
        check.state = State::Warning;
        check.text += "; callers send its " + mode + ", not " + ask.choices.authMode;
        check.nextStep = "Choose " + mode + ", or another endpoint.";
    }
    return {};
}

Status checkDeployment(Asker& ask, Check& check)
{
    const std::string url =
        ask.url(ask.endpoint() + "/deployments/" + ask.choices.deployment, api::machineLearning);
    TRY_ASSIGN(const Json deployment, ask.arm.find(url, ask.job));
    if (deployment.is_null()) {
        check.text = "the name is free";
        return {};
    }
    check.state = State::Problem;
    const std::string state = textAt(deployment, "properties", "provisioningState");
    if (lowerCase(state) == "failed") {
        check.text = "a failed deployment has the name and is in the way";
        check.nextStep = "Delete it, or choose another name.";
        check.mend = PlannedRequest{"DELETE", url, {}, {}};
    } else {
        check.text = "is there already (" + state + ")";
        check.nextStep = "Choose another name, such as " +
                         std::string(ask.choices.deployment == "green" ? "blue" : "green") + ".";
    }
    return {};
}

Status checkModel(Asker& ask, Check& check)
{
    const std::string path = ask.choices.workspace.path() + "/models/" + ask.choices.modelName +
                             "/versions/" + ask.choices.modelVersion;
    TRY_ASSIGN(const Json model, ask.arm.find(ask.url(path, api::machineLearning), ask.job));
    if (model.is_null()) {
        check.text = "the version is free";
        return {};
    }
    check.state = State::Warning;
    check.text = "the version is there; it is used if it holds the same bytes, else the run stops";
    check.nextStep = "Choose another version if the model has changed.";
    return {};
}

Status checkRegistry(Asker& ask, Check& check)
{
    const std::string path = ask.group() + "/providers/Microsoft.ContainerRegistry/registries";
    TRY_ASSIGN(const std::vector<Json> list, ask.arm.list(ask.url(path, api::registries), ask.job));
    const auto registry = std::find_if(list.begin(), list.end(), [&](const Json& each) {
        return registryUrl(textAt(each, "properties", "loginServer")) == registryUrl(ask.choices.registry);
    });
    if (registry == list.end()) {
        check.state = State::Warning;
        check.text = "is not in the workspace's resource group";
        check.nextStep = "The endpoint's identity needs AcrPull on it.";
    } else if (lowerCase(textAt(*registry, "properties", "publicNetworkAccess")) == "disabled") {
        check.state = State::Warning;
        check.text = "takes no connections from outside its network";
        check.nextStep = "Deploy from a machine in the network.";
    } else {
        check.text = textAt(*registry, "sku", "name") + ", is there";
        const bool byUser = ask.choices.target == aciTarget && ask.choices.pullIdentity.empty();
        if (byUser && at(*registry, "properties", "adminUserEnabled") != true) {
            check.state = State::Problem;
            check.text += ", but its admin user is off, by which the container group pulls";
            check.nextStep = "Turn it on: az acr update --admin-enabled true --name " +
                             textAt(*registry, "name") + "; or name an identity that may pull.";
        }
    }
    return {};
}

std::vector<std::string> neededActions(const Choices& choices)
{
    const std::string workspace = "Microsoft.MachineLearningServices/workspaces/";
    std::vector<std::string> actions{workspace + "datastores/listSecrets/action",
                                     workspace + "models/versions/write",
                                     "Microsoft.ContainerRegistry/registries/push/write"};
    const auto add = [&actions](const std::string& action) { actions.push_back(action); };
    if (isOnline(choices)) {
        add(workspace + "environments/versions/write");
        add(workspace + "onlineEndpoints/write");
        add(workspace + "onlineEndpoints/deployments/write");
        add(workspace + "onlineEndpoints/listKeys/action");
    }
    if (isAzureBuilt(choices))
        add(workspace + "codes/versions/write");
    if (isPython(choices) && choices.buildRoute == "acr-task")
        add("Microsoft.ContainerRegistry/registries/scheduleRun/action");
    if (!choices.cluster.empty() && choices.target == azureKubernetesTarget)
        add(workspace + "computes/write");
    if (choices.target == aciTarget)
        add("Microsoft.ContainerInstance/containerGroups/write");
    if (choices.target == aciTarget && choices.pullIdentity.empty())
        add("Microsoft.ContainerRegistry/registries/listCredentials/action");
    return actions;
}

Status checkPermissions(Asker& ask, Check& check)
{
    const std::string path = ask.group() + "/providers/Microsoft.Authorization/permissions";
    TRY_ASSIGN(const std::vector<Json> permissions, ask.arm.list(ask.url(path, api::authorization), ask.job));
    std::string missing;
    for (const std::string& action : neededActions(ask.choices)) {
        if (!isAllowed(permissions, action))
            missing += (missing.empty() ? "" : ", ") + action;
    }
    check.text = "all that the deployment does is allowed";
    if (!missing.empty()) {
        // Rights may also be given for the workspace or the registry alone.
        check.state = State::Warning;
        check.text = "the resource group does not allow: " + missing;
        check.nextStep =
            "If you have them on the workspace or the registry itself, go on; else ask an owner for "
            "the roles AzureML Data Scientist and AcrPush.";
    }
    return {};
}

// One check; what goes wrong with it is its own affair, unless somebody has stopped it all.
template <typename Work>
Status make(Asker& ask, const std::string& id, const std::string& title, Work work)
{
    Check check{.state = State::Good, .id = id, .title = title, .text = {}, .nextStep = {}, .mend = {}};
    if (Status status = work(check); !status.ok()) {
        if (status.error().code == ErrorCode::Cancelled)
            return status;
        check = {.state = State::Unknown,
                 .id = id,
                 .title = title,
                 .text = status.error().message,
                 .nextStep = status.error().nextStep,
                 .mend = {}};
    }
    ask.checks.push_back(std::move(check));
    return {};
}

bool matches(std::string_view pattern, std::string_view text)
{
    const size_t star = pattern.find('*');
    if (star == std::string_view::npos)
        return pattern == text;
    if (text.substr(0, star) != pattern.substr(0, star))
        return false;
    for (size_t from = star; from <= text.size(); ++from) {
        if (matches(pattern.substr(star + 1), text.substr(from)))
            return true;
    }
    return false;
}

bool matchesAny(const Json& patterns, const std::string& action)
{
    return std::any_of(patterns.begin(), patterns.end(), [&](const Json& pattern) {
        return pattern.is_string() && matches(lowerCase(pattern.get<std::string>()), lowerCase(action));
    });
}

} // namespace

std::string checkStateName(State state)
{
    constexpr const char* names[] = {"good", "warning", "problem", "unknown"};
    return names[static_cast<size_t>(state)];
}

bool isAllowed(const std::vector<Json>& permissions, const std::string& action)
{
    return std::any_of(permissions.begin(), permissions.end(), [&](const Json& permission) {
        return matchesAny(at(permission, "actions"), action) &&
               !matchesAny(at(permission, "notActions"), action);
    });
}

Result<std::vector<Check>> preflight(const Choices& choices, ArmClient& arm, JobContext& job)
{
    if (choices.target.rfind("azure-", 0) != 0)
        return makeError(ErrorCode::InvalidArgument,
                         "there is nothing in Azure to check for the target '" + choices.target + "'");
    std::vector<Check> checks;
    Asker ask{choices, arm, job, checks};
    TRY(make(ask, "permissions", "Permissions", [&](Check& check) { return checkPermissions(ask, check); }));
    std::vector<std::string> names;
    for (const Provider& provider : providers) {
        if (isOnline(choices) || provider.containerGroup)
            names.emplace_back(provider.name);
    }
    if (choices.target == aciTarget)
        names.emplace_back("Microsoft.ContainerInstance");
    for (const std::string& name : names) {
        TRY(make(ask, "provider:" + name, name,
                 [&](Check& check) { return checkProvider(ask, check, name); }));
    }
    TRY(make(ask, "registry", "Registry " + choices.registry,
             [&](Check& check) { return checkRegistry(ask, check); }));
    TRY(make(ask, "model", "Model " + choices.modelName + ":" + choices.modelVersion,
             [&](Check& check) { return checkModel(ask, check); }));
    if (choices.target == aciTarget) {
        TRY(make(ask, "quota", "Container Instances in " + choices.location,
                 [&](Check& check) { return checkGroupQuota(ask, check); }));
        TRY(make(ask, "group", "Container group " + choices.endpoint,
                 [&](Check& check) { return checkGroup(ask, check); }));
        checks.push_back(
            {.state = State::Warning,
             .id = "encryption",
             .title = "Encryption",
             .text = "a container group speaks plain HTTP: calls and their key can be read on the way",
             .nextStep = "Use it in networks that you trust; a managed endpoint has HTTPS.",
             .mend = {}});
        return checks;
    }
    if (choices.target == azureKubernetesTarget)
        TRY(make(ask, "compute", "Compute " + choices.compute,
                 [&](Check& check) { return checkCompute(ask, check); }));
    else
        TRY(make(ask, "quota", "Quota for " + choices.instanceType,
                 [&](Check& check) { return checkQuota(ask, check); }));
    TRY(make(ask, "endpoint", "Endpoint " + choices.endpoint,
             [&](Check& check) { return checkEndpoint(ask, check); }));
    TRY(make(ask, "deployment", "Deployment " + choices.deployment,
             [&](Check& check) { return checkDeployment(ask, check); }));
    return checks;
}

Status mend(const Check& check, ArmClient& arm, JobContext& job)
{
    if (!check.mend)
        return makeError(ErrorCode::InvalidArgument, "there is nothing to send for this check");
    const PlannedRequest& request = *check.mend;
    TRY_ASSIGN(const HttpResponse response, arm.send(request.method, request.url, request.body, job));
    if (!response.ok() && response.status != 404)
        return armError(response, request.url);
    return arm.wait(ArmClient::operationIn(response, request.method, request.url), {}, job);
}

} // namespace lapidary::deploy
