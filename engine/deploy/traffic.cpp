// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/traffic.h"

#include <algorithm>

namespace lapidary::deploy {

Json trafficWith(const Json& before, const std::string& deployment, int percent)
{
    struct Share {
        std::string name;
        int percent;
        int remainder;
    };
    std::vector<Share> others;
    int sum = 0;
    for (auto share = before.begin(); before.is_object() && share != before.end(); ++share) {
        const int now = share.value().is_number_integer() ? share.value().get<int>() : 0;
        if (share.key() != deployment && now > 0) {
            others.push_back({share.key(), now, 0});
            sum += now;
        }
    }
    if (sum == 0 || percent >= 100)
        return {{deployment, 100}};
    int left = 100 - percent;
    for (Share& share : others) {
        const int scaled = share.percent * (100 - percent);
        share.percent = scaled / sum;
        share.remainder = scaled % sum;
        left -= share.percent;
    }
    // What rounding down has left goes where it was cut most.
    std::vector<Share*> byRemainder;
    byRemainder.reserve(others.size());
    for (Share& share : others)
        byRemainder.push_back(&share);
    std::stable_sort(byRemainder.begin(), byRemainder.end(),
                     [](const Share* a, const Share* b) { return a->remainder > b->remainder; });
    for (size_t i = 0; left > 0; ++i, --left)
        ++byRemainder[i % byRemainder.size()]->percent;
    Json traffic = {{deployment, percent}};
    for (const Share& share : others)
        traffic[share.name] = share.percent;
    return traffic;
}

Status putTraffic(const Json& endpoint, const Json& traffic, const std::string& url, ArmClient& arm,
                  JobContext& job)
{
    Json body = {
        {"location", at(endpoint, "location")},
        {"tags", at(endpoint, "tags")},
        {"identity", {{"type", textAt(endpoint, "identity", "type")}}},
        {"properties", {{"authMode", at(endpoint, "properties", "authMode")}, {"traffic", traffic}}}};
    if (const Json& assigned = at(endpoint, "identity", "userAssignedIdentities"); assigned.is_object()) {
        for (const auto& identity : assigned.items())
            body["identity"]["userAssignedIdentities"][identity.key()] = Json::object();
    }
    for (const char* member : {"description", "publicNetworkAccess", "mirrorTraffic", "compute"}) {
        if (const Json& value = at(endpoint, "properties", member); !value.is_null())
            body["properties"][member] = value;
    }
    TRY_ASSIGN(const HttpResponse response, arm.send("PUT", url, body, job));
    if (!response.ok())
        return armError(response, url);
    return arm.wait(ArmClient::operationIn(response, "PUT", url), {}, job);
}

} // namespace lapidary::deploy
