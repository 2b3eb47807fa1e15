// SPDX-License-Identifier: GPL-3.0-or-later
#include "ml_asset_bodies.h"

#include <sstream>

namespace fake_azure {

namespace {

bool startsWith(const std::string& text, const std::string& start)
{
    return text.compare(0, start.size(), start) == 0;
}

const char longStart[] = "azureml://subscriptions/";
const char shortStart[] = "azureml://datastores/";

void checkDataUri(BodyCheck& check, const std::string& path)
{
    const Json& value = check.text(path);
    if (value.is_null())
        return;
    const std::string uri = value;
    const bool inDatastore = (startsWith(uri, longStart) && uri.find("/datastores/") != std::string::npos) ||
                             startsWith(uri, shortStart);
    const bool fine = (inDatastore && uri.find("/paths/") != std::string::npos) ||
                      startsWith(uri, "https://") || startsWith(uri, "azureml://jobs/") ||
                      startsWith(uri, "runs:/");
    if (!fine)
        check.problem(path, "The URI is not in a supported format: " + uri);
    if (uri.find("sig=") != std::string::npos)
        check.problem(path, "The URI must not hold a shared access signature.");
}

void checkRoute(BodyCheck& check, const std::string& path)
{
    if (check.object(path, Need::Optional).is_null())
        return;
    check.integer(path + ".port", 1, 65535);
    const Json& route = check.text(path + ".path");
    if (route.is_string() && !startsWith(route, "/"))
        check.problem(path + ".path", "The path of a route must start with '/'.");
}

} // namespace

void checkCommonProperties(BodyCheck& check)
{
    if (check.object("properties").is_null())
        return;
    check.text("properties.description", Need::Optional);
    check.textMap("properties.tags");
    check.textMap("properties.properties");
    check.boolean("properties.isArchived");
    check.boolean("properties.isAnonymous");
}

void checkModelVersion(BodyCheck& check)
{
    checkDataUri(check, "properties.modelUri");
    check.text("properties.modelType", Need::Optional);
    check.text("properties.stage", Need::Optional);
    check.text("properties.jobName", Need::Optional);
    check.object("properties.flavors", Need::Optional);
}

void checkCodeVersion(BodyCheck& check) { checkDataUri(check, "properties.codeUri"); }

void checkEnvironmentVersion(BodyCheck& check)
{
    const bool image = check.has("properties.image"), build = check.has("properties.build");
    check.text("properties.image", Need::Optional);
    check.text("properties.condaFile", Need::Optional);
    check.object("properties.build", Need::Optional);
    if (image == build)
        check.problem("properties", "Exactly one of image and build must be given.");
    if (check.has("properties.condaFile") && !image)
        check.problem("properties.condaFile", "condaFile needs an image to install into.");
    if (build) {
        check.text("properties.build.contextUri");
        check.text("properties.build.dockerfilePath", Need::Optional);
    }
    check.word("properties.osType", {"Linux", "Windows"}, Need::Optional);
    check.object("properties.inferenceConfig", Need::Optional);
    for (const char* route : {"livenessRoute", "readinessRoute", "scoringRoute", "startupRoute"})
        checkRoute(check, std::string("properties.inferenceConfig.") + route);
}

void makeUrisLong(Json& properties, const Call& call)
{
    for (const char* member : {"modelUri", "codeUri"}) {
        if (!properties.contains(member))
            continue;
        const std::string uri = properties[member];
        if (startsWith(uri, shortStart))
            properties[member] = longStart + call.subscription() + "/resourcegroups/" + call.name("rg") +
                                 "/workspaces/" + call.name("ws") + "/datastores/" +
                                 uri.substr(std::string_view(shortStart).size());
    }
}

bool hasTags(const Json& resource, const std::string& tags)
{
    std::istringstream words(tags);
    std::string word;
    const Json& own = resource["properties"]["tags"];
    while (std::getline(words, word, ',')) {
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        if (!own.contains(name) || (equals != std::string::npos && own[name] != word.substr(equals + 1)))
            return false;
    }
    return true;
}

} // namespace fake_azure
