// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/onnx/checker.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/schema_inference.h"
#include "engine/ops/inference.h"

#include <iostream>

namespace lapidary::cli {

namespace {

std::string_view levelName(CheckFinding::Level level)
{
    switch (level) {
    case CheckFinding::Level::Note: return "note";
    case CheckFinding::Level::Warning: return "warning";
    case CheckFinding::Level::Error: return "error";
    }
    return "error";
}

// Contradicting shapes are problems of the model too.
Status addShapeFindings(const Model& model, std::vector<CheckFinding>& findings, JobContext& job)
{
    InferenceOptions options;
    options.fallback = inferWithSchema;
    TRY_ASSIGN(const InferredTypes types, inferTypes(model, options, job));
    for (const InferenceFinding& found : types.findings) {
        CheckFinding finding;
        finding.message = found.error.message;
        finding.graph = &model.graph;
        finding.node = found.node;
        finding.place = "graph '" + model.graph.name + "'";
        if (found.node != noNode)
            finding.place += " / node " + nodeLabel(model.graph.node(found.node), found.node);
        findings.push_back(std::move(finding));
    }
    return {};
}

} // namespace

int runCheck(const Arguments& arguments)
{
    CommandLine line("check", "Validates a model. Exit code 1 when it is invalid.");
    std::string path;
    line.app().add_option("MODEL", path, "the .onnx file")->required();
    if (!line.parse(arguments))
        return line.exitCode();

    JobContext job;
    const auto model = loadModel(path, job);
    if (!model.ok())
        return fail(model.error(), line.json());
    auto findings = checkModel(**model, job);
    if (!findings.ok())
        return fail(findings.error(), line.json());
    if (auto status = addShapeFindings(**model, *findings, job); !status.ok())
        return fail(status.error(), line.json());

    int errors = 0;
    Json list = Json::array();
    for (const CheckFinding& finding : *findings) {
        errors += finding.level == CheckFinding::Level::Error ? 1 : 0;
        list.push_back(
            {{"level", levelName(finding.level)}, {"place", finding.place}, {"message", finding.message}});
        if (!line.json())
            std::cout << levelName(finding.level) << ": " << finding.place << ": " << finding.message << "\n";
    }
    if (line.json())
        print({{"valid", errors == 0}, {"errors", errors}, {"findings", list}});
    else
        std::cout << path << (errors == 0 ? ": valid" : ": invalid, " + std::to_string(errors) + " errors")
                  << "\n";
    return errors == 0 ? exitOk : exitFailed;
}

} // namespace lapidary::cli
