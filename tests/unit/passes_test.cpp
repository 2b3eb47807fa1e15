// SPDX-License-Identifier: GPL-3.0-or-later
// Each pass on a graph made for it: something is rewritten, results stay what they are without passes, and a
// graph that only looks alike is left alone.
#include "engine/passes/pass_selection.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/node_runner.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

Tensor randomTensor(Dims dims, uint32_t seed)
{
    Tensor tensor = Tensor::allocate(DataType::Float, std::move(dims)).value();
    std::mt19937 generator(seed);
    std::uniform_real_distribution<float> numbers(-1, 1);
    for (int64_t i = 0; i < tensor.count(); ++i)
        tensor.mutableData<float>()[i] = numbers(generator);
    return tensor;
}

Tensor positive(Dims dims, uint32_t seed)
{
    Tensor tensor = randomTensor(std::move(dims), seed);
    for (int64_t i = 0; i < tensor.count(); ++i)
        tensor.mutableData<float>()[i] = 1.5f + tensor.data<float>()[i];
    return tensor;
}

struct Outcome {
    std::vector<Value> outputs;
    size_t nodesRun = 0;
    std::vector<PassReport> passes;
};

Outcome runWith(const std::shared_ptr<const Model>& model, std::string_view passes)
{
    SessionOptions options;
    options.passes = parsePasses(passes).value();
    options.dims = {{"N", 2}};
    JobContext job;
    auto session = Session::create(model, options, job);
    if (!session.ok())
        qFatal("%s", session.error().toString().c_str());
    std::vector<Value> inputs;
    for (size_t i = 0; i < session.value()->inputs().size(); ++i) {
        const TypeInfo& type = session.value()->inputType(i);
        Tensor tensor = randomTensor(concreteDims(*type.shape).value(), 100 + static_cast<uint32_t>(i));
        if (type.dataType == DataType::Float16) {
            Tensor half = Tensor::allocate(DataType::Float16, tensor.dims()).value();
            for (int64_t k = 0; k < tensor.count(); ++k)
                half.mutableData<Float16>()[k] = Float16(tensor.data<float>()[k]);
            tensor = half;
        }
        inputs.push_back(std::move(tensor));
    }
    Outcome outcome;
    // The second run uses what the first one prepared and planned.
    for (int run = 0; run < 2; ++run) {
        RunOptions profile;
        profile.profile = true;
        auto result = session.value()->run(inputs, profile, job);
        if (!result.ok())
            qFatal("%s", result.error().toString().c_str());
        outcome.outputs = result->outputs;
        outcome.nodesRun = 0;
        for (const NodeTiming& timing : result->profile.nodes)
            outcome.nodesRun += timing.implementation.starts_with("layout") ? 0 : 1;
    }
    outcome.passes = session.value()->passes();
    return outcome;
}

size_t notesOf(const Outcome& outcome, std::string_view pass)
{
    for (const PassReport& report : outcome.passes) {
        if (report.pass == pass)
            return report.notes.size();
    }
    return 0;
}

// The largest difference, as a share of the root mean square of what is expected.
double difference(const Value& found, const Value& expected)
{
    const Tensor a = toFloat(*found.tensor()).value();
    const Tensor b = toFloat(*expected.tensor()).value();
    if (a.dims() != b.dims())
        return std::numeric_limits<double>::infinity();
    double squares = 0;
    double largest = 0;
    for (int64_t i = 0; i < a.count(); ++i) {
        const double x = static_cast<double>(a.data<float>()[i]);
        const double y = static_cast<double>(b.data<float>()[i]);
        squares += y * y;
        largest = std::max(largest, std::abs(x - y));
    }
    return largest /
           std::max(1e-6, std::sqrt(squares / static_cast<double>(std::max<int64_t>(1, a.count()))));
}

using Build = void (*)(GraphBuilder&);

// What a row of the table is about.
struct Case {
    const char* name;
    const char* pass;
    size_t nodes; // that run with all passes; turning tensors not counted
    Build build;
    bool isRewritten = true;
};

void addConvolution(GraphBuilder& graph, const std::string& x, const std::string& y, int64_t from, int64_t to,
                    int64_t kernel = 3)
{
    graph.constant("w " + y, randomTensor({to, from, kernel, kernel}, 1));
    const int64_t pad = kernel / 2;
    graph.node("Conv", {x, "w " + y}, {y}).attributes = {intsAttribute("pads", {pad, pad, pad, pad})};
}

