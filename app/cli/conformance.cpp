// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"
#include "engine/session/test_data.h"

#include <algorithm>
#include <iostream>

namespace lapidary::cli {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> testFolders(const fs::path& root)
{
    std::vector<fs::path> folders;
    std::error_code problem;
    for (fs::recursive_directory_iterator it(root, problem), end; !problem && it != end; it.increment(problem)) {
        if (it->path().filename() == "model.onnx")
            folders.push_back(it->path().parent_path());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

Status runDataSet(Session& session, const fs::path& folder, JobContext& job)
{
    const Graph& graph = session.model().graph;
    TRY_ASSIGN(TestDataSet data, loadTestDataSet(graph, folder));
    TRY_ASSIGN(const std::vector<Value> inputs, bindInputs(graph, std::move(data.inputs)));
    TRY_ASSIGN(const RunResult result, session.run(inputs, {}, job));
    for (const auto& [name, comparison] : compareOutputs(graph, result.outputs, data.expected)) {
        if (!comparison.equal)
            return makeError(ErrorCode::Internal, comparison.message).at("output '" + name + "'").at(folder.filename().string());
    }
    return {};
}

Status runTest(const fs::path& folder, JobContext& job)
{
    TRY_ASSIGN(const auto model, loadModel(folder / "model.onnx", job));
    TRY_ASSIGN(const auto session, Session::create(model, {}, job));
    const auto sets = findTestDataSets(folder);
    if (sets.empty())
        return makeError(ErrorCode::NotFound, "the test has no data").at(folder.string());
    for (const fs::path& set : sets)
        TRY(runDataSet(*session, set, job));
    return {};
}

} // namespace

int runConformance(const Arguments& arguments)
{
    CommandLine line("conformance", "Runs each ONNX backend test folder under a folder. A test whose operators cannot "
                                    "run here is counted as failed.");
    std::string root;
    line.app().add_option("DIR", root, "folder that holds test folders")->required();
    if (!line.parse(arguments))
        return line.exitCode();

    const auto folders = testFolders(root);
    if (folders.empty())
        return fail(makeError(ErrorCode::NotFound, "there is no model.onnx under the folder").at(root), line.json());
    JobContext job;
    int passed = 0;
    Json failures = Json::array();
    for (const fs::path& folder : folders) {
        const Status status = runTest(folder, job);
        passed += status.ok() ? 1 : 0;
        if (status.ok())
            continue;
        const std::string name = fs::relative(folder, root).string();
        failures.push_back({{"test", name}, {"error", toJson(status.error())}});
        if (!line.json())
            std::cout << "failed: " << name << ": " << status.error().toString() << std::endl;
    }
    const int failed = static_cast<int>(failures.size());
    if (line.json())
        print({{"passed", passed}, {"failed", failed}, {"skipped", 0}, {"failures", failures}});
    else
        std::cout << passed << " passed, " << failed << " failed, 0 skipped\n";
    return failed == 0 ? exitOk : exitFailed;
}

} // namespace lapidary::cli
