// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/model_inputs.h"
#include "engine/onnx/npy.h"
#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>

namespace lapidary::cli {

namespace {

constexpr int64_t shownElements = 8;

double millisecondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// JSON has no infinities; they are written as strings.
Json numberJson(double number)
{
    if (std::isfinite(number))
        return number;
    return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

Json outputJson(const std::string& name, const Value& value)
{
    Json json{{"name", name}, {"value", describe(value)}};
    const Tensor* tensor = value.tensor();
    if (!tensor)
        return json;
    json["shape"] = tensor->dims();
    json["type"] = dataTypeName(tensor->type());
    json["first"] = Json::array();
    for (int64_t i = 0; i < std::min(tensor->count(), shownElements); ++i) {
        if (tensor->type() == DataType::String)
            json["first"].push_back(tensor->strings()[static_cast<size_t>(i)]);
        else
            json["first"].push_back(numberJson(elementAsDouble(*tensor, i)));
    }
    return json;
}

std::string elementsText(const Json& output)
{
    if (!output.contains("first"))
        return {};
    std::string text;
    for (const Json& element : output["first"])
        text += " " + (element.is_string() ? element.get<std::string>() : element.dump());
    return text + (output["first"].size() == static_cast<size_t>(shownElements) ? " ..." : "");
}

std::string fileName(std::string name)
{
    std::replace(name.begin(), name.end(), '/', '_');
    return name.empty() || name[0] == '.' ? "output" + name : name;
}

Status saveOutputs(const Graph& graph, const std::vector<Value>& outputs, const std::string& folder)
{
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return makeError(ErrorCode::IoError, "cannot make the folder: " + problem.message()).at(folder);
    for (size_t i = 0; i < outputs.size(); ++i) {
        const std::string& name = graph.value(graph.outputs[i]).name;
        const Tensor* tensor = outputs[i].tensor();
        if (!tensor)
            return makeError(ErrorCode::InvalidArgument,
                             "only tensors can be saved; found " + describe(outputs[i]))
                .at("output '" + name + "'");
        TRY(saveNpy(std::filesystem::path(folder) / (fileName(name) + ".npy"), *tensor));
    }
    return {};
}

struct Outcome {
    Json json;
    bool matches = true;
};

void printOutcome(const Outcome& outcome)
{
    for (const Json& output : outcome.json["outputs"]) {
        std::cout << output["name"].get<std::string>() << "  " << output["value"].get<std::string>() << ":"
                  << elementsText(output) << "\n";
    }
    std::cout << "session " << outcome.json["create_ms"] << " ms, run " << outcome.json["run_ms"] << " ms on "
              << outcome.json["device"].get<std::string>() << "\n";
    if (!outcome.json.contains("comparisons"))
        return;
    for (const Json& comparison : outcome.json["comparisons"]) {
        std::cout << comparison["name"].get<std::string>() << ": "
                  << (comparison["equal"].get<bool>()
                          ? "matches"
                          : "DIFFERS: " + comparison["message"].get<std::string>())
                  << " (largest difference " << comparison["max_absolute"] << ", relative "
                  << comparison["max_relative"] << ")\n";
    }
    std::cout << (outcome.matches ? "passed" : "failed") << "\n";
}

double rounded(double milliseconds) { return std::round(milliseconds * 1000) / 1000; }

Result<Outcome> execute(const RunArguments& arguments, const InputArguments& inputArguments,
                        const std::string& saveTo)
{
    JobContext job;
    TRY_ASSIGN(const auto model, loadModel(arguments.model, job));
    TRY_ASSIGN(const SessionOptions options, arguments.sessionOptions());
    TRY_ASSIGN(const ModelInputs inputs, collectInputs(*model, options, inputArguments));

    const auto createStart = std::chrono::steady_clock::now();
    TRY_ASSIGN(const auto session, Session::create(model, options, job));
    const double createMs = millisecondsSince(createStart);
    const auto runStart = std::chrono::steady_clock::now();
    TRY_ASSIGN(const RunResult result, session->run(inputs.values, {}, job));
    const double runMs = millisecondsSince(runStart);
    if (!saveTo.empty())
        TRY(saveOutputs(model->graph, result.outputs, saveTo));

    Outcome outcome;
    outcome.json = {{"model", arguments.model},
                    {"device", options.device},
                    {"create_ms", rounded(createMs)},
                    {"run_ms", rounded(runMs)}};
    for (size_t i = 0; i < result.outputs.size(); ++i)
        outcome.json["outputs"].push_back(
            outputJson(model->graph.value(model->graph.outputs[i]).name, result.outputs[i]));
    for (const auto& [name, comparison] : compareOutputs(model->graph, result.outputs, inputs.expected)) {
        outcome.matches = outcome.matches && comparison.equal;
        outcome.json["comparisons"].push_back({{"name", name},
                                               {"equal", comparison.equal},
                                               {"message", comparison.message},
                                               {"mismatches", comparison.mismatches},
                                               {"compared", comparison.compared},
                                               {"max_absolute", comparison.maxAbsolute},
                                               {"max_relative", comparison.maxRelative}});
    }
    return outcome;
}

} // namespace

int runRun(const Arguments& arguments)
{
    CommandLine line(
        "run",
        "Runs a model once. Inputs that are not given are random (seeded): floats in [-1, 1), "
        "integers 0 or 1, bool true. With --data the outputs are compared; exit code 1 when they differ.");
    RunArguments runArguments;
    InputArguments inputArguments;
    std::string saveTo;
    runArguments.addTo(line.app());
    inputArguments.addTo(line.app());
    line.app().add_option("--save", saveTo, "folder for the outputs, one .npy each");
    if (!line.parse(arguments))
        return line.exitCode();

    const auto outcome = execute(runArguments, inputArguments, saveTo);
    if (!outcome.ok())
        return fail(outcome.error(), line.json());
    if (line.json())
        print(outcome->json);
    else
        printOutcome(*outcome);
    return outcome->matches ? exitOk : exitFailed;
}

} // namespace lapidary::cli
