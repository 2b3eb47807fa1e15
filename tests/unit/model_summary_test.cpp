// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/model_summary.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"

#include <QTest>

#include <set>

using namespace lapidary;

namespace {

Attribute ints(const std::string& name, std::vector<int64_t> values)
{
    Attribute attribute;
    attribute.name = name;
    attribute.data = std::move(values);
    return attribute;
}

Attribute integer(const std::string& name, int64_t value)
{
    Attribute attribute;
    attribute.name = name;
    attribute.data = value;
    return attribute;
}

Attribute text(const std::string& name, const std::string& value)
{
    Attribute attribute;
    attribute.name = name;
    attribute.data = value;
    return attribute;
}

Attribute floats(const std::string& name, std::vector<float> values)
{
    Attribute attribute;
    attribute.name = name;
    attribute.data = std::move(values);
    return attribute;
}

Result<ModelSummary> summaryOf(const Model& model, const std::map<std::string, int64_t>& dims = {})
{
    JobContext job;
    InferenceOptions options;
    options.dims = dims;
    TRY_ASSIGN(const InferredTypes types, inferTypes(model, options, job));
    return summarize(model, types, job);
}

// One node: its inputs a, b, c, ... by their shapes (an empty optional: not connected), its one output
// y, and what its arithmetic comes to by hand.
struct WorkCase {
    const char* name;
    const char* op;
    const char* domain;
    int64_t opset;
    std::vector<std::optional<Shape>> inputs;
    std::vector<Attribute> attributes;
    double flops;
};

std::vector<WorkCase> productCases()
{
    return {
        // 64 maps of 112×112, 3·7·7 products each
        {"Conv",
         "Conv",
         "",
         17,
         {{{1, 3, 224, 224}}, {{64, 3, 7, 7}}},
         {ints("strides", {2, 2}), ints("pads", {3, 3, 3, 3})},
         2.0 * 64 * 112 * 112 * 3 * 49},
        {"Conv with bias",
         "Conv",
         "",
         17,
         {{{1, 3, 8, 8}}, {{4, 3, 1, 1}}, {{4}}},
         {},
         4.0 * 64 * (2 * 3 + 1)},
        // depthwise: one channel each
        {"Conv with groups",
         "Conv",
         "",
         17,
         {{{1, 32, 10, 10}}, {{32, 1, 3, 3}}},
         {integer("group", 32)},
         2.0 * 32 * 64 * 9},
        // a span of 5: 6×6 places
        {"Conv with dilations",
         "Conv",
         "",
         17,
         {{{1, 2, 10, 10}}, {{3, 2, 3, 3}}},
         {ints("dilations", {2, 2})},
         2.0 * 3 * 36 * 2 * 9},
        {"ConvTranspose",
         "ConvTranspose",
         "",
         17,
         {{{1, 8, 5, 5}}, {{8, 4, 2, 2}}},
         {ints("strides", {2, 2})},
         2.0 * 8 * 25 * 4 * 4},
        {"MatMul", "MatMul", "", 17, {{{8, 128, 64}}, {{64, 32}}}, {}, 2.0 * 8 * 128 * 32 * 64},
        {"MatMul of vectors", "MatMul", "", 17, {{{64}}, {{64}}}, {}, 2.0 * 64},
        {"Gemm",
         "Gemm",
         "",
         17,
         {{{64, 16}}, {{64, 10}}, {{10}}},
         {integer("transA", 1)},
         16.0 * 10 * (2 * 64 + 1)},
        {"Einsum",
         "Einsum",
         "",
         17,
         {{{4, 8, 16}}, {{4, 16, 2}}},
         {text("equation", "bij,bjk->bik")},
         2.0 * 4 * 8 * 16 * 2},
        {"Einsum without a sum", "Einsum", "", 17, {{{3}}, {{5}}}, {text("equation", "i,j->ij")}, 15},
        {"MatMulInteger", "MatMulInteger", "", 17, {{{4, 8}}, {{8, 6}}}, {}, 2.0 * 4 * 6 * 8},
        {"ConvInteger", "ConvInteger", "", 17, {{{1, 1, 3, 3}}, {{1, 1, 2, 2}}, {Shape{}}}, {}, 2.0 * 4 * 4},
        {"LinearRegressor",
         "LinearRegressor",
         "ai.onnx.ml",
         1,
         {{{10, 4}}},
         {floats("coefficients", {1, 2, 3, 4, 5, 6, 7, 8}), floats("intercepts", {1, 2}),
          integer("targets", 2)},
         10.0 * (2 * 8 + 2)},
    };
}

std::vector<WorkCase> layerCases()
{
    return {
        // 1 layer, 1 direction, hidden 16, 4 gates: 2 (64·8 + 64·16) + 13·16 a step and sample, biases 2·64
        {"LSTM",
         "LSTM",
         "",
         17,
         {{{5, 2, 8}}, {{1, 64, 8}}, {{1, 64, 16}}, {{1, 128}}},
         {integer("hidden_size", 16)},
         5.0 * 2 * (2 * 64 * (8 + 16) + 13 * 16 + 128)},
        {"GRU",
         "GRU",
         "",
         17,
         {{{5, 2, 8}}, {{2, 48, 8}}, {{2, 48, 16}}},
         {integer("hidden_size", 16), text("direction", "bidirectional")},
         5.0 * 2 * 2 * (2 * 48 * (8 + 16) + 11 * 16)},
        {"RNN",
         "RNN",
         "",
         17,
         {{{5, 2, 8}}, {{1, 16, 8}}, {{1, 16, 16}}},
         {integer("hidden_size", 16)},
         5.0 * 2 * (2 * 16 * (8 + 16) + 2 * 16)},
        // Q Kᵀ and V: 2·64 each for 2·8·128·128 scores, scale and softmax 6
        {"Attention",
         "Attention",
         "",
         23,
         {{{2, 8, 128, 64}}, {{2, 8, 128, 64}}, {{2, 8, 128, 64}}},
         {},
         2.0 * 8 * 128 * 128 * (2 * 64 + 2 * 64 + 6)},
        {"com.microsoft.Attention",
         "Attention",
         "com.microsoft",
         1,
         {{{1, 10, 32}}, {{32, 96}}, {{96}}},
         {integer("num_heads", 4)},
         10.0 * 96 * (2 * 32 + 1) + 4.0 * 10 * 10 * (2 * 8 + 2 * 8 + 6)},
        {"LayerNormalization", "LayerNormalization", "", 17, {{{2, 10, 32}}, {{32}}, {{32}}}, {}, 7.0 * 640},
        {"BatchNormalization",
         "BatchNormalization",
         "",
         17,
         {{{1, 4, 5, 5}}, {{4}}, {{4}}, {{4}}, {{4}}},
         {},
         2.0 * 100},
        {"Softmax", "Softmax", "", 17, {{{2, 10}}}, {}, 5.0 * 20},
        {"LRN", "LRN", "", 17, {{{1, 4, 5, 5}}}, {integer("size", 3)}, 100.0 * (2 * 3 + 3)},
        {"MaxPool",
         "MaxPool",
         "",
         17,
         {{{1, 4, 8, 8}}},
         {ints("kernel_shape", {2, 2}), ints("strides", {2, 2})},
         64.0 * 4},
        {"GlobalAveragePool", "GlobalAveragePool", "", 17, {{{1, 4, 8, 8}}}, {}, 4.0 * 64 + 4},
        {"ReduceMean", "ReduceMean", "", 17, {{{2, 10}}}, {ints("axes", {1})}, 20.0 + 2},
        {"ReduceSum", "ReduceSum", "", 17, {{{2, 10}}}, {}, 20},
        {"Relu", "Relu", "", 17, {{{2, 10}}}, {}, 20},
        {"Add broadcast", "Add", "", 17, {{{2, 10}}, {{4, 1, 1}}}, {}, 80},
        {"Sum of three", "Sum", "", 17, {{{4}}, {{4}}, {{4}}}, {}, 8},
        {"Transpose", "Transpose", "", 17, {{{2, 10}}}, {}, 0},
    };
}

class ModelSummaryTest : public QObject {
    Q_OBJECT
private slots:
    void countsWork_data();
    void countsWork();
    void everyOperatorIsKnownOrSaid();
    void sizeCountsWhatIsInside();
    void unknownShapesAreSaid();
    void workOfBodies();
    void workOfFunctions();
    void memoryOverTime();
    void memoryOfConstantsIsNoActivation();
    void memoryNeedsKnownSizes();
    void memoryInsideBodies();
};

void ModelSummaryTest::countsWork_data()
{
    QTest::addColumn<const WorkCase*>("work");
    static const std::vector<WorkCase> products = productCases();
    static const std::vector<WorkCase> layers = layerCases();
    for (const auto* cases : {&products, &layers}) {
        for (const WorkCase& work : *cases)
            QTest::newRow(work.name) << &work;
    }
}

void ModelSummaryTest::countsWork()
{
    QFETCH(const WorkCase*, work);
    GraphBuilder builder;
    builder.opset(work->opset);
    std::vector<std::string> inputs;
    for (const auto& shape : work->inputs) {
        inputs.push_back(shape ? std::string(1, static_cast<char>('a' + inputs.size())) : std::string());
        const bool isInteger = std::string_view(work->op).ends_with("Integer");
        if (shape)
            builder.input(inputs.back(),
                          TypeInfo::tensor(isInteger ? DataType::Int8 : DataType::Float, *shape));
    }
    Node& node = builder.node(work->op, inputs, {"y"});
    node.domain = work->domain;
    node.attributes = work->attributes;
    const auto model = builder.output("y").build();
    model->opsets.push_back({work->domain, work->opset});
    const auto summary = summaryOf(*model);
    QVERIFY(summary.ok());
    QCOMPARE(summary->workOfNodes.size(), 1U);
    QVERIFY(summary->workOfNodes[0].state == NodeWork::State::Counted);
    QCOMPARE(summary->flops, work->flops);
    QCOMPARE(summary->operators[0].flops, work->flops);
}

// A new operator of the table needs a rule, or a place in this list.
void ModelSummaryTest::everyOperatorIsKnownOrSaid()
{
    const std::set<std::string> withoutRule{"If",
                                            "Loop",
                                            "Scan",
                                            "SequenceMap", // bodies
                                            "TopK",
                                            "Unique",
                                            "NonMaxSuppression",
                                            "Multinomial",
                                            "MaxRoiPool", // by the values
                                            "TfIdfVectorizer",
                                            "TreeEnsemble",
                                            "TreeEnsembleClassifier",
                                            "TreeEnsembleRegressor",
                                            "DFT",
                                            "MelWeightMatrix",
                                            "LinearAttention",
                                            "GRUUnit", // nobody counted them yet
                                            "DecoderMaskedMultiHeadAttention",
                                            "MurmurHash3",
                                            "RelativePositionBias",
                                            "GatedRelativePositionBias"};
    for (const std::span<const OpDef> family : opTable()) {
        for (const OpDef& op : family) {
            Node node;
            node.opType = op.name;
            node.domain = op.domain;
            if (op.domain == "ai.onnx.preview.training" ||
                op.domain.find("lapidary") != std::string_view::npos || op.name == "Gradient")
                continue;
            const bool known = nodeWork(node, {}).state != NodeWork::State::NoRule;
            QVERIFY2(known != withoutRule.contains(std::string(op.name)), std::string(op.name).c_str());
        }
    }
}

// Exporters put weights into bodies, and write them as Constant nodes.
void ModelSummaryTest::sizeCountsWhatIsInside()
{
    GraphBuilder yes, no;
    yes.weight("w", {2, 3}).node("Add", {"x", "w"}, {"a"});
    no.constantNode("c", Tensor::of<float>({4}, std::vector<float>(4)));
    no.node("Add", {"x", "c"}, {"b"});
    yes.output("a");
    no.output("b");
    GraphBuilder builder;
    builder.input("x", {1}).input("which", TypeInfo::tensor(DataType::Bool, Shape{})).weight("outer", {5});
    builder.node("If", {"which"}, {"y"}).attributes = {yes.body("then_branch"), no.body("else_branch")};
    const ModelSize size = sizeOf(*builder.output("y").build());
    QCOMPARE(size.nodes, int64_t(4));
    QCOMPARE(size.weights, int64_t(3));
    QCOMPARE(size.parameters, int64_t(15));
    QCOMPARE(size.weightBytes, uint64_t(60));
}

void ModelSummaryTest::unknownShapesAreSaid()
{
    GraphBuilder builder;
    builder.input("x", {Dim("batch"), 8}).weight("w", {8, 4});
    builder.node("MatMul", {"x", "w"}, {"h"});
    builder.node("Mystery", {"h"}, {"y"}).domain = "com.example";
    const auto model = builder.output("y").build();
    const auto open = summaryOf(*model);
    QVERIFY(open.ok());
    QCOMPARE(open->flops, 0.0);
    QCOMPARE(open->flopsUnknownShapes, 1);
    QCOMPARE(open->flopsWithoutRule, 1);
    const auto fixed = summaryOf(*model, {{"batch", 3}});
    QCOMPARE(fixed->flops, 2.0 * 3 * 4 * 8);
    QCOMPARE(fixed->flopsUnknownShapes, 0);
    QCOMPARE(fixed->activations.uncountedValues, 1); // what Mystery gives
}

void ModelSummaryTest::workOfBodies()
{
    // 10 times Relu of 4 elements
    GraphBuilder inside;
    inside.input("i", TypeInfo::tensor(DataType::Int64, Shape{}));
    inside.input("go", TypeInfo::tensor(DataType::Bool, Shape{})).input("v", {4});
    inside.node("Identity", {"go"}, {"still"});
    inside.node("Relu", {"v"}, {"next"});
    inside.output("still").output("next");
    GraphBuilder builder;
    builder.input("x", {4}).constant("times", Tensor::scalar<int64_t>(10));
    builder.node("Loop", {"times", "", "x"}, {"y"}).attributes = {inside.body("body")};
    const auto loop = summaryOf(*builder.output("y").build());
    QVERIFY(loop.ok());
    QCOMPARE(loop->flops, 40.0);
    QCOMPARE(loop->workOfNodes[0].flops, 40.0);
    QCOMPARE(loop->operators.size(), 3U);

    // the branch with more work
    GraphBuilder cheap, dear;
    cheap.node("Identity", {"x"}, {"c"});
    dear.node("Relu", {"x"}, {"d"});
    cheap.output("c");
    dear.output("d");
    GraphBuilder choice;
    choice.input("x", {4}).input("which", TypeInfo::tensor(DataType::Bool, Shape{}));
    choice.node("If", {"which"}, {"y"}).attributes = {cheap.body("then_branch"), dear.body("else_branch")};
    QCOMPARE(summaryOf(*choice.output("y").build())->flops, 4.0);
}

void ModelSummaryTest::workOfFunctions()
{
    GraphBuilder inside;
    inside.input("v");
    inside.node("Relu", {"v"}, {"r"});
    inside.node("Add", {"r", "v"}, {"out"});
    inside.output("out");
    GraphBuilder builder;
    builder.input("x", {4}).input("z", {100});
    builder.node("Twice", {"x"}, {"y"}).domain = "local";
    builder.node("Twice", {"z"}, {"u"}).domain = "local";
    const auto model = builder.output("y").output("u").build();
    model->functions.push_back(inside.function("Twice", "local"));
    const auto summary = summaryOf(*model);
    QVERIFY(summary.ok());
    QCOMPARE(summary->flops, 2.0 * 4 + 2.0 * 100);
    QCOMPARE(summary->workOfNodes[1].flops, 200.0);
}

void ModelSummaryTest::memoryOverTime()
{
    // bytes: x 40, a 40, b 400, c 4, y 40; x is needed again at the end
    GraphBuilder builder;
    builder.input("x", {10}).weight("w", {10, 10});
    builder.node("Relu", {"x"}, {"a"});
    builder.node("Add", {"a", "w"}, {"b"});
    builder.node("ReduceSum", {"b"}, {"c"});
    builder.node("Mul", {"c", "x"}, {"y"});
    const auto summary = summaryOf(*builder.output("y").build());
    QVERIFY(summary.ok());
    const ActivationMemory& memory = summary->activations;
    QCOMPARE(memory.bytesAtNode, (std::vector<uint64_t>{80, 480, 444, 84}));
    QCOMPARE(memory.peakNode, 1);
    QCOMPARE(memory.peakBytes, 480U);
    QCOMPARE(memory.valuesAtPeak.size(), 3U);
    QCOMPARE(memory.valuesAtPeak[0].second, 400U);
    QCOMPARE(memory.uncountedValues, 0);
}

void ModelSummaryTest::memoryOfConstantsIsNoActivation()
{
    GraphBuilder builder;
    builder.input("x", {10}).weight("w", {10});
    builder.node("Neg", {"w"}, {"n"}); // follows from weights alone
    builder.constantNode("k", Tensor::scalar(1.0F));
    builder.node("Add", {"x", "n"}, {"a"});
    builder.node("Mul", {"a", "k"}, {"y"});
    const auto summary = summaryOf(*builder.output("y").build());
    QCOMPARE(summary->activations.peakBytes, 80U);
    QCOMPARE(summary->size.weightBytes, 44U);
}

void ModelSummaryTest::memoryNeedsKnownSizes()
{
    GraphBuilder builder;
    builder.input("x", {Dim("batch"), 10});
    builder.node("Relu", {"x"}, {"y"});
    const auto model = builder.output("y").build();
    QCOMPARE(summaryOf(*model)->activations.uncountedValues, 2);
    QCOMPARE(summaryOf(*model)->activations.peakBytes, 0U);
    const auto known = summaryOf(*model, {{"batch", 4}});
    QCOMPARE(known->activations.uncountedValues, 0);
    QCOMPARE(known->activations.peakBytes, 320U);
}

void ModelSummaryTest::memoryInsideBodies()
{
    GraphBuilder big, small;
    big.node("Add", {"x", "column"}, {"wide"});
    big.node("ReduceSum", {"wide"}, {"b"});
    small.node("ReduceSum", {"x"}, {"s"});
    big.output("b");
    small.output("s");
    GraphBuilder builder;
    builder.input("x", {10}).input("column", {10, 1});
    builder.input("which", TypeInfo::tensor(DataType::Bool, Shape{}));
    builder.node("If", {"which"}, {"y"}).attributes = {big.body("then_branch"), small.body("else_branch")};
    const auto summary = summaryOf(*builder.output("y").build());
    // around: x 40, column 40, which 1; the branches differ in shape, so y is not known; inside: 400 and 4
    QCOMPARE(summary->activations.peakBytes, 81U + 404U);
    QCOMPARE(summary->activations.peakNode, 0);
}

} // namespace

std::unique_ptr<QObject> lapidary::createModelSummaryTest() { return std::make_unique<ModelSummaryTest>(); }

#include "model_summary_test.moc"
