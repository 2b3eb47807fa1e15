// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/run_work.h"

#include <chrono>

namespace lapidary {

Result<RunReport> performRun(RunRequest request, SessionCache& sessions, JobContext& job)
{
    RunReport report;
    TRY_ASSIGN(Session * session, sessions.session(request.session, job, report.createMs));
    RunOptions options;
    options.profile = request.profile;
    const auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN(report.result, session->run(request.inputs, options, job));
    report.runMs =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    report.placements = session->placements();
    report.request = std::move(request);
    return report;
}

Result<BenchmarkReport> performBenchmark(const RunRequest& request, const BenchmarkOptions& options,
                                         SessionCache& sessions, JobContext& job, const RunObserver& onRun)
{
    BenchmarkReport report;
    report.session = request.session;
    TRY_ASSIGN(Session * session, sessions.session(request.session, job, report.createMs));
    TRY_ASSIGN(report.result, runBenchmark(*session, request.inputs, options, job, onRun));
    return report;
}

} // namespace lapidary
