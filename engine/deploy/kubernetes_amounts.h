// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: amounts of processors and memory as Kubernetes writes them.
#pragma once

#include <cmath>
#include <string>

namespace lapidary::deploy {

// 0.5 -> "500m", 2 -> "2".
inline std::string kubernetesCpu(double cores)
{
    const long thousandths = std::lround(cores * 1000);
    return thousandths % 1000 == 0 ? std::to_string(thousandths / 1000) : std::to_string(thousandths) + "m";
}

// 1.5 -> "1536Mi", 2 -> "2Gi".
inline std::string kubernetesMemory(double gigabytes)
{
    const long megabytes = std::lround(gigabytes * 1024);
    return megabytes % 1024 == 0 ? std::to_string(megabytes / 1024) + "Gi" : std::to_string(megabytes) + "Mi";
}

} // namespace lapidary::deploy
