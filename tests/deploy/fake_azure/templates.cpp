// SPDX-License-Identifier: GPL-3.0-or-later
// Template deployments, as far as a dry run needs them: validate and what-if. Expressions are not evaluated.
#include "areas.h"
#include "body_check.h"
#include "gate.h"

#include <sstream>

namespace fake_azure {

namespace {

std::vector<std::string> split(const std::string& text)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    std::string part;
    while (std::getline(stream, part, '/'))
        parts.push_back(part);
    return parts;
}

// Microsoft.X/a/b and n/m -> {group}/providers/Microsoft.X/a/n/b/m. Empty if the two do not fit.
std::string resourceId(const Call& call, const Json& resource)
{
    const std::vector<std::string> types = split(resource.value("type", "")),
                                   names = split(resource.value("name", ""));
    if (types.size() < 2 || types.size() != names.size() + 1)
        return {};
    std::string id = "/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg") +
                     "/providers/" + types[0];
    for (size_t i = 0; i < names.size(); ++i)
        id += '/' + types[i + 1] + '/' + names[i];
    return id;
}

void checkTemplate(const Call& call, const Json& body)
{
    BodyCheck check(body);
    check.word("properties.mode", {"Incremental", "Complete"});
    check.object("properties.parameters", Need::Optional);
    if (!check.object("properties.template").is_null()) {
        const Json& schema = check.at("properties.template.$schema");
        if (!schema.is_string() ||
            schema.get<std::string>().find("deploymentTemplate.json") == std::string::npos)
            check.problem("properties.template.$schema",
                          "The template's $schema is missing or not a deployment template's.");
        check.text("properties.template.contentVersion");
        const Json& resources = check.array("properties.template.resources");
        for (const Json& resource : resources.is_array() ? resources : Json::array()) {
            if (!resource.contains("apiVersion") || !resource["apiVersion"].is_string())
                check.problem("properties.template.resources", "A resource has no apiVersion.");
            if (resourceId(call, resource).empty())
                check.problem("properties.template.resources",
                              "type and name of a resource do not fit: " + resource.value("type", "") + ", " +
                                  resource.value("name", ""));
        }
    }
    check.done("InvalidTemplate");
}

// What differs in `after`, member by member. What only the stored resource has was put there by the service.
void addDelta(Json& delta, const Json& before, const Json& after, const std::string& path)
{
    for (const auto& [name, value] : after.items()) {
        const std::string member = path.empty() ? name : path + '.' + name;
        if (!before.is_object() || !before.contains(name))
            delta.push_back(
                {{"path", member}, {"propertyChangeType", "Create"}, {"before", nullptr}, {"after", value}});
        else if (value.is_object())
            addDelta(delta, before[name], value, member);
        else if (before[name] != value)
            delta.push_back({{"path", member},
                             {"propertyChangeType", "Modify"},
                             {"before", before[name]},
                             {"after", value}});
    }
}

Json changes(Cloud& cloud, const Call& call, const Json& resources)
{
    Json list = Json::array();
    for (const Json& resource : resources) {
        const std::string id = resourceId(call, resource);
        Json after = resource;
        after.erase("name");
        after.erase("type");
        after.erase("dependsOn");
        after.erase("apiVersion");
        const Json* before = cloud.resources.find(id);
        Json change{{"resourceId", id},
                    {"before", before ? *before : Json()},
                    {"after", resource},
                    {"delta", Json::array()}};
        change["after"]["id"] = id;
        if (before)
            addDelta(change["delta"], *before, after, {});
        change["changeType"] = !before ? "Create" : change["delta"].empty() ? "NoChange" : "Modify";
        list.push_back(change);
    }
    return list;
}

} // namespace

void addTemplates(Router& router, Cloud& cloud)
{
    const std::string one = groupPath + "/providers/Microsoft.Resources/deployments/{deployment}";
    router.add("POST", one + "/whatIf", Area::Resources, [&](Call& call) {
        const Json body = call.json();
        checkTemplate(call, body);
        const Json list = changes(cloud, call, body["properties"]["template"]["resources"]);
        const std::string id = "/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg");
        return accepted(
            cloud,
            *cloud.operations.start(
                call, {id + "/whatIf",
                       "Microsoft.Resources",
                       "westeurope",
                       "whatif",
                       cloud.options.operationMs,
                       {},
                       [list] {
                           return reply(200, {{"status", "Succeeded"}, {"properties", {{"changes", list}}}});
                       }}));
    });
    router.add("POST", one + "/validate", Area::Resources, [&](Call& call) {
        const Json body = call.json();
        checkTemplate(call, body);
        Json ids = Json::array();
        for (const Json& resource : body["properties"]["template"]["resources"])
            ids.push_back({{"id", resourceId(call, resource)}});
        return reply(200, {{"id", call.path.substr(0, call.path.rfind('/'))},
                           {"name", call.name("deployment")},
                           {"type", "Microsoft.Resources/deployments"},
                           {"properties",
                            {{"provisioningState", "Succeeded"},
                             {"mode", body["properties"]["mode"]},
                             {"validatedResources", ids}}}});
    });
}

} // namespace fake_azure
