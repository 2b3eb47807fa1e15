// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how the calls of an endpoint are divided among its deployments.
#pragma once

#include "engine/deploy/arm.h"

namespace lapidary::deploy {

// before: {"blue": 90, "green": 10}, or null. The deployment gets percent of the calls (1 to 100), the others
// share the rest as they did; one without others gets all. The shares are whole numbers whose sum is 100.
Json trafficWith(const Json& before, const std::string& deployment, int percent);

// Traffic is a part of the endpoint, which is put again as it is, with other traffic. url: of the endpoint,
// with a version. Errors: of ArmClient.
Status putTraffic(const Json& endpoint, const Json& traffic, const std::string& url, ArmClient& arm,
                  JobContext& job);

} // namespace lapidary::deploy
