// SPDX-License-Identifier: GPL-3.0-or-later
#include "body_check.h"
#include "container_groups.h"
#include "forward.h"

#include <regex>

namespace fake_azure {

namespace {

void checkProbe(BodyCheck& check, const std::string& path)
{
    if (check.object(path, Need::Optional).is_null())
        return;
    if (!check.object(path + ".httpGet", Need::Optional).is_null()) {
        check.integer(path + ".httpGet.port", 1, 65535);
        check.text(path + ".httpGet.path", Need::Optional);
        check.word(path + ".httpGet.scheme", {"http", "https"}, Need::Optional);
    }
    for (const char* number :
         {"initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"})
        check.integer(path + '.' + number, 0, 100'000, Need::Optional);
}

// `problems` of one container go to the check of the whole body: a check knows no array elements.
void checkContainer(const Json& container, const std::vector<int>& groupPorts)
{
    BodyCheck check(container);
    const Json& name = check.text("name");
    static const std::regex pattern("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    if (name.is_string() && !std::regex_match(name.get<std::string>(), pattern))
        check.problem("name", "The container name " + name.dump() + " is not valid.");
    if (!check.object("properties").is_null()) {
        check.text("properties.image");
        if (!check.object("properties.resources").is_null() &&
            !check.object("properties.resources.requests").is_null()) {
            check.number("properties.resources.requests.cpu");
            check.number("properties.resources.requests.memoryInGB");
        }
        checkProbe(check, "properties.livenessProbe");
        checkProbe(check, "properties.readinessProbe");
        std::vector<int> own;
        const Json& ports = check.array("properties.ports", Need::Optional);
        for (const Json& port : ports.is_array() ? ports : Json::array())
            own.push_back(port.value("port", 0));
        for (const int port : groupPorts) {
            if (std::find(own.begin(), own.end(), port) == own.end())
                check.problem("properties.ports", "Port " + std::to_string(port) +
                                                      " of the group is not a port of the container.");
        }
        const Json& variables = check.array("properties.environmentVariables", Need::Optional);
        for (const Json& variable : variables.is_array() ? variables : Json::array()) {
            if (!variable.contains("name") || variable.contains("value") == variable.contains("secureValue"))
                check.problem("properties.environmentVariables",
                              "Each variable needs a name and one of value and secureValue.");
        }
    }
    check.done("InvalidContainerGroup");
}

} // namespace

void checkContainerGroup(Cloud& cloud, const Call& call, const Json& body)
{
    if (!cloud.resources.find("/subscriptions/" + call.subscription() + "/resourceGroups/" + call.name("rg")))
        throw ArmError(404, "ResourceGroupNotFound",
                       "Resource group '" + call.name("rg") + "' could not be found.");
    BodyCheck check(body);
    static const std::regex pattern("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    if (!std::regex_match(call.name("group"), pattern))
        check.problem("name", "The container group name '" + call.name("group") + "' is not valid.");
    check.text("location");
    check.textMap("tags");
    std::vector<int> ports;
    if (!check.object("properties").is_null()) {
        check.word("properties.osType", {"Linux", "Windows"});
        check.word("properties.restartPolicy", {"Always", "OnFailure", "Never"}, Need::Optional);
        check.word("properties.sku", {"Standard", "Dedicated", "Confidential"}, Need::Optional);
        const Json& containers = check.array("properties.containers");
        if (containers.is_array() && containers.empty())
            check.problem("properties.containers", "A group needs at least one container.");
        const Json& credentials = check.array("properties.imageRegistryCredentials", Need::Optional);
        for (const Json& credential : credentials.is_array() ? credentials : Json::array()) {
            const std::string server = credential.value("server", "");
            if (server.empty() || server.find("://") != std::string::npos)
                check.problem("properties.imageRegistryCredentials",
                              "server must be a host without a scheme: '" + server + "'.");
            if (!credential.contains("identity") &&
                !(credential.contains("username") && credential.contains("password")))
                check.problem("properties.imageRegistryCredentials",
                              "Either identity or username and password must be given.");
        }
        if (!check.object("properties.ipAddress", Need::Optional).is_null()) {
            check.word("properties.ipAddress.type", {"Public", "Private"});
            const Json& list = check.array("properties.ipAddress.ports");
            for (const Json& port : list.is_array() ? list : Json::array())
                ports.push_back(port.value("port", 0));
            const Json& label = check.text("properties.ipAddress.dnsNameLabel", Need::Optional);
            for (const std::string& taken : cloud.options.takenNames) {
                if (label.is_string() && sameText(label.get<std::string>(), taken))
                    check.problem("properties.ipAddress.dnsNameLabel",
                                  "The DNS name label '" + taken + "' is not available.");
            }
        }
    }
    check.done("InvalidContainerGroup");
    for (const Json& container : body["properties"]["containers"])
        checkContainer(container, ports);
}

void setGroupState(Cloud& cloud, const std::string& id, const char* state)
{
    if (Json* group = cloud.resources.find(id))
        (*group)["properties"]["provisioningState"] = state;
}

void startContainerGroup(Cloud& cloud, const std::string& id, const std::string& name)
{
    const Json* group = cloud.resources.find(id);
    if (!group || !(*group)["properties"].contains("ipAddress"))
        return;
    const std::string key = "aci/" + lower(name);
    const Json& properties = (*group)["properties"];
    const int port = properties["ipAddress"]["ports"][0].value("port", 0);
    if (!cloud.options.imageCommand.empty() && cloud.backends.url(key).empty()) {
        std::vector<std::string> command = cloud.options.imageCommand;
        for (std::string& word : command) {
            const size_t at = word.find("{image}");
            if (at != std::string::npos)
                word.replace(at, 7, properties["containers"][0]["properties"]["image"].get<std::string>());
        }
        cloud.backends.start(key, command, cloud.options.folder + "/aci-" + lower(name) + ".log");
    }
    // Without the cloud's mutex: whoever stops the server holds it, and waits for the calls to end.
    cloud.plainServers.start(key, port, [&cloud, key, otherwise = cloud.options.backend](const Call& call) {
        const std::string own = cloud.backends.url(key), backend = own.empty() ? otherwise : own;
        if (!backend.empty())
            return forward(call, backend, call.target);
        return call.method == "GET"
                   ? Reply{200, "Healthy", "text/plain"}
                   : reply(200, {{"container", key}, {"echo", Json::parse(call.body, nullptr, false)}});
    });
}

void stopContainerGroup(Cloud& cloud, const std::string& name)
{
    cloud.plainServers.stop("aci/" + lower(name));
    cloud.backends.stop("aci/" + lower(name));
}

std::string lastLines(const std::string& text, const std::string& count)
{
    if (count.empty())
        return text;
    size_t start = text.size();
    // The line break at the very end ends the last line, it does not begin another.
    for (int lines = std::atoi(count.c_str()) + 1; lines > 0 && start > 0; --lines) {
        const size_t before = text.rfind('\n', start - 1);
        if (before == std::string::npos)
            return text;
        start = before;
    }
    return text.substr(std::min(text.size(), start + 1));
}

} // namespace fake_azure
