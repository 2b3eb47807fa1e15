// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a scoring server counts, in the text format of Prometheus. Thread safe.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace lapidary::serve {

class Metrics {
public:
    // One request that was answered. route: "/score"; status: of HTTP.
    void count(const std::string& route, int status, std::chrono::nanoseconds duration);
    void countRun(std::chrono::nanoseconds waited, std::chrono::nanoseconds ran);

    // waiting: callers in the queue now. runSizes: runs for so many callers.
    std::string text(bool ready, int waiting, const std::map<size_t, uint64_t>& runSizes) const;

private:
    // Upper bounds of the buckets, in seconds.
    static constexpr std::array bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                       0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
    struct Durations {
        std::array<uint64_t, bounds.size()> buckets{}; // each with those below
        uint64_t count = 0;
        double sum = 0; // seconds
        void add(std::chrono::nanoseconds duration);
    };
    static void append(std::string& text, const std::string& name, const std::string& labels,
                       const Durations& durations);

    mutable std::mutex m_mutex;
    std::map<std::pair<std::string, int>, uint64_t> m_requests; // by route and status
    std::map<std::string, Durations> m_durations;               // by route
    Durations m_waited;
    Durations m_ran;
};

} // namespace lapidary::serve
