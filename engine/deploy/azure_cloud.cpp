// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/azure_cloud.h"

namespace lapidary::deploy {

namespace {

struct Member {
    const char* name;
    std::string Cloud::*member;
};

constexpr Member members[] = {
    {"arm", &Cloud::arm},
    {"authority", &Cloud::authority},
    {"tenant", &Cloud::tenant},
    {"clientId", &Cloud::clientId},
    {"storageSuffix", &Cloud::storageSuffix},
    {"endpointScope", &Cloud::endpointScope},
    {"registryScope", &Cloud::registryScope},
    {"storageScope", &Cloud::storageScope},
    {"prices", &Cloud::prices},
};

} // namespace

Cloud cloudNamed(const std::string& name)
{
    Cloud cloud;
    if (name == "usgov") {
        cloud.arm = "https://management.usgovcloudapi.net";
        cloud.authority = "https://login.microsoftonline.us";
        cloud.storageSuffix = "core.usgovcloudapi.net";
        cloud.endpointScope = "https://ml.azure.us/.default";
    } else if (name == "china") {
        cloud.arm = "https://management.chinacloudapi.cn";
        cloud.authority = "https://login.chinacloudapi.cn";
        cloud.storageSuffix = "core.chinacloudapi.cn";
        cloud.endpointScope = "https://ml.azure.cn/.default";
        cloud.prices = "https://prices.azure.cn";
    }
    return cloud;
}

Cloud cloudFromJson(const Json& json, Cloud cloud)
{
    for (const Member& member : members) {
        if (const std::string text = textAt(json, member.name); !text.empty())
            cloud.*member.member = text;
    }
    return cloud;
}

Json toJson(const Cloud& cloud)
{
    Json json;
    for (const Member& member : members)
        json[member.name] = cloud.*member.member;
    return json;
}

} // namespace lapidary::deploy
