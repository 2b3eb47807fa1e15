// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a run and a benchmark do on their worker thread. Nothing here touches the document.
#pragma once

#include "ui/document/model_document.h"
#include "ui/document/session_cache.h"

namespace lapidary {

// Errors: those of Session::create and Session::run.
Result<RunReport> performRun(RunRequest request, SessionCache& sessions, JobContext& job);
Result<BenchmarkReport> performBenchmark(const RunRequest& request, const BenchmarkOptions& options,
                                         SessionCache& sessions, JobContext& job, const RunObserver& onRun);

} // namespace lapidary