void addBatchNormalization(GraphBuilder& graph, const std::string& x, const std::string& y, int64_t channels)
{
    graph.constant("s " + y, randomTensor({channels}, 2)).constant("b " + y, randomTensor({channels}, 3));
    graph.constant("m " + y, randomTensor({channels}, 4)).constant("v " + y, positive({channels}, 5));
    graph.node("BatchNormalization", {x, "s " + y, "b " + y, "m " + y, "v " + y}, {y});
}

// GELU by erf as exporters write it, with the number that x is divided by.
void addGelu(GraphBuilder& graph, float root)
{
    graph.input("x", {Dim(2), Dim(30)}).output("y");
    graph.constant("root", Tensor::scalar(root)).constant("one", Tensor::scalar(1.0f));
    graph.constant("half", Tensor::scalar(0.5f));
    graph.node("Div", {"x", "root"}, {"a"});
    graph.node("Erf", {"a"}, {"b"});
    graph.node("Add", {"b", "one"}, {"c"});
    graph.node("Mul", {"x", "c"}, {"d"});
    graph.node("Mul", {"d", "half"}, {"y"});
}

const Case cases[] = {
    {"identity and dropout", "remove-identities", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(3)}).output("y");
         g.node("Identity", {"x"}, {"a"});
         g.node("Dropout", {"a"}, {"b", "mask"});
         g.node("Relu", {"b"}, {"y"});
     }},
    {"an identity that is an output stays", "remove-identities", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(3)}).output("y");
         g.node("Identity", {"x"}, {"y"});
     },
     false},
    {"halves", "widen-halves", 2,
     [](GraphBuilder& g) {
         g.input("x", TypeInfo::tensor(DataType::Float16, Shape{Dim(2), Dim(3)})).output("y");
         g.node("Relu", {"x"}, {"a"});
         g.node("Exp", {"a"}, {"y"});
     }},
    {"swish", "recognise-activations", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(30)}).output("y");
         g.node("Sigmoid", {"x"}, {"s"});
         g.node("Mul", {"s", "x"}, {"y"});
     }},
    {"a gate that is read elsewhere", "recognise-activations", 2,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(30)}).output("y").output("s");
         g.node("Sigmoid", {"x"}, {"s"});
         g.node("Mul", {"s", "x"}, {"y"});
     },
     false},
    {"gelu by erf", "recognise-activations", 1, [](GraphBuilder& g) { addGelu(g, 1.4142135381698608f); }},
    {"gelu by tanh", "recognise-activations", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(30)}).output("y");
         g.constant("three", Tensor::scalar(3.0f)).constant("k", Tensor::scalar(0.044715f));
         g.constant("r", Tensor::scalar(0.7978845608f)).constant("one", Tensor::scalar(1.0f));
         g.constant("half", Tensor::scalar(0.5f));
         g.node("Pow", {"x", "three"}, {"a"});
         g.node("Mul", {"a", "k"}, {"b"});
         g.node("Add", {"x", "b"}, {"c"});
         g.node("Mul", {"c", "r"}, {"d"});
         g.node("Tanh", {"d"}, {"e"});
         g.node("Add", {"e", "one"}, {"f"});
         g.node("Mul", {"x", "half"}, {"h"});
         g.node("Mul", {"h", "f"}, {"y"});
     }},
    {"another constant is no gelu", "recognise-activations", 5, [](GraphBuilder& g) { addGelu(g, 1.5f); },
     false},
    {"layer normalization", "recognise-layer-normalization", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(std::string("N")), Dim(5), Dim(24)}).output("y");
         g.constant("two", Tensor::scalar(2.0f)).constant("eps", Tensor::scalar(1e-5f));
         g.constant("s", randomTensor({24}, 1)).constant("b", randomTensor({24}, 2));
         g.node("ReduceMean", {"x"}, {"m"}).attributes = {intsAttribute("axes", {-1})};
         g.node("Sub", {"x", "m"}, {"c"});
         g.node("Pow", {"c", "two"}, {"q"});
         g.node("ReduceMean", {"q"}, {"v"}).attributes = {intsAttribute("axes", {-1})};
         g.node("Add", {"v", "eps"}, {"e"});
         g.node("Sqrt", {"e"}, {"r"});
         g.node("Div", {"c", "r"}, {"n"});
         g.node("Mul", {"n", "s"}, {"p"});
         g.node("Add", {"p", "b"}, {"y"});
     }},
    {"a batch normalization after a convolution", "fold-affine", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(8), Dim(9), Dim(9)}).output("y");
         addConvolution(g, "x", "a", 8, 12);
         addBatchNormalization(g, "a", "y", 12);
     }},
    {"factor and sum by channel", "fold-affine", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(8), Dim(9), Dim(9)}).output("y");
         g.constant("f", randomTensor({1, 8, 1, 1}, 8)).constant("t", randomTensor({8, 1, 1}, 9));
         g.node("Mul", {"x", "f"}, {"a"});
         g.node("Sub", {"a", "t"}, {"b"});
         g.node("Relu", {"b"}, {"y"});
     }},
    {"a factor by row is none by channel", "fold-affine", 2,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(8), Dim(9), Dim(9)}).output("y");
         g.constant("f", randomTensor({9, 1}, 8));
         g.node("Mul", {"x", "f"}, {"a"});
         g.node("Relu", {"a"}, {"y"});
     },
     false},
    {"residual and activation of a convolution", "fuse-convolution", 2,
     [](GraphBuilder& g) {
         g.input("x", {Dim(std::string("N")), Dim(16), Dim(14), Dim(14)}).output("y");
         addConvolution(g, "x", "a", 16, 16, 1);
         addConvolution(g, "a", "b", 16, 16, 3);
         g.node("Add", {"a", "b"}, {"c"});
         g.node("Relu", {"c"}, {"y"});
     }},
    {"a convolution added to its own input", "fuse-convolution", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(1), Dim(16), Dim(14), Dim(14)}).output("y");
         addConvolution(g, "x", "a", 16, 16, 1);
         g.node("Add", {"x", "a"}, {"y"});
     }},
    {"a sum that broadcasts is no residual", "fuse-convolution", 2,
     [](GraphBuilder& g) {
         g.input("x", {Dim(1), Dim(16), Dim(14), Dim(14)})
             .input("z", {Dim(1), Dim(16), Dim(1), Dim(1)})
             .output("y");
         addConvolution(g, "x", "a", 16, 16, 1);
         g.node("Add", {"z", "a"}, {"y"});
     },
     false},
    {"a linear layer with its activation", "fuse-products", 2,
     [](GraphBuilder& g) {
         g.input("x", {Dim(std::string("N")), Dim(7), Dim(24)}).output("y");
         g.constant("w", randomTensor({24, 40}, 1)).constant("b", randomTensor({40}, 2));
         g.constant("v", randomTensor({40, 24}, 3)).constant("c", randomTensor({24}, 4));
         g.node("MatMul", {"x", "w"}, {"p"});
         g.node("Add", {"b", "p"}, {"q"});
         g.node("Tanh", {"q"}, {"r"});
         g.node("MatMul", {"r", "v"}, {"s"});
         g.node("Add", {"s", "c"}, {"t"});
         g.node("Add", {"t", "x"}, {"y"});
     }},
    {"Gemm with a transposed matrix, one row", "fuse-products", 1,
     [](GraphBuilder& g) {
         g.input("x", {Dim(1), Dim(24)}).output("y");
         g.constant("w", randomTensor({10, 24}, 1)).constant("b", randomTensor({10}, 2));
         g.node("Gemm", {"x", "w", "b"}, {"p"}).attributes = {intAttribute("transB", 1)};
         g.node("Sigmoid", {"p"}, {"y"});
     }},
    {"Gemm with other factors is left", "fuse-products", 2,
     [](GraphBuilder& g) {
         g.input("x", {Dim(3), Dim(24)}).output("y");
         g.constant("w", randomTensor({24, 10}, 1)).constant("b", randomTensor({3, 10}, 2));
         g.node("Gemm", {"x", "w", "b"}, {"p"}).attributes = {floatAttribute("alpha", 0.5f)};
         g.node("Sigmoid", {"p"}, {"y"});
     },
     false},
    {"between convolutions", "channels-last", 9,
     [](GraphBuilder& g) {
         g.input("x", {Dim(std::string("N")), Dim(3), Dim(17), Dim(18)}).output("y").output("g");
         g.constant("k", randomTensor({6, 17, 18}, 7));
         addConvolution(g, "x", "a", 3, 6);
         g.node("Mul", {"a", "k"}, {"b"});
         g.node("HardSigmoid", {"b"}, {"h"});
         g.node("Concat", {"a", "h"}, {"c"}).attributes = {intAttribute("axis", 1)};
         g.node("MaxPool", {"c"}, {"p"}).attributes = {intsAttribute("kernel_shape", {3, 3}),
                                                       intsAttribute("strides", {2, 2})};
         g.node("AveragePool", {"p"}, {"q"}).attributes = {intsAttribute("kernel_shape", {2, 2})};
         g.node("GlobalAveragePool", {"c"}, {"g"});
         addConvolution(g, "q", "r", 12, 5, 1);
         g.node("Softmax", {"r"}, {"y"}).attributes = {intAttribute("axis", 1)};
     }},
    {"channels taken in turns", "channels-last", 3,
     [](GraphBuilder& g) {
         g.input("x", {Dim(2), Dim(6), Dim(5), Dim(7)}).output("y");
         g.constant("five", Tensor::of<int64_t>({5}, std::vector<int64_t>{2, 3, 2, 5, 7}));
         g.constant("four", Tensor::of<int64_t>({4}, std::vector<int64_t>{2, 6, 5, 7}));
         addConvolution(g, "x", "a", 6, 6, 1);
         g.node("Reshape", {"a", "five"}, {"b"});
         g.node("Transpose", {"b"}, {"c"}).attributes = {intsAttribute("perm", {0, 2, 1, 3, 4})};
         g.node("Reshape", {"c", "four"}, {"d"});
         addConvolution(g, "d", "y", 6, 6, 1);
     }},
};

