// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/instance_types.h"

#include <algorithm>

namespace lapidary::deploy {

namespace {

double numberAt(const Json& json, const char* name)
{
    const Json& found = at(json, name);
    return found.is_number() ? found.get<double>() : 0;
}

} // namespace

Result<std::vector<InstanceType>> instanceTypes(const Choices& choices, ArmClient& arm, JobContext& job)
{
    const std::string url = choices.cloud.arm + "/subscriptions/" + choices.workspace.subscription +
                            "/providers/Microsoft.MachineLearningServices/locations/" + choices.location +
                            "/vmSizes";
    TRY_ASSIGN(const std::vector<Json> sizes, arm.list(withVersion(url, api::machineLearning), job));
    std::vector<InstanceType> types;
    for (const Json& size : sizes)
        types.push_back({textAt(size, "name"), textAt(size, "family"),
                         static_cast<int>(numberAt(size, "vCPUs")), numberAt(size, "memoryGB"),
                         static_cast<int>(numberAt(size, "gpus"))});
    std::stable_sort(types.begin(), types.end(), [](const InstanceType& a, const InstanceType& b) {
        return std::tuple(a.gpus, a.vCpus, a.memoryGb) < std::tuple(b.gpus, b.vCpus, b.memoryGb);
    });
    return types;
}

int neededCores(int vCpus, int instances) { return (vCpus * instances * 12 + 9) / 10; }

} // namespace lapidary::deploy
