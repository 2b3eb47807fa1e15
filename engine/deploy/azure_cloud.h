// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where Azure is, and the versions of its interfaces that we speak. Every host can be another one: a
// sovereign cloud, or a test.
#pragma once

#include "engine/deploy/json.h"

namespace lapidary::deploy {

struct Cloud {
    std::string arm = "https://management.azure.com";
    std::string authority = "https://login.microsoftonline.com";
    std::string tenant = "organizations";
    // The public client of Azure's own command line; an organisation may register one of its own.
    std::string clientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    std::string storageSuffix = "core.windows.net";
    std::string endpointScope = "https://ml.azure.com/.default";
    std::string registryScope = "https://containerregistry.azure.net/.default";
    std::string storageScope = "https://storage.azure.com/.default";
    std::string prices = "https://prices.azure.com";

    std::string armScope() const { return arm + "/.default"; }
};

// "public", "usgov", "china"; else the public one.
Cloud cloudNamed(const std::string& name);

// Members that are missing keep their value.
Cloud cloudFromJson(const Json& json, Cloud cloud = {});
Json toJson(const Cloud& cloud);

namespace api {
// One version for each area: an unknown one is answered with the list of those that are there.
constexpr auto machineLearning = "2025-12-01";
constexpr auto subscriptions = "2022-12-01";
constexpr auto providers = "2021-04-01";
constexpr auto authorization = "2022-04-01";
constexpr auto containerInstances = "2025-09-01";
constexpr auto registries = "2023-07-01";
constexpr auto registryTasks = "2019-06-01-preview";
constexpr auto metrics = "2018-01-01";
constexpr auto storage = "2023-11-03"; // x-ms-version
} // namespace api

} // namespace lapidary::deploy