const Case& caseNamed(const char* name)
{
    return *std::find_if(std::begin(cases), std::end(cases),
                         [&](const Case& c) { return std::string_view(c.name) == name; });
}

} // namespace

class PassesTest : public QObject {
    Q_OBJECT

private slots:
    void rewrites_data()
    {
        QTest::addColumn<int>("unused");
        for (const Case& row : cases)
            QTest::newRow(row.name) << 0;
    }

    void rewrites()
    {
        const Case& row = caseNamed(QTest::currentDataTag());
        GraphBuilder graph;
        row.build(graph);
        const auto model = graph.build();
        const Outcome plain = runWith(model, "none");
        const Outcome all = runWith(model, "all");
        const Outcome without = runWith(model, "-" + std::string(row.pass));
        QVERIFY(plain.passes.empty());
        QCOMPARE(notesOf(all, row.pass) > 0, row.isRewritten);
        QCOMPARE(notesOf(without, row.pass), size_t{0});
        QCOMPARE(all.nodesRun, row.nodes);
        // Sums in another order, Winograd's algorithm, halves that are not rounded in between.
        const double tolerance = std::string_view(row.pass) == "widen-halves" ? 2e-3 : 2e-5;
        QCOMPARE(all.outputs.size(), plain.outputs.size());
        for (size_t i = 0; i < all.outputs.size(); ++i) {
            QVERIFY2(difference(all.outputs[i], plain.outputs[i]) < tolerance,
                     describe(all.outputs[i]).c_str());
            QVERIFY2(difference(without.outputs[i], plain.outputs[i]) < tolerance,
                     describe(without.outputs[i]).c_str());
        }
    }

    void selection()
    {
        QVERIFY(parsePasses("all").value().runs("fold-affine"));
        QVERIFY(!parsePasses("none").value().runs("fold-affine"));
        const PassSelection some = parsePasses("-fold-affine,-channels-last").value();
        QVERIFY(!some.runs("channels-last"));
        QVERIFY(some.runs("fuse-products"));
        QCOMPARE(parsePasses("-fold-afine").error().code, ErrorCode::InvalidArgument);
        QVERIFY(parsePasses("fold-affine").error().nextStep.find("fuse-products") != std::string::npos);
    }
};

std::unique_ptr<QObject> lapidary::createPassesTest() { return std::make_unique<PassesTest>(); }

#include "passes_test.moc"
