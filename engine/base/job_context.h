// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a piece of long work sees of the outside: whether to stop, and where to say how far
// it is. Every long function of the engine takes one; loops check stopRequested() at least every
// 50 ms or once per node.
#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

namespace lapidary {

class JobContext {
public:
    // fraction in [0, 1], or negative when unknown. Called on the worker thread, at most about
    // 20 times a second (and always for fraction 1).
    using ReportFunction = std::function<void(double fraction, const std::string& text)>;

    // A context that is never stopped and reports nowhere: commands, tests.
    JobContext() = default;
    JobContext(std::stop_token stop, ReportFunction report)
        : m_stop(std::move(stop)), m_report(std::move(report))
    {
    }

    bool stopRequested() const { return m_stop.stop_requested(); }
    const std::stop_token& stopToken() const { return m_stop; }
    void report(double fraction, const std::string& text = {});
    // False when a report would be dropped now: callers then need not compose its text.
    bool reportDue() const;

private:
    std::stop_token m_stop;
    ReportFunction m_report;
    std::chrono::steady_clock::time_point m_lastReport{};
};

// The result of work that noticed stopRequested().
Error cancelled();

} // namespace lapidary
