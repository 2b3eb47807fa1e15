// SPDX-License-Identifier: GPL-3.0-or-later
// Assets of a workspace: models, environments and codes; each a container with versions.
#include "areas.h"
#include "body_check.h"
#include "clock.h"
#include "crypto.h"
#include "ml_asset_bodies.h"
#include "storage.h"

#include <algorithm>

namespace fake_azure {

namespace {

struct AssetKind {
    const char* collection; // models
    const char* type;       // Microsoft.MachineLearningServices/workspaces/models
    void (*check)(BodyCheck& check);
    // What of an existing version cannot change.
    std::vector<const char*> fixed;
};

bool isVisible(const Json& resource, const Call& call)
{
    const bool archived = resource["properties"].value("isArchived", false);
    const std::string view = call.parameter("listViewType");
    if (sameText(view, "ArchivedOnly"))
        return archived;
    if (!view.empty() && !sameText(view, "All") && !sameText(view, "ActiveOnly"))
        throw ArmError(400, "BadArgument", "listViewType must be ActiveOnly, ArchivedOnly or All.",
                       "listViewType");
    return sameText(view, "All") || !archived;
}

int versionNumber(const std::string& version)
{
    const bool digits =
        !version.empty() && version.size() < 9 &&
        std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? std::stoi(version) : 0;
}

std::vector<Json*> versionsOf(Cloud& cloud, const std::string& containerId)
{
    std::vector<Json*> versions = cloud.resources.children(containerId + "/versions");
    std::sort(versions.begin(), versions.end(), [](const Json* a, const Json* b) {
        return (*a)["properties"]["createdOrder"].get<int64_t>() <
               (*b)["properties"]["createdOrder"].get<int64_t>();
    });
    return versions;
}

// As clients see it: without our own order, with the container's version numbers.
Json shown(Cloud& cloud, const Json& resource)
{
    Json copy = resource;
    copy["properties"].erase("createdOrder");
    if (resource["type"].get_ref<const std::string&>().find("/versions") == std::string::npos) {
        const std::vector<Json*> versions = versionsOf(cloud, resource["id"]);
        int highest = 0;
        for (const Json* version : versions)
            highest = std::max(highest, versionNumber((*version)["name"]));
        copy["properties"]["latestVersion"] = versions.empty() ? Json() : (*versions.back())["name"];
        copy["properties"]["nextVersion"] = std::to_string(highest + 1);
    }
    return copy;
}

struct Assets {
    Cloud& cloud;
    AssetKind kind;

    std::string containerId(const Call& call) const
    {
        return cloud.workspace(call)["id"].get<std::string>() + '/' + kind.collection + '/' +
               call.name("name");
    }
    std::string versionId(const Call& call) const
    {
        return containerId(call) + "/versions/" + call.name("version");
    }

    Json& found(const std::string& id, const Call& call) const
    {
        if (Json* resource = cloud.resources.find(id))
            return *resource;
        const std::string version =
            call.names.count("version") ? ", version " + call.name("version") : std::string();
        throw ArmError(404, "UserError",
                       std::string(kind.collection) +
                           " container or version not found: " + call.name("name") + version + '.');
    }

    Json resource(const Call& call, const std::string& id, const std::string& name, const std::string& type,
                  const Json& properties, const Json* earlier) const
    {
        Json stored{{"id", id}, {"name", name}, {"type", type}, {"systemData", systemData(call, earlier)}};
        stored["properties"] = properties;
        Json& all = stored["properties"];
        for (const char* map : {"tags", "properties"}) {
            if (!all.contains(map) || all[map].is_null())
                all[map] = Json::object();
        }
        all["isArchived"] = all.contains("isArchived") && all["isArchived"].is_boolean() && all["isArchived"];
        all["provisioningState"] = "Succeeded";
        static int64_t order = 0;
        all["createdOrder"] = earlier ? (*earlier)["properties"]["createdOrder"].get<int64_t>() : ++order;
        return stored;
    }

    Reply list(const Call& call) const
    {
        const std::string collection = cloud.workspace(call)["id"].get<std::string>() + '/' + kind.collection;
        std::vector<Json> items;
        for (const Json* container : cloud.resources.children(collection)) {
            if (isVisible(*container, call))
                items.push_back(shown(cloud, *container));
        }
        return page(cloud, call, items, versionNumber(call.parameter("count")));
    }

    Reply listVersions(const Call& call) const
    {
        found(containerId(call), call);
        std::vector<Json*> versions = versionsOf(cloud, containerId(call));
        const std::string order = lower(call.parameter("$orderBy"));
        if (order.empty() || order.find("desc") != std::string::npos)
            std::reverse(versions.begin(), versions.end());
        std::vector<Json> items;
        for (const Json* version : versions) {
            const std::string wanted = call.parameter("version");
            if (isVisible(*version, call) && (wanted.empty() || (*version)["name"] == wanted) &&
                hasTags(*version, call.parameter("tags")))
                items.push_back(shown(cloud, *version));
        }
        const int offset = std::min(versionNumber(call.parameter("offset")), static_cast<int>(items.size()));
        items.erase(items.begin(), items.begin() + offset);
        const int top = versionNumber(call.parameter("$top"));
        return page(cloud, call, items, top);
    }

