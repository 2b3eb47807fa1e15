// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/model_inputs.h"
#include "engine/onnx/reader.h"
#include "engine/ops/inference.h"
#include "engine/session/node_work.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace lapidary::cli {

namespace {

// What one kernel took, over all measured runs.
struct Row {
    NodeId node = noNode;
    std::string implementation;
    std::vector<int64_t> durationsNs;
    uint64_t bytes = 0;
    double flops = 0; // of the node and of those that run within it; 0: not known

    double medianNs() const
    {
        std::vector<int64_t> sorted = durationsNs;
        std::nth_element(sorted.begin(), sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2),
                         sorted.end());
        return static_cast<double>(sorted[sorted.size() / 2]);
    }
};

// Steps are the same in each run, in the same order.
Result<std::vector<Row>> measure(Session& session, std::span<const Value> inputs, int runs, JobContext& job)
{
    RunOptions options;
    TRY_ASSIGN([[maybe_unused]] const RunResult first, session.run(inputs, options, job));
    options.profile = true;
    std::vector<Row> rows;
    for (int run = 0; run < runs; ++run) {
        TRY_ASSIGN(const RunResult result, session.run(inputs, options, job));
        rows.resize(std::max(rows.size(), result.profile.nodes.size()));
        for (size_t i = 0; i < result.profile.nodes.size(); ++i) {
            const NodeTiming& timing = result.profile.nodes[i];
            rows[i].node = timing.node;
            rows[i].implementation = timing.implementation;
            rows[i].bytes = timing.bytes;
            rows[i].durationsNs.push_back(timing.durationNs);
        }
    }
    return rows;
}

// Work by the shapes of these inputs, each node's with the kernel that does it.
Status countWork(const Session& session, std::span<const Value> inputs, std::vector<Row>& rows,
                 JobContext& job)
{
    const Graph& graph = session.model().graph;
    InferenceOptions options;
    options.dims = session.options().dims;
    for (size_t i = 0; i < inputs.size(); ++i)
        options.inputTypes[session.inputs()[i]] = typeOf(inputs[i]);
    TRY_ASSIGN(const InferredTypes types, inferTypes(session.model(), options, job));
    std::unordered_map<NodeId, double> flops;
    for (const NodePlacement& placement : session.placements()) {
        const NodeWork work = nodeWork(graph.node(placement.node), types);
        flops[placement.within == noNode ? placement.node : placement.within] += work.flops;
    }
    for (Row& row : rows) {
        if (!row.implementation.starts_with("layout"))
            row.flops = flops[row.node];
    }
    return {};
}

Json toJson(const Row& row, const Graph& graph, double totalNs)
{
    const Node& node = graph.node(row.node);
    const double ns = row.medianNs();
    Json json = {{"node", nodeLabel(node, row.node)},
                 {"operator", node.opType},
                 {"ms", ns / 1e6},
                 {"share", ns / totalNs},
                 {"kernel", row.implementation},
                 {"gbytes_per_s", static_cast<double>(row.bytes) / std::max(ns, 1.0)}};
    if (row.flops > 0)
        json["gflop_per_s"] = row.flops / std::max(ns, 1.0);
    return json;
}

struct Outcome {
    std::vector<Json> nodes; // in order of execution
    double totalMs = 0;
    std::vector<PassReport> passes;
};

Result<Outcome> profile(const RunArguments& arguments, const InputArguments& inputArguments, int runs)
{
    JobContext job;
    TRY_ASSIGN(const auto model, loadModel(arguments.model, job));
    TRY_ASSIGN(const SessionOptions options, arguments.sessionOptions());
    TRY_ASSIGN(const auto session, Session::create(model, options, job));
    TRY_ASSIGN(const ModelInputs inputs, collectInputs(*model, options, inputArguments));
    TRY_ASSIGN(std::vector<Row> rows, measure(*session, inputs.values, runs, job));
    TRY(countWork(*session, inputs.values, rows, job));
    double totalNs = 0;
    for (const Row& row : rows)
        totalNs += row.medianNs();
    Outcome outcome;
    outcome.totalMs = totalNs / 1e6;
    outcome.passes = session->passes();
    for (const Row& row : rows)
        outcome.nodes.push_back(toJson(row, model->graph, totalNs));
    return outcome;
}

void printTable(const Outcome& outcome, size_t count)
{
    std::vector<Json> slowest = outcome.nodes;
    std::stable_sort(slowest.begin(), slowest.end(), [](const Json& a, const Json& b) {
        return a["ms"].get<double>() > b["ms"].get<double>();
    });
    std::printf("%10s %7s %9s %9s  %s\n", "ms", "share", "GFLOP/s", "GB/s", "node, kernel");
    for (size_t i = 0; i < std::min(count, slowest.size()); ++i) {
        const Json& row = slowest[i];
        char work[16] = "";
        if (row.contains("gflop_per_s"))
            std::snprintf(work, sizeof work, "%.1f", row["gflop_per_s"].get<double>());
        std::printf("%10.3f %6.1f%% %9s %9.1f  %s, %s\n", row["ms"].get<double>(),
                    100 * row["share"].get<double>(), work, row["gbytes_per_s"].get<double>(),
                    row["node"].get<std::string>().c_str(), row["kernel"].get<std::string>().c_str());
    }
    if (slowest.size() > count)
        std::printf("and %zu more\n", slowest.size() - count);
    std::printf("%10.3f ms in %zu kernels\n", outcome.totalMs, slowest.size());
}

} // namespace

int runProfile(const Arguments& arguments)
{
    CommandLine line("profile", "Where the time of a run goes, kernel by kernel. Inputs as for run.");
    RunArguments runArguments;
    InputArguments inputArguments;
    int runs = 10;
    size_t count = 30;
    bool explain = false;
    runArguments.addTo(line.app());
    inputArguments.addTo(line.app());
    line.app()
        .add_option("--runs", runs, "runs; the median of each kernel is shown")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    line.app()
        .add_option("--top", count, "how many kernels are shown, the slowest first")
        ->capture_default_str();
    line.app().add_flag("--explain", explain, "also what each pass changed in the graph before the run");
    if (!line.parse(arguments))
        return line.exitCode();

    const auto outcome = profile(runArguments, inputArguments, runs);
    if (!outcome.ok())
        return fail(outcome.error(), line.json());
    if (line.json()) {
        Json json = {
            {"model", runArguments.model}, {"total_ms", outcome->totalMs}, {"nodes", outcome->nodes}};
        for (const PassReport& report : outcome->passes)
            json["passes"].push_back({{"pass", report.pass}, {"changes", report.notes}});
        print(json);
        return exitOk;
    }
    printTable(*outcome, count);
    for (const PassReport& report : outcome->passes) {
        if (!explain)
            break;
        std::cout << "\n" << report.pass << ": " << report.notes.size() << "\n";
        for (const std::string& note : report.notes)
            std::cout << "  " << note << "\n";
    }
    return exitOk;
}

} // namespace lapidary::cli
