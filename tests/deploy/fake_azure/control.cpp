// SPDX-License-Identifier: GPL-3.0-or-later
// The test's own routes: the C++ interface over HTTP, for tests in other processes.
#include "areas.h"

namespace fake_azure {

void addControl(Router& router, Cloud& cloud)
{
    router.addUnlocked("GET", "/_fake/journal", [&](Call&) {
        Json list = Json::array();
        for (const JournalEntry& entry : cloud.journal.entries())
            list.push_back(Journal::toJson(entry));
        return Reply{200, list.dump(-1, ' ', false, Json::error_handler_t::replace)};
    });
    router.addUnlocked("DELETE", "/_fake/journal", [&](Call&) {
        cloud.journal.clear();
        return emptyReply(204);
    });
    router.addUnlocked("POST", "/_fake/faults", [&](Call& call) {
        const Json body = Json::parse(call.body, nullptr, false);
        try {
            if (body.is_array()) {
                for (const Json& fault : body)
                    cloud.faults.add(fault);
            } else {
                cloud.faults.add(body);
            }
        } catch (const std::exception& error) {
            throw ArmError(400, "BadFault", error.what());
        }
        return emptyReply(204);
    });
    router.addUnlocked("DELETE", "/_fake/faults", [&](Call&) {
        cloud.faults.clear();
        return emptyReply(204);
    });
    router.add("GET", "/_fake/options", Area::Open, [&](Call&) { return reply(200, toJson(cloud.options)); });
    router.add("POST", "/_fake/options", Area::Open, [&](Call& call) {
        try {
            cloud.options = optionsFromJson(Json::parse(call.body), cloud.options);
        } catch (const std::exception& error) {
            throw ArmError(400, "BadOptions", error.what());
        }
        return emptyReply(204);
    });
    router.add("POST", "/_fake/tokens/expire", Area::Open, [&](Call&) {
        cloud.tokens.expireAll();
        return emptyReply(204);
    });
    // {endpoint, deployment, url?, log?}
    router.add("POST", "/_fake/backend", Area::Open, [&](Call& call) {
        const Json body = call.json();
        const std::string key = lower(body.value("endpoint", "") + '/' + body.value("deployment", ""));
        if (body.contains("url"))
            cloud.backends.setAddress(key, body["url"]);
        if (body.contains("log"))
            cloud.backends.setLog(key, body["log"]);
        return emptyReply(204);
    });
    // ?id=/subscriptions/...
    router.add("GET", "/_fake/resource", Area::Open, [&](Call& call) {
        const Json* found = cloud.resources.find(call.parameter("id"));
        return reply(found ? 200 : 404, found ? *found : Json());
    });
}

} // namespace fake_azure
