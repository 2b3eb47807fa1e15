// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how long runs take, said honestly: warm-up apart, percentiles, not only a mean.
#pragma once

#include "engine/session/session.h"

namespace lapidary {

struct BenchmarkOptions {
    int warmupRuns = 3;
    int runs = 50;
};

// All in milliseconds. Percentiles by linear interpolation between the two nearest runs.
struct LatencyStatistics {
    int count = 0;
    double minMs = 0, maxMs = 0, meanMs = 0, standardDeviationMs = 0;
    double p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0;
};

LatencyStatistics latencyStatistics(std::span<const double> latenciesMs);

struct BenchmarkResult {
    std::vector<double> warmupMs;
    std::vector<double> latenciesMs; // in order of the runs
    LatencyStatistics statistics;
    bool stopped = false; // the user ended it early; what was measured is here
};

// onRun is called on the worker thread after every measured run: index from 0, latency.
using RunObserver = std::function<void(int index, double latencyMs)>;

// Errors: those of Session::run. Cancelling keeps what was measured (stopped = true) if at least one
// run was; otherwise Cancelled.
Result<BenchmarkResult> runBenchmark(Session& session, std::span<const Value> inputs,
                                     const BenchmarkOptions& options, JobContext& job,
                                     const RunObserver& onRun = {});

// Peak resident memory of this process so far, in bytes; 0 when the system does not tell.
uint64_t peakResidentBytes();

} // namespace lapidary
