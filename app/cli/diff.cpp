// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/model_inputs.h"
#include "engine/diff/change_text.h"
#include "engine/onnx/reader.h"
#include "engine/session/compare_runs.h"

#include <cmath>
#include <iostream>

namespace lapidary::cli {

namespace {

std::string labelOf(const Graph& graph, NodeId id) { return nodeLabel(graph.node(id), id); }

Json toJson(const GraphDiff& diff, const Graph& before, const Graph& after)
{
    Json json{{"same", diff.same},
              {"changed", diff.changes.size()},
              {"added", diff.added},
              {"removed", diff.removed}};
    json["nodes"] = Json::array();
    for (size_t i = 0; i < before.nodes.size(); ++i) {
        if (diff.matching.afterOf[i] == noNode)
            json["nodes"].push_back(
                {{"status", "removed"}, {"before", labelOf(before, static_cast<NodeId>(i))}});
    }
    for (size_t i = 0; i < after.nodes.size(); ++i) {
        if (diff.matching.beforeOf[i] == noNode)
            json["nodes"].push_back({{"status", "added"}, {"after", labelOf(after, static_cast<NodeId>(i))}});
    }
    for (const NodeChange& change : diff.changes)
        json["nodes"].push_back({{"status", "changed"},
                                 {"before", labelOf(before, change.before)},
                                 {"after", labelOf(after, change.after)},
                                 {"changes", changeTexts(change, before, after)}});
    return json;
}

void printText(const GraphDiff& diff, const Graph& before, const Graph& after)
{
    for (size_t i = 0; i < before.nodes.size(); ++i) {
        if (diff.matching.afterOf[i] == noNode)
            std::cout << "- " << labelOf(before, static_cast<NodeId>(i)) << "\n";
    }
    for (size_t i = 0; i < after.nodes.size(); ++i) {
        if (diff.matching.beforeOf[i] == noNode)
            std::cout << "+ " << labelOf(after, static_cast<NodeId>(i)) << "\n";
    }
    for (const NodeChange& change : diff.changes) {
        std::cout << "~ " << labelOf(after, change.after) << "\n";
        for (const std::string& text : changeTexts(change, before, after))
            std::cout << "    " << text << "\n";
    }
    std::cout << diff.same << " nodes the same, " << diff.changes.size() << " changed, " << diff.added
              << " added, " << diff.removed << " removed\n";
}

// The same inputs through both models.
Result<std::vector<NodeError>> runBoth(const std::shared_ptr<const Model>& before,
                                       const std::shared_ptr<const Model>& after,
                                       const NodeMatching& matching, SessionOptions options,
                                       const InputArguments& inputs, JobContext& job)
{
    options.passes = PassSelection::none(); // the result of every node is compared
    TRY_ASSIGN(const auto first, Session::create(before, options, job));
    TRY_ASSIGN(const auto second, Session::create(after, options, job));
    TRY_ASSIGN(const ModelInputs values, collectInputs(*after, options, inputs));
    return compareRuns(*first, *second, matching, values.values, job);
}

Json toJson(const std::vector<NodeError>& errors, const Graph& after)
{
    Json list = Json::array();
    for (const NodeError& error : errors)
        list.push_back({{"after", labelOf(after, error.after)},
                        {"relative", std::isinf(error.relative) ? Json("infinite") : Json(error.relative)},
                        {"max_absolute", error.maxAbsolute}});
    return list;
}

void printText(const std::vector<NodeError>& errors, const Graph& after)
{
    std::cout << "\nrelative  absolute  results of the same inputs\n";
    for (const NodeError& error : errors) {
        char numbers[40];
        std::snprintf(numbers, sizeof numbers, "%8.2g  %8.2g  ", error.relative, error.maxAbsolute);
        std::cout << numbers << labelOf(after, error.after) << "\n";
    }
}

} // namespace

int runDiff(const Arguments& arguments)
{
    CommandLine line("diff", "Compares two models node by node. Exit code 1 when they differ.");
    std::string beforePath, afterPath;
    bool skipWeights = false;
    bool run = false;
    InputArguments inputs;
    std::vector<std::string> dims;
    line.app().add_option("BEFORE", beforePath, "the .onnx file to compare with")->required();
    line.app().add_option("AFTER", afterPath, "the .onnx file")->required();
    line.app().add_flag("--no-weights", skipWeights, "compare shapes of weights only, not their elements");
    line.app().add_flag("--run", run,
                        "run both on the same inputs: how far apart the results of each node are");
    line.app().add_option("--dim", dims, "with --run: size of a named dimension, NAME=N");
    inputs.addTo(line.app());
    if (!line.parse(arguments))
        return line.exitCode();

    JobContext job;
    const auto before = loadModel(beforePath, job);
    if (!before.ok())
        return fail(before.error(), line.json());
    const auto after = loadModel(afterPath, job);
    if (!after.ok())
        return fail(after.error(), line.json());
    const auto diff = diffGraphs((*before)->graph, (*after)->graph, {.weights = !skipWeights}, job);
    if (!diff.ok())
        return fail(diff.error(), line.json());
    std::vector<NodeError> errors;
    if (run) {
        SessionOptions options;
        const auto sizes = parseDims(dims);
        if (!sizes.ok())
            return fail(sizes.error(), line.json());
        options.dims = *sizes;
        auto compared = runBoth(*before, *after, diff->matching, options, inputs, job);
        if (!compared.ok())
            return fail(compared.error(), line.json());
        errors = std::move(*compared);
    }
    if (line.json()) {
        Json json = toJson(*diff, (*before)->graph, (*after)->graph);
        if (run)
            json["errors"] = toJson(errors, (*after)->graph);
        print(json);
    } else {
        printText(*diff, (*before)->graph, (*after)->graph);
        if (run)
            printText(errors, (*after)->graph);
    }
    return diff->empty() ? exitOk : exitFailed;
}

} // namespace lapidary::cli
