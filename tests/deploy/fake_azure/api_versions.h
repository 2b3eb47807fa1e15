// SPDX-License-Identifier: GPL-3.0-or-later
// The api-versions that the fake knows, by area of Azure.
#pragma once

#include <string>
#include <vector>

namespace fake_azure {

enum class Area {
    Open, // no bearer token of ARM, no api-version: sign-in, scoring, blobs, registry, prices, control
    Metadata,
    Subscriptions,
    Resources,
    Authorization,
    MachineLearning,
    Registry,
    RegistryTasks,
    ContainerInstance,
    Metrics,
};

const std::vector<std::string>& apiVersions(Area area); // newest last

} // namespace fake_azure
