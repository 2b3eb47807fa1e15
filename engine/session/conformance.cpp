// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/conformance.h"

#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"
#include "engine/session/test_data.h"

#include <algorithm>

namespace lapidary {

namespace fs = std::filesystem;

namespace {

Status runDataSet(Session& session, const fs::path& folder, JobContext& job)
{
    const Graph& graph = session.model().graph;
    TRY_ASSIGN(TestDataSet data, loadTestDataSet(graph, folder));
    TRY_ASSIGN(const std::vector<Value> inputs, bindInputs(graph, std::move(data.inputs)));
    TRY_ASSIGN(const RunResult result, session.run(inputs, {}, job));
    for (const auto& [name, comparison] :
         compareOutputs(graph, result.outputs, data.expected, operatorTolerance)) {
        if (!comparison.equal)
            return makeError(ErrorCode::Internal, comparison.message)
                .at("output '" + name + "'")
                .at(folder.filename().string());
    }
    return {};
}

} // namespace

std::vector<ConformanceTest> findConformanceTests(const fs::path& root)
{
    std::vector<ConformanceTest> tests;
    std::error_code problem;
    for (fs::recursive_directory_iterator it(root, problem), end; !problem && it != end;
         it.increment(problem)) {
        if (it->path().filename() != "model.onnx")
            continue;
        const fs::path folder = it->path().parent_path();
        tests.push_back({folder, folder.lexically_relative(root).string()});
    }
    std::sort(tests.begin(), tests.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return tests;
}

Status runConformanceTest(const ConformanceTest& test, const SessionOptions& options, JobContext& job)
{
    TRY_ASSIGN(const auto model, loadModel(test.folder / "model.onnx", job));
    TRY_ASSIGN(const auto session, Session::create(model, options, job));
    const auto sets = findTestDataSets(test.folder);
    if (sets.empty())
        return makeError(ErrorCode::NotFound, "the test has no data").at(test.folder.string());
    for (const fs::path& set : sets)
        TRY(runDataSet(*session, set, job));
    return {};
}

} // namespace lapidary
