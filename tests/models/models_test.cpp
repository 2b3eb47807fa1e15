// SPDX-License-Identifier: GPL-3.0-or-later
// Real models end to end against their stored outputs, and files that must be refused well. The sample
// of ours is always there; the others lie beside the checkout on some machines only.
#include "engine/onnx/checker.h"
#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"
#include "engine/session/session.h"
#include "engine/session/test_data.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <algorithm>

using namespace lapidary;

namespace {

namespace fs = std::filesystem;

const fs::path sourceFolder = LAPIDARY_SOURCE_DIR;
const fs::path sharedModels = sourceFolder / ".." / "shared" / "models";

// Every model with stored inputs or outputs; what they are is in their MANIFEST.md.
std::vector<std::string> storedModels()
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(sharedModels)) {
        if (fs::exists(entry.path() / "model.onnx") && !findTestDataSets(entry.path()).empty())
            names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

class ModelsTest : public QObject {
    Q_OBJECT

    void compareWithStored(const fs::path& folder, const ToleranceRule& rule)
    {
        JobContext job;
        const auto model = loadModel(folder / "model.onnx", job);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
        compareWithStored(*model, folder, rule);
    }

    void compareWithStored(const std::shared_ptr<const Model>& model, const fs::path& folder,
                           const ToleranceRule& rule)
    {
        compareWithStored(model, folder, rule, {});
        SessionOptions withoutPasses;
        withoutPasses.passes = PassSelection::none();
        compareWithStored(model, folder, rule, withoutPasses);
    }

    void compareWithStored(const std::shared_ptr<const Model>& model, const fs::path& folder,
                           const ToleranceRule& rule, const SessionOptions& options)
    {
        JobContext job;
        const auto session = Session::create(model, options, job);
        QVERIFY2(session.ok(), session.ok() ? "" : session.error().toString().c_str());
        const auto sets = findTestDataSets(folder);
        QVERIFY(!sets.empty());
        for (const fs::path& set : sets) {
            auto data = loadTestDataSet(model->graph, set);
            QVERIFY2(data.ok(), data.ok() ? "" : data.error().toString().c_str());
            const auto inputs = bindInputs(model->graph, std::move(data->inputs));
            QVERIFY2(inputs.ok(), inputs.ok() ? "" : inputs.error().toString().c_str());
            const auto result = (*session)->run(*inputs, {}, job);
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().toString().c_str());
            const auto comparisons = compareOutputs(model->graph, result->outputs, data->expected, rule);
            QVERIFY(!comparisons.empty());
            for (const auto& [name, comparison] : comparisons)
                QVERIFY2(comparison.equal, (set.string() + " " + name + ": " + comparison.message).c_str());
        }
    }

private slots:
    void ourSample()
    {
        const fs::path folder = sourceFolder / "resources" / "samples" / "digits";
        JobContext job;
        const auto model = loadModel(folder / "digits.onnx", job);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
        const auto findings = checkModel(**model, job);
        QVERIFY(findings.ok());
        for (const CheckFinding& finding : *findings)
            QVERIFY2(finding.level != CheckFinding::Level::Error, finding.message.c_str());
        // The reference is our own script's numpy, in float32.
        compareWithStored(*model, folder, [](DataType) { return Tolerance{1e-4, 1e-6}; });
    }

    void storedOutputs_data()
    {
        QTest::addColumn<QString>("name");
        if (!fs::exists(sharedModels))
            QSKIP("../shared/models is not beside this checkout");
        for (const std::string& name : storedModels())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void storedOutputs()
    {
        QFETCH(QString, name);
        // One step of its quantized tensors, which any rounding may move, is more than a float model's
        // tolerance: ONNX Runtime with and without optimization differs by as much (MANIFEST.md).
        const ToleranceRule quantized = [](DataType) { return Tolerance{0, 0.31}; };
        compareWithStored(sharedModels / name.toStdString(),
                          name == "mobilenetv2_qdq" ? quantized : ToleranceRule(modelTolerance));
    }

    void threadsDoNotChangeResults_data() { storedOutputs_data(); }

    // To the last bit: how a sum is split must not depend on how many threads there are.
    void threadsDoNotChangeResults()
    {
        QFETCH(QString, name);
        JobContext job;
        const fs::path folder = sharedModels / name.toStdString();
        const auto model = loadModel(folder / "model.onnx", job);
        QVERIFY(model.ok());
        const auto sets = findTestDataSets(folder);
        const auto data = loadTestDataSet((*model)->graph, sets.front());
        QVERIFY(data.ok());
        std::vector<Value> first;
        for (const int threads : {1, 2, 4}) {
            SessionOptions options;
            options.threads = threads;
            const auto session = Session::create(*model, options, job);
            QVERIFY2(session.ok(), session.ok() ? "" : session.error().toString().c_str());
            const auto result = (*session)->run(*bindInputs((*model)->graph, data->inputs), {}, job);
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().toString().c_str());
            if (first.empty())
                first = result->outputs;
            for (size_t i = 0; i < first.size(); ++i) {
                const Comparison comparison = compareValues(result->outputs[i], first[i], [](DataType) {
                    return Tolerance{0, 0, 0};
                });
                QVERIFY2(comparison.equal,
                         (std::to_string(threads) + " threads: " + comparison.message).c_str());
            }
        }
    }

    void everyModelOpens_data()
    {
        QTest::addColumn<QString>("path");
        if (!fs::exists(sharedModels))
            QSKIP("../shared/models is not beside this checkout");
        for (const auto& entry : fs::recursive_directory_iterator(sharedModels)) {
            if (entry.path().extension() == ".onnx")
                QTest::newRow(entry.path().lexically_relative(sharedModels).c_str())
                    << QString::fromStdString(entry.path());
        }
    }

    // Opens, or says why not; runs, or says which node and why. Never more than that.
    void everyModelOpens()
    {
        QFETCH(QString, path);
        JobContext job;
        const auto model = loadModel(path.toStdString(), job);
        if (!model.ok()) {
            QVERIFY(path.endsWith("corrupt-model.onnx"));
            QCOMPARE(model.error().code, ErrorCode::InvalidModel);
            return;
        }
        QVERIFY(checkModel(**model, job).ok());
        const auto session = Session::create(*model, {}, job);
        if (!session.ok())
            QVERIFY2(session.error().toString().find("node") != std::string::npos,
                     session.error().toString().c_str());
    }
};

std::unique_ptr<QObject> lapidary::createModelsTest() { return std::make_unique<ModelsTest>(); }

#include "models_test.moc"
