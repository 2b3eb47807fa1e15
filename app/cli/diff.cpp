// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/diff/change_text.h"
#include "engine/onnx/reader.h"

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

} // namespace

int runDiff(const Arguments& arguments)
{
    CommandLine line("diff", "Compares two models node by node. Exit code 1 when they differ.");
    std::string beforePath, afterPath;
    bool skipWeights = false;
    line.app().add_option("BEFORE", beforePath, "the .onnx file to compare with")->required();
    line.app().add_option("AFTER", afterPath, "the .onnx file")->required();
    line.app().add_flag("--no-weights", skipWeights, "compare shapes of weights only, not their elements");
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
    if (line.json())
        print(toJson(*diff, (*before)->graph, (*after)->graph));
    else
        printText(*diff, (*before)->graph, (*after)->graph);
    return diff->empty() ? exitOk : exitFailed;
}

} // namespace lapidary::cli
