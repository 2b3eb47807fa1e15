// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/model_inputs.h"
#include "engine/benchmark/benchmark.h"
#include "engine/onnx/reader.h"

#include <chrono>
#include <cstdio>
#include <iostream>

namespace lapidary::cli {

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point from, Clock::time_point to)
{
    return std::chrono::duration<double, std::milli>(to - from).count();
}

// Rounds of runs when somebody asks: for each line of standard input the latencies in milliseconds, as JSON
// on one line. Another program can then take turns with this one.
Status answerRounds(Session& session, std::span<const Value> inputs, const BenchmarkOptions& benchmark)
{
    JobContext job;
    std::string line;
    while (std::getline(std::cin, line)) {
        BenchmarkOptions round = benchmark;
        round.warmupRuns = 1;
        TRY_ASSIGN(const BenchmarkResult result, runBenchmark(session, inputs, round, job));
        std::cout << Json(result.latenciesMs).dump() << std::endl;
    }
    return {};
}

// Keys as in the README; load_ms is reading plus making the session. paced: the object first, then a round
// for each line of standard input.
Result<Json> measure(const RunArguments& arguments, const InputArguments& inputArguments,
                     const BenchmarkOptions& benchmark, bool paced)
{
    JobContext job;
    const auto start = Clock::now();
    TRY_ASSIGN(const auto model, loadModel(arguments.model, job));
    const auto loaded = Clock::now();
    TRY_ASSIGN(const SessionOptions options, arguments.sessionOptions());
    TRY_ASSIGN(const auto session, Session::create(model, options, job));
    const auto created = Clock::now();
    TRY_ASSIGN(const ModelInputs inputs, collectInputs(*model, options, inputArguments));

    const auto firstStart = Clock::now();
    TRY_ASSIGN([[maybe_unused]] const RunResult first, session->run(inputs.values, {}, job));
    const double firstMs = milliseconds(firstStart, Clock::now());
    TRY_ASSIGN(const BenchmarkResult result, runBenchmark(*session, inputs.values, benchmark, job));
    const LatencyStatistics& latency = result.statistics;
    Json json{{"engine", "lapidary"},
              {"model", arguments.model},
              {"device", options.device},
              {"threads", options.threads},
              {"runs", latency.count},
              {"warmup", benchmark.warmupRuns},
              {"load_ms", milliseconds(start, created)},
              {"parse_ms", milliseconds(start, loaded)},
              {"create_ms", milliseconds(loaded, created)},
              {"first_run_ms", firstMs},
              {"min_ms", latency.minMs},
              {"mean_ms", latency.meanMs},
              {"p50_ms", latency.p50Ms},
              {"p90_ms", latency.p90Ms},
              {"p95_ms", latency.p95Ms},
              {"p99_ms", latency.p99Ms},
              {"max_ms", latency.maxMs},
              {"stddev_ms", latency.standardDeviationMs},
              {"peak_rss_mb", static_cast<double>(peakResidentBytes()) / (1 << 20)}};
    if (paced) {
        std::cout << json.dump() << std::endl;
        TRY(answerRounds(*session, inputs.values, benchmark));
    }
    return json;
}

} // namespace

int runBench(const Arguments& arguments)
{
    CommandLine line("bench", "Measures how long a model takes. Inputs as for run.");
    RunArguments runArguments;
    InputArguments inputArguments;
    BenchmarkOptions benchmark;
    bool paced = false;
    runArguments.addTo(line.app());
    inputArguments.addTo(line.app());
    line.app()
        .add_option("--runs", benchmark.runs, "measured runs")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    line.app()
        .add_option("--warmup", benchmark.warmupRuns, "runs before")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    line.app().add_flag("--paced", paced,
                        "after that, a round of runs for each line of standard input, answered with the "
                        "latencies as JSON: to take turns with another program");
    if (!line.parse(arguments))
        return line.exitCode();

    const auto json = measure(runArguments, inputArguments, benchmark, paced);
    if (!json.ok())
        return fail(json.error(), line.json() || paced);
    if (paced)
        return exitOk;
    if (line.json()) {
        print(*json);
        return exitOk;
    }
    for (const auto& [key, value] : json->items()) {
        if (value.is_number_float())
            std::printf("%-14s %.3f\n", key.c_str(), value.get<double>());
        else
            std::printf("%-14s %s\n", key.c_str(),
                        value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
    }
    return exitOk;
}

} // namespace lapidary::cli
