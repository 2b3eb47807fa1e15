// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/metrics.h"

#include <cstdio>
#include <limits>

namespace lapidary::serve {

namespace {

std::string decimal(double number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%g", number);
    return text;
}

void appendRunSizes(std::string& text, const std::map<size_t, uint64_t>& runSizes)
{
    text += "# HELP lapidary_run_requests Requests whose inputs were joined for a run.\n"
            "# TYPE lapidary_run_requests histogram\n";
    uint64_t runs = 0;
    uint64_t requests = 0;
    auto next = runSizes.begin();
    const auto addUpTo = [&](size_t bound, const std::string& label) {
        for (; next != runSizes.end() && next->first <= bound; ++next) {
            runs += next->second;
            requests += next->second * next->first;
        }
        text += "lapidary_run_requests_bucket{le=\"" + label + "\"} " + std::to_string(runs) + "\n";
    };
    for (size_t bound = 1; bound <= 128; bound *= 2)
        addUpTo(bound, std::to_string(bound));
    addUpTo(std::numeric_limits<size_t>::max(), "+Inf");
    text += "lapidary_run_requests_sum " + std::to_string(requests) + "\n";
    text += "lapidary_run_requests_count " + std::to_string(runs) + "\n";
}

} // namespace

void Metrics::Durations::add(std::chrono::nanoseconds duration)
{
    const double seconds = std::chrono::duration<double>(duration).count();
    for (size_t i = 0; i < bounds.size(); ++i)
        buckets[i] += seconds <= bounds[i] ? 1 : 0;
    ++count;
    sum += seconds;
}

void Metrics::count(const std::string& route, int status, std::chrono::nanoseconds duration)
{
    const std::lock_guard lock(m_mutex);
    ++m_requests[{route, status}];
    m_durations[route].add(duration);
}

void Metrics::countRun(std::chrono::nanoseconds waited, std::chrono::nanoseconds ran)
{
    const std::lock_guard lock(m_mutex);
    m_waited.add(waited);
    m_ran.add(ran);
}

void Metrics::append(std::string& text, const std::string& name, const std::string& labels,
                     const Durations& durations)
{
    const std::string more = labels.empty() ? std::string() : labels + ",";
    for (size_t i = 0; i < bounds.size(); ++i)
        text += name + "_bucket{" + more + "le=\"" + decimal(bounds[i]) + "\"} " +
                std::to_string(durations.buckets[i]) + "\n";
    text += name + "_bucket{" + more + "le=\"+Inf\"} " + std::to_string(durations.count) + "\n";
    const std::string braces = labels.empty() ? std::string() : "{" + labels + "}";
    text += name + "_sum" + braces + " " + decimal(durations.sum) + "\n";
    text += name + "_count" + braces + " " + std::to_string(durations.count) + "\n";
}

std::string Metrics::text(bool ready, int waiting, const std::map<size_t, uint64_t>& runSizes) const
{
    const std::lock_guard lock(m_mutex);
    std::string text = "# HELP lapidary_ready Whether the model has run once and takes requests.\n"
                       "# TYPE lapidary_ready gauge\nlapidary_ready " +
                       std::to_string(ready ? 1 : 0) +
                       "\n# HELP lapidary_waiting_requests Requests that wait for a session.\n"
                       "# TYPE lapidary_waiting_requests gauge\nlapidary_waiting_requests " +
                       std::to_string(waiting) +
                       "\n# HELP lapidary_requests_total Requests answered.\n"
                       "# TYPE lapidary_requests_total counter\n";
    for (const auto& [key, count] : m_requests)
        text += "lapidary_requests_total{route=\"" + key.first + "\",status=\"" + std::to_string(key.second) +
                "\"} " + std::to_string(count) + "\n";
    text += "# HELP lapidary_request_seconds From the whole request to the whole answer.\n"
            "# TYPE lapidary_request_seconds histogram\n";
    for (const auto& [route, durations] : m_durations)
        append(text, "lapidary_request_seconds", "route=\"" + route + "\"", durations);
    text += "# HELP lapidary_queue_seconds Waiting for a session.\n# TYPE lapidary_queue_seconds histogram\n";
    append(text, "lapidary_queue_seconds", {}, m_waited);
    text += "# HELP lapidary_run_seconds The run of the model.\n# TYPE lapidary_run_seconds histogram\n";
    append(text, "lapidary_run_seconds", {}, m_ran);
    appendRunSizes(text, runSizes);
    return text;
}

} // namespace lapidary::serve
