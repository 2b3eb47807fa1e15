// SPDX-License-Identifier: GPL-3.0-or-later
// The ONNX backend tests that consist of one node, on every kernel row that takes the node. Folders
// come from Debian's libonnx-testdata and from ../shared/conformance beside the checkout.
#include "engine/cpu/cpu_backend.h"
#include "engine/onnx/reader.h"
#include "tests/engine_tests.h"
#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QTest>
#include <filesystem>
#include <set>

using namespace lapidary;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> testFolders()
{
    std::vector<fs::path> folders;
    for (const char* root :
         {"/usr/share/libonnx-testdata/data/node", LAPIDARY_SOURCE_DIR "/../shared/conformance/node"}) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(root, error)) {
            if (fs::exists(entry.path() / "model.onnx", error))
                folders.push_back(entry.path());
        }
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

// False where the stored results are random or mistyped.
bool isComparable(const Node& node)
{
    static const std::set<std::string> random{"Bernoulli",     "RandomNormal",      "RandomNormalLike",
                                              "RandomUniform", "RandomUniformLike", "Multinomial"};
    // Some of the files of Cast store bfloat16 as uint16: lapidary conformance knows which.
    if (node.opType == "Cast" || node.opType == "CastLike")
        return false;
    const bool trainingDropout = node.opType == "Dropout" && node.inputs.size() > 2;
    return !random.count(node.opType) && !trainingDropout;
}

bool hasRow(const Node& node, int64_t opset)
{
    for (const auto& family : cpuBackend().kernelTable()) {
        for (const KernelRow& row : family) {
            if (row.serves(node.domain, node.opType, opset))
                return true;
        }
    }
    return false;
}

// One node whose operator has kernels; lapidary conformance runs and counts all the others too.
bool isOurs(const fs::path& folder)
{
    // Its outputs were made with an epsilon that its model does not set.
    if (folder.filename() == "test_adam_multiple")
        return false;
    JobContext job;
    const auto model = loadModel(folder / "model.onnx", job);
    if (!model.ok() || (*model)->graph.nodes.size() != 1)
        return false;
    const Node& node = (*model)->graph.nodes.front();
    return isComparable(node) && hasRow(node, (*model)->opsetVersion(node.domain));
}

Result<NodeCase> readCase(const Model& model, const fs::path& data)
{
    const Graph& graph = model.graph;
    const Node& node = graph.nodes.front();
    NodeCase nodeCase{.opType = node.opType, .opset = model.opsetVersion(node.domain), .inputs = {}};
    nodeCase.domain = node.domain;
    nodeCase.attributes = node.attributes;
    nodeCase.outputCount = node.outputs.size();
    for (size_t i = 0; i < node.outputs.size(); ++i) {
        if (node.outputs[i] == noValue)
            nodeCase.absentOutputs.push_back(i);
    }
    for (const ValueId id : node.inputs) {
        const auto at = std::find(graph.inputs.begin(), graph.inputs.end(), id);
        if (id == noValue || at == graph.inputs.end()) {
            nodeCase.inputs.emplace_back();
            continue;
        }
        const auto number = std::to_string(at - graph.inputs.begin());
        TRY_ASSIGN(Value value, loadValueFile(data / ("input_" + number + ".pb"), graph.value(id).type));
        if (const Tensor* tensor = value.tensor()) {
            TRY_ASSIGN(Tensor aligned, tensor->aligned());
            value = std::move(aligned);
        }
        nodeCase.inputs.push_back(std::move(value));
    }
    return nodeCase;
}

std::string compareValue(const Value& found, const Value& expected)
{
    const Tensor* tensor = expected.tensor();
    if (!tensor || tensor->type() == DataType::String) {
        if (tensor && found.tensor() && found.tensor()->type() == DataType::String &&
            found.tensor()->dims() == tensor->dims() && found.tensor()->strings() == tensor->strings())
            return {};
        return describe(found) == describe(expected) && !tensor ? "" : "expected " + describe(expected);
    }
    // ONNX's own tolerances; 16-bit types may also differ by one rounding step.
    return difference(found, tensor->type(), tensor->dims(), valuesOf(*tensor),
                      {1e-3 + (tensor->type() == DataType::BFloat16 ? 0x1p-7 : 0), 1e-5});
}

} // namespace

class NodeDataTest : public QObject {
    Q_OBJECT
private slots:
    void node_data()
    {
        QTest::addColumn<QString>("folder");
        const std::vector<fs::path> folders = testFolders();
        if (folders.empty())
            QSKIP("libonnx-testdata is not installed");
        for (const fs::path& folder : folders) {
            if (isOurs(folder))
                QTest::newRow(folder.filename().c_str()) << QString::fromStdString(folder.string());
        }
    }

    void node()
    {
        QFETCH(QString, folder);
        const fs::path path = folder.toStdString();
        JobContext job;
        const auto model = loadModel(path / "model.onnx", job);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
        const Graph& graph = (*model)->graph;
        const Node& node = graph.nodes.front();
        const auto nodeCase = readCase(**model, path / "test_data_set_0");
        QVERIFY2(nodeCase.ok(), nodeCase.ok() ? "" : nodeCase.error().toString().c_str());
        const auto results = runOnAllRows(*nodeCase);
        if (results.empty())
            QSKIP("no kernel row takes the types of this node");
        for (const RowResult& result : results) {
            QVERIFY2(result.outputs.ok(),
                     result.outputs.ok() ? ""
                                         : (result.row + ": " + result.outputs.error().toString()).c_str());
            for (size_t i = 0; i < graph.outputs.size(); ++i) {
                const auto at = std::find(node.outputs.begin(), node.outputs.end(), graph.outputs[i]);
                const auto expected =
                    loadValueFile(path / "test_data_set_0" / ("output_" + std::to_string(i) + ".pb"),
                                  graph.value(graph.outputs[i]).type);
                QVERIFY2(expected.ok(), expected.ok() ? "" : expected.error().toString().c_str());
                const std::string problem = compareValue(
                    (*result.outputs)[static_cast<size_t>(at - node.outputs.begin())], *expected);
                QVERIFY2(problem.empty(),
                         (result.row + ", output " + std::to_string(i) + ": " + problem).c_str());
            }
        }
    }
};

std::unique_ptr<QObject> lapidary::createNodeDataTest() { return std::make_unique<NodeDataTest>(); }

#include "node_data_test.moc"
