// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/sessions.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

namespace lapidary::serve {

namespace {
constexpr uint64_t mostWeightBytes = uint64_t{2} << 30; // of all sessions together, unless asked for

// Processors that the quota allows; 0: no quota. Version 2 of control groups, else version 1.
double quota()
{
    std::string allowed;
    double period = 0;
    if (std::ifstream("/sys/fs/cgroup/cpu.max") >> allowed >> period)
        return allowed == "max" || period <= 0 ? 0 : std::strtod(allowed.c_str(), nullptr) / period;
    double microseconds = 0;
    std::ifstream("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") >> microseconds;
    std::ifstream("/sys/fs/cgroup/cpu/cpu.cfs_period_us") >> period;
    return microseconds > 0 && period > 0 ? microseconds / period : 0;
}
} // namespace

int usableProcessors()
{
    const int bound = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const double allowed = quota();
    return allowed > 0 ? std::clamp(static_cast<int>(std::ceil(allowed)), 1, bound) : bound;
}

Division divide(int processors, int sessions, int threads, uint64_t weightBytes)
{
    if (sessions == 0) {
        const uint64_t fit = mostWeightBytes / std::max<uint64_t>(1, weightBytes);
        sessions = std::max(1, processors / std::max(1, threads));
        sessions = static_cast<int>(std::clamp<uint64_t>(fit, 1, static_cast<uint64_t>(sessions)));
    }
    return {sessions, threads > 0 ? threads : std::max(1, processors / sessions)};
}

} // namespace lapidary::serve
