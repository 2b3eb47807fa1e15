// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/reader.h"
#include "engine/ops/inference.h"
#include "tests/engine_tests.h"
#include "tests/support/node_runner.h"

#include <QTest>
#include <filesystem>

using namespace lapidary;

namespace {

// Builds a graph node by node; values are named by the caller.
class GraphBuilder {
public:
    explicit GraphBuilder(int64_t opset)
    {
        m_model.irVersion = 8;
        m_model.opsets = {{"", opset}};
    }

    void input(const std::string& name, TypeInfo type)
    {
        const ValueId id = m_model.graph.addValue(name);
        m_model.graph.values[static_cast<size_t>(id)].type = std::move(type);
        m_model.graph.inputs.push_back(id);
    }

    void constant(const std::string& name, const std::vector<int64_t>& values, bool scalar = false)
    {
        Tensor tensor = scalar ? Tensor::scalar(values[0])
                               : Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
        m_model.graph.initializers.push_back(
            {makeTensorRef(name, std::move(tensor)), m_model.graph.addValue(name)});
    }

    void node(const std::string& op, const std::vector<std::string>& inputs, const std::string& output,
              std::vector<Attribute> attributes = {})
    {
        Node node;
        node.opType = op;
        node.attributes = std::move(attributes);
        for (const std::string& name : inputs)
            node.inputs.push_back(m_model.graph.addValue(name));
        node.outputs.push_back(m_model.graph.addValue(output));
        m_model.graph.nodes.push_back(std::move(node));
    }

    InferredTypes infer(const InferenceOptions& options = {})
    {
        for (size_t i = 0; i < m_model.graph.initializers.size(); ++i)
            m_model.graph.values[static_cast<size_t>(m_model.graph.initializers[i].value)].initializer =
                static_cast<int32_t>(i);
        m_model.graph.connect();
        JobContext job;
        return inferTypes(m_model, options, job).value();
    }

    std::string shapeOf(const InferredTypes& types, const std::string& name) const
    {
        return toString(types.type(m_model.graph.findValue(name)));
    }

    Model& model() { return m_model; }

private:
    Model m_model;
};

TypeInfo image()
{
    return TypeInfo::tensor(DataType::Float, Shape{Dim("batch"), Dim(3), Dim("height"), Dim(8)});
}

} // namespace

class InferenceTest : public QObject {
    Q_OBJECT
private slots:
    // x.view(x.size(0), -1) as exporters write it.
    void namedDimensionsFlowThroughShapes()
    {
        GraphBuilder graph(13);
        graph.input("x", image());
        graph.constant("zero", {0}, true);
        graph.constant("axis", {0});
        graph.constant("rest", {-1});
        graph.node("Shape", {"x"}, "shape");
        graph.node("Gather", {"shape", "zero"}, "batch");
        graph.node("Unsqueeze", {"batch", "axis"}, "first");
        graph.node("Concat", {"first", "rest"}, "target", {intAttribute("axis", 0)});
        graph.node("Reshape", {"x", "target"}, "y");
        graph.node("Relu", {"y"}, "z");
        InferredTypes types = graph.infer();
        QVERIFY(types.findings.empty());
        QCOMPARE(graph.shapeOf(types, "z"), std::string("float32[batch×?]"));
        types = graph.infer({.dims = {{"height", 8}}});
        QCOMPARE(graph.shapeOf(types, "z"), std::string("float32[batch×192]"));
        types = graph.infer({.dims = {{"height", 8}, {"batch", 2}}});
        QCOMPARE(graph.shapeOf(types, "z"), std::string("float32[2×192]"));
    }

    void arithmeticOnSizes()
    {
        GraphBuilder graph(13);
        graph.input("x", TypeInfo::tensor(DataType::Float, Shape{Dim("n"), Dim(6), Dim(4)}));
        graph.constant("one", {1}, true);
        graph.constant("half", {2}, true);
        graph.constant("axis", {0});
        graph.constant("tail", {2, 4});
        graph.constant("zero", {0}, true);
        graph.node("Shape", {"x"}, "shape");
        graph.node("Gather", {"shape", "one"}, "six");
        graph.node("Gather", {"shape", "zero"}, "n");
        graph.node("Div", {"six", "half"}, "three");
        graph.node("Unsqueeze", {"three", "axis"}, "list");
        graph.node("Unsqueeze", {"n", "axis"}, "names");
        graph.node("Concat", {"names", "list", "tail"}, "target", {intAttribute("axis", 0)});
        graph.node("Reshape", {"x", "target"}, "y");
        const InferredTypes types = graph.infer();
        QVERIFY(types.findings.empty());
        QCOMPARE(graph.shapeOf(types, "y"), std::string("float32[n×3×2×4]"));
    }

    void contradictionIsAFinding()
    {
        GraphBuilder graph(13);
        graph.input("a", TypeInfo::tensor(DataType::Float, Shape{Dim(2), Dim(3)}));
        graph.input("b", TypeInfo::tensor(DataType::Float, Shape{Dim(4)}));
        graph.node("Add", {"a", "b"}, "y");
        graph.node("Relu", {"a"}, "z");
        graph.model().graph.values[static_cast<size_t>(graph.model().graph.findValue("z"))].type =
            TypeInfo::tensor(DataType::Float, Shape{Dim(5), Dim(3)});
        const InferredTypes types = graph.infer();
        QCOMPARE(types.findings.size(), size_t{2});
        QCOMPARE(types.findings[0].node, 0);
        QCOMPARE(types.findings[0].error.code, ErrorCode::ShapeMismatch);
        QCOMPARE(graph.shapeOf(types, "z"), std::string("float32[2×3]"));
    }

    void cancels()
    {
        GraphBuilder graph(13);
        graph.input("a", image());
        graph.node("Relu", {"a"}, "y");
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token(), {});
        const auto result = inferTypes(graph.model(), {}, job);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }

    // Where a test model of ONNX says what its outputs look like, inference never says otherwise.
    void agreesWithOnnxTestModels()
    {
        const std::filesystem::path root = "/usr/share/libonnx-testdata/data/node";
        if (!std::filesystem::exists(root))
            QSKIP("libonnx-testdata is not installed");
        int inferred = 0;
        JobContext job;
        for (const auto& folder : std::filesystem::directory_iterator(root)) {
            const auto model = loadModel(folder.path() / "model.onnx", job);
            if (!model.ok())
                continue;
            Model unlabelled = **model;
            for (const ValueId id : unlabelled.graph.outputs)
                unlabelled.graph.values[static_cast<size_t>(id)].type = {};
            const auto declared = inferTypes(**model, {}, job);
            const auto found = inferTypes(unlabelled, {}, job);
            QVERIFY(declared.ok() && found.ok());
            const std::string problem =
                declared->findings.empty() ? std::string() : declared->findings[0].error.toString();
            QVERIFY2(problem.empty(), (folder.path().filename().string() + ": " + problem).c_str());
            for (const ValueId id : unlabelled.graph.outputs)
                inferred += found->type(id).kind != TypeInfo::Kind::Unknown;
        }
        QVERIFY2(inferred > 500, std::to_string(inferred).c_str());
    }
};

std::unique_ptr<QObject> lapidary::createInferenceTest() { return std::make_unique<InferenceTest>(); }

#include "inference_test.moc"