    Reply putContainer(const Call& call) const
    {
        const std::string id = containerId(call);
        if (!isAssetName(call.name("name")))
            throw ArmError(400, "ValidationError", "The asset name '" + call.name("name") + "' is not valid.",
                           "name");
        const Json body = call.json();
        BodyCheck check(body);
        checkCommonProperties(check);
        check.done();
        const Json* earlier = cloud.resources.find(id);
        const bool existed = earlier != nullptr;
        const Json made = resource(call, id, call.name("name"), kind.type, body["properties"], earlier);
        return reply(existed ? 200 : 201, shown(cloud, cloud.resources.put(id, made)));
    }

    Reply putVersion(const Call& call) const
    {
        const std::string id = versionId(call);
        for (const char* part : {"name", "version"}) {
            if (!isAssetName(call.name(part)))
                throw ArmError(400, "ValidationError",
                               "The asset " + std::string(part) + " '" + call.name(part) + "' is not valid.",
                               part);
        }
        const Json body = call.json();
        BodyCheck check(body);
        checkCommonProperties(check);
        kind.check(check);
        check.done();
        Json properties = body["properties"];
        makeUrisLong(properties, call);
        const Json* earlier = cloud.resources.find(id);
        if (earlier)
            checkFixed((*earlier)["properties"], properties);
        if (!cloud.resources.find(containerId(call))) {
            const Json container =
                resource(call, containerId(call), call.name("name"), kind.type, Json::object(), nullptr);
            cloud.resources.put(containerId(call), container);
        }
        const bool existed = earlier != nullptr;
        const Json made = resource(call, id, call.name("version"), std::string(kind.type) + "/versions",
                                   properties, earlier);
        return reply(existed ? 200 : 201, shown(cloud, cloud.resources.put(id, made)));
    }

    void checkFixed(const Json& earlier, const Json& wanted) const
    {
        for (const char* member : kind.fixed) {
            if (earlier.value(member, Json()) != wanted.value(member, Json()))
                throw ArmError(409, "UserError",
                               "Asset paths cannot be updated: '" + std::string(member) +
                                   "' of an existing version is fixed.",
                               member);
        }
        // Properties may be added, never changed.
        const Json added = wanted.value("properties", Json::object());
        for (const auto& [name, value] : earlier["properties"].items()) {
            if (added.is_object() && added.contains(name) && added[name] != value)
                throw ArmError(400, "UserError", "The property '" + name + "' exists and cannot be changed.",
                               "properties");
        }
    }

    // A place for the content of a version that is registered afterwards.
    Reply startPendingUpload(const Call& call) const
    {
        const Json body = call.json();
        BodyCheck check(body);
        check.word("pendingUploadType", {"TemporaryBlobReference", "None"}, Need::Optional);
        check.text("pendingUploadId", Need::Optional);
        check.done();
        const Json& workspace = cloud.workspace(call);
        const std::string container = lower(call.name("ws")) + '-' + randomHex(8);
        makeContainer(cloud, container);
        const std::string uri = cloud.url + '/' + storageAccount + '/' + container;
        return reply(
            200,
            {{"pendingUploadId", body.value("pendingUploadId", randomGuid())},
             {"pendingUploadType", "TemporaryBlobReference"},
             {"blobReferenceForConsumption",
              {{"blobUri", uri},
               {"storageAccountArmId", workspace["properties"]["storageAccount"]},
               {"credential",
                {{"credentialType", "SAS"},
                 {"sasUri", uri + '?' + containerSas(container, "racwdl", cloud.options.sasSeconds)}}}}}});
    }

    Reply erase(const std::string& id) const { return emptyReply(cloud.resources.erase(id) ? 200 : 204); }
};

void addKind(Router& router, Cloud& cloud, const AssetKind& kind)
{
    const Assets assets{cloud, kind};
    const std::string collection = workspacePath + '/' + kind.collection;
    const std::string container = collection + "/{name}";
    const std::string version = container + "/versions/{version}";
    const Area area = Area::MachineLearning;
    router.add("GET", collection, area, [assets](Call& call) { return assets.list(call); });
    router.add("GET", container, area, [assets](Call& call) {
        return reply(200, shown(assets.cloud, assets.found(assets.containerId(call), call)));
    });
    router.add("PUT", container, area, [assets](Call& call) { return assets.putContainer(call); });
    router.add("DELETE", container, area,
               [assets](Call& call) { return assets.erase(assets.containerId(call)); });
    router.add("GET", container + "/versions", area,
               [assets](Call& call) { return assets.listVersions(call); });
    router.add("GET", version, area, [assets](Call& call) {
        return reply(200, shown(assets.cloud, assets.found(assets.versionId(call), call)));
    });
    router.add("PUT", version, area, [assets](Call& call) { return assets.putVersion(call); });
    router.add("DELETE", version, area,
               [assets](Call& call) { return assets.erase(assets.versionId(call)); });
}

} // namespace

void addAssets(Router& router, Cloud& cloud)
{
    addKind(router, cloud,
            {"models",
             "Microsoft.MachineLearningServices/workspaces/models",
             checkModelVersion,
             {"modelUri", "modelType"}});
    addKind(router, cloud,
            {"environments",
             "Microsoft.MachineLearningServices/workspaces/environments",
             checkEnvironmentVersion,
             {"image", "condaFile", "build", "osType", "inferenceConfig"}});
    addKind(router, cloud,
            {"codes", "Microsoft.MachineLearningServices/workspaces/codes", checkCodeVersion, {"codeUri"}});
}

} // namespace fake_azure
