// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark/benchmark.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>

namespace lapidary {

namespace {

// sorted must not be empty. fraction in [0, 1].
double percentile(const std::vector<double>& sorted, double fraction)
{
    const double position = fraction * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(position);
    const size_t above = std::min(below + 1, sorted.size() - 1);
    const double weight = position - static_cast<double>(below);
    return sorted[below] + (sorted[above] - sorted[below]) * weight;
}

Result<double> timedRun(Session& session, std::span<const Value> inputs, JobContext& job)
{
    const auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN([[maybe_unused]] const RunResult result, session.run(inputs, {}, job));
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

LatencyStatistics latencyStatistics(std::span<const double> latenciesMs)
{
    LatencyStatistics statistics;
    if (latenciesMs.empty())
        return statistics;
    std::vector<double> sorted(latenciesMs.begin(), latenciesMs.end());
    std::sort(sorted.begin(), sorted.end());
    const auto count = static_cast<double>(sorted.size());
    statistics.count = static_cast<int>(sorted.size());
    statistics.minMs = sorted.front();
    statistics.maxMs = sorted.back();
    statistics.meanMs = std::accumulate(sorted.begin(), sorted.end(), 0.0) / count;
    double squares = 0;
    for (const double latency : sorted)
        squares += (latency - statistics.meanMs) * (latency - statistics.meanMs);
    statistics.standardDeviationMs = sorted.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
    statistics.p50Ms = percentile(sorted, 0.50);
    statistics.p90Ms = percentile(sorted, 0.90);
    statistics.p95Ms = percentile(sorted, 0.95);
    statistics.p99Ms = percentile(sorted, 0.99);
    return statistics;
}

Result<BenchmarkResult> runBenchmark(Session& session, std::span<const Value> inputs,
                                     const BenchmarkOptions& options, JobContext& job,
                                     const RunObserver& onRun)
{
    BenchmarkResult result;
    const int total = options.warmupRuns + options.runs;
    // The runs get the stop request, but their per-node progress would drown the benchmark's own.
    JobContext quiet(job.stopToken(), {});
    for (int index = 0; index < total; ++index) {
        const bool warmingUp = index < options.warmupRuns;
        auto latency = timedRun(session, inputs, quiet);
        if (!latency.ok()) {
            if (latency.error().code != ErrorCode::Cancelled || result.latenciesMs.empty())
                return std::move(latency).error();
            result.stopped = true;
            break;
        }
        (warmingUp ? result.warmupMs : result.latenciesMs).push_back(*latency);
        if (!warmingUp && onRun)
            onRun(index - options.warmupRuns, *latency);
        job.report(static_cast<double>(index + 1) / total, warmingUp ? "Warming up" : "Measuring");
    }
    result.statistics = latencyStatistics(result.latenciesMs);
    return result;
}

uint64_t peakResidentBytes()
{
    // Not getrusage: its peak is inherited from the process that started this one.
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmHWM:", 0) == 0)
            return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024; // in kB
    }
    return 0;
}

} // namespace lapidary
