// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/conformance.h"

#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"
#include "engine/session/random_nodes.h"
#include "engine/session/test_data.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace fs = std::filesystem;

namespace {

// Random numbers cannot be compared, but they have a type, a shape and a range: the values lie where
// the expected ones do, as far again outside at most, and are whole numbers where those are.
Comparison compareRandom(const Value& actual, const Value& expected)
{
    Comparison result;
    const Tensor* found = actual.tensor();
    const Tensor* wanted = expected.tensor();
    if (!found || !wanted || found->type() != wanted->type() || found->dims() != wanted->dims()) {
        result.equal = false;
        result.message = "expected " + describe(expected) + ", found " + describe(actual);
        return result;
    }
    double low = 0;
    double high = 0;
    bool whole = true;
    for (int64_t i = 0; i < wanted->count(); ++i) {
        const double value = elementAsDouble(*wanted, i);
        low = i == 0 ? value : std::min(low, value);
        high = i == 0 ? value : std::max(high, value);
        whole = whole && value == std::floor(value);
    }
    const double width = whole ? 0 : high - low;
    for (int64_t i = 0; i < found->count() && result.equal; ++i) {
        const double value = elementAsDouble(*found, i);
        result.equal =
            value >= low - width && value <= high + width && (!whole || value == std::floor(value));
        if (!result.equal)
            result.message = "a random output is expected in [" + std::to_string(low - width) + ", " +
                             std::to_string(high + width) + "], found " + std::to_string(value);
    }
    return result;
}

Status runDataSet(Session& session, const fs::path& folder, JobContext& job)
{
    const Graph& graph = session.model().graph;
    TRY_ASSIGN(TestDataSet data, loadTestDataSet(graph, folder));
    TRY_ASSIGN(const std::vector<Value> inputs, bindInputs(graph, std::move(data.inputs)));
    TRY_ASSIGN(const RunResult result, session.run(inputs, {}, job));
    const std::vector<bool> random = randomValues(session.model());
    for (size_t i = 0; i < graph.outputs.size(); ++i) {
        const std::string& name = graph.value(graph.outputs[i]).name;
        const auto expected = data.expected.find(name);
        if (expected == data.expected.end())
            continue;
        Comparison comparison = compareValues(result.outputs[i], expected->second, operatorTolerance);
        if (!comparison.equal && random[static_cast<size_t>(graph.outputs[i])])
            comparison = compareRandom(result.outputs[i], expected->second);
        if (!comparison.equal)
            return makeError(ErrorCode::Internal, comparison.message)
                .at("output '" + name + "'")
                .at(folder.filename().string());
    }
    return {};
}

// Tests of ONNX whose outputs were made with another attribute than the model has.
struct Correction {
    std::string_view testName; // of the folder alone
    std::string_view attribute;
    float value;
    std::string_view text;
};
constexpr Correction corrections[] = {
    {"test_adam_multiple", "epsilon", 0.01f,
     "run with epsilon 0.01: its outputs were made with it, but its model leaves epsilon out"},
};

const Correction* findCorrection(const ConformanceTest& test)
{
    for (const Correction& correction : corrections) {
        if (test.folder.filename() == correction.testName)
            return &correction;
    }
    return nullptr;
}

void apply(const Correction& correction, Model& model)
{
    for (Node& node : model.graph.nodes) {
        if (node.attribute(correction.attribute))
            continue;
        Attribute& attribute = node.attributes.emplace_back();
        attribute.name = correction.attribute;
        attribute.data = correction.value;
    }
}

// The data are the test: an input that declares another shape than it is fed (as the bfloat16 tests of
// CastLike in ONNX 1.12 do) takes what it is fed.
Status takeFedShapes(Model& model, const fs::path& folder)
{
    TRY_ASSIGN(const TestDataSet data, loadTestDataSet(model.graph, folder));
    for (const auto& [name, value] : data.inputs) {
        TypeInfo& declared = model.graph.values[static_cast<size_t>(model.graph.findValue(name))].type;
        if (value.isTensor() && !checkInput(name, declared, value).ok())
            declared.shape.reset();
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

std::string_view correctionOf(const ConformanceTest& test)
{
    const Correction* correction = findCorrection(test);
    return correction ? correction->text : std::string_view();
}

Status runConformanceTest(const ConformanceTest& test, const SessionOptions& options, JobContext& job)
{
    TRY_ASSIGN(const auto stored, loadModel(test.folder / "model.onnx", job));
    const auto sets = findTestDataSets(test.folder);
    if (sets.empty())
        return makeError(ErrorCode::NotFound, "the test has no data").at(test.folder.string());
    const auto model = std::make_shared<Model>(*stored);
    TRY(takeFedShapes(*model, sets.front()));
    if (const Correction* correction = findCorrection(test))
        apply(*correction, *model);
    TRY_ASSIGN(const auto session, Session::create(model, options, job));
    for (const fs::path& set : sets)
        TRY(runDataSet(*session, set, job));
    return {};
}

} // namespace lapidary
