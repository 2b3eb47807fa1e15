// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_versions.h"

#include <map>

namespace fake_azure {

const std::vector<std::string>& apiVersions(Area area)
{
    static const std::map<Area, std::vector<std::string>> versions{
        {Area::Open, {}},
        {Area::Metadata, {"2020-09-01", "2022-09-01", "2023-11-01", "2023-12-01"}},
        {Area::Subscriptions, {"2016-06-01", "2020-01-01", "2021-01-01", "2022-09-01", "2022-12-01"}},
        {Area::Resources,
         {"2020-06-01", "2020-10-01", "2021-04-01", "2022-09-01", "2023-07-01", "2024-03-01", "2025-04-01"}},
        {Area::Authorization, {"2015-07-01", "2018-07-01", "2022-04-01"}},
        {Area::MachineLearning,
         {"2022-10-01", "2023-04-01", "2023-10-01", "2024-04-01", "2024-10-01", "2025-04-01", "2025-06-01",
          "2025-09-01", "2025-12-01", "2026-03-01", "2026-05-01"}},
        {Area::Registry,
         {"2019-05-01", "2021-09-01", "2022-12-01", "2023-07-01", "2025-04-01", "2025-11-01"}},
        {Area::RegistryTasks, {"2019-04-01", "2019-06-01-preview", "2025-03-01-preview"}},
        {Area::ContainerInstance, {"2021-10-01", "2022-09-01", "2023-05-01", "2025-09-01", "2026-07-01"}},
        {Area::Metrics, {"2018-01-01", "2019-07-01", "2021-05-01", "2023-10-01", "2024-02-01"}},
    };
    return versions.at(area);
}

} // namespace fake_azure
