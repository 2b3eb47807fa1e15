// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/search/search.h"

#include <QTest>

using namespace lapidary;

namespace {

Attribute attribute(const std::string& name, Attribute::Data data)
{
    Attribute made;
    made.name = name;
    made.data = std::move(data);
    return made;
}

Node& named(Node& node, const std::string& name)
{
    node.name = name;
    return node;
}

// Two convolutions, attention and a loop-free tail, as an exporter of PyTorch names them.
std::shared_ptr<Model> sampleModel()
{
    GraphBuilder builder;
    builder.input("image", {Dim("batch"), Dim(3), Dim(224), Dim(224)});
    builder.weight("conv1.weight", {64, 3, 7, 7})
        .weight("conv1.bias", {64})
        .weight("conv2.weight", {64, 64, 3, 3});
    builder.constant("onnx::Scale_12", Tensor::scalar(0.125f));
    Node& first =
        named(builder.node("Conv", {"image", "conv1.weight", "conv1.bias"}, {"/conv1/Conv_output_0"}),
              "/conv1/Conv");
    first.attributes = {attribute("kernel_shape", std::vector<int64_t>{7, 7}),
                        attribute("strides", std::vector<int64_t>{2, 2}),
                        attribute("auto_pad", std::string("SAME_UPPER"))};
    named(builder.node("Relu", {"/conv1/Conv_output_0"}, {"/Relu_output_0"}), "/Relu");
    Node& second = named(builder.node("Conv", {"/Relu_output_0", "conv2.weight"}, {"/conv2/Conv_output_0"}),
                         "/conv2/Conv");
    second.attributes = {attribute("kernel_shape", std::vector<int64_t>{3, 3}),
                         attribute("group", int64_t(2))};
    named(builder.node("MatMul", {"/conv2/Conv_output_0", "/Relu_output_0"}, {"scores"}), "/attn/MatMul");
    named(builder.node("Mul", {"scores", "onnx::Scale_12"}, {"scaled"}), "/attn/Mul");
    Node& softmax = named(builder.node("Softmax", {"scaled"}, {"weights"}), "/attn/Softmax");
    softmax.attributes = {attribute("axis", int64_t(-1))};
    named(builder.node("LogSoftmax", {"weights"}, {"y"}), "/tail").attributes = {attribute("epsilon", 1e-5f)};
    return builder.output("y").build();
}

std::shared_ptr<const SearchIndex> indexOf(std::shared_ptr<const Model> model)
{
    JobContext job;
    return SearchIndex::build(std::move(model), job).value();
}

std::string nameOf(const SearchHit& hit)
{
    if (hit.kind != SearchHit::Kind::Node)
        return hit.graph->value(hit.id).name;
    const Node& node = hit.graph->node(hit.id);
    return node.name.empty() ? node.opType : node.name;
}

SearchResult found(const SearchIndex& index, const QString& text)
{
    const ParsedQuery parsed = parseQuery(text);
    if (parsed.error) {
        qWarning("%s: error %d at %d", qPrintable(text), static_cast<int>(parsed.error->kind),
                 parsed.error->position);
        return {};
    }
    return search(index, nullptr, parsed.query, {}).value();
}

QString names(const std::vector<SearchHit>& hits)
{
    QStringList list;
    for (const SearchHit& hit : hits)
        list << QString::fromStdString(nameOf(hit));
    return list.join(' ');
}

class SearchTest : public QObject {
    Q_OBJECT
private slots:
    void findsNodes_data();
    void findsNodes();
    void findsValues_data();
    void findsValues();
    void numbers_data();
    void numbers();
    void shapes_data();
    void shapes();
    void patterns_data();
    void patterns();
    void patternNamesOneChain();
    void pathsEnd();
    void errors_data();
    void errors();
    void unfinishedIsNoError_data();
    void unfinishedIsNoError();
    void bodiesAndFunctions();
    void inferredShapes();
    void regexStaysWithinOneName();
    void foldsOtherScripts();
};

void SearchTest::findsNodes_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected) {
        QTest::newRow(query) << query << expected;
    };
    row("kind:node CONV1", "/conv1/Conv");
    row("kind:node conv relu", "");
    row("kind:node conv -bias", "/conv2/Conv");
    row("kind:node conv not:conv2", "/conv1/Conv");
    row("op:Conv", "/conv1/Conv /conv2/Conv");
    row("op:softmax", "/attn/Softmax"); // not LogSoftmax: there is an operator of that name
    row("op:soft", "/attn/Softmax /tail");
    row("op:*Softmax", "/attn/Softmax /tail");
    row("op:Mul|Relu", "/Relu /attn/Mul");
    row("op:=Soft", "");
    row("op:/^(log)?softmax$/", "/attn/Softmax /tail");
    row("op:!=Conv attr:kernel_shape", "");
    row("-op:Conv name:/attn/", "/attn/MatMul /attn/Mul /attn/Softmax");
    row("name:/attn op:Softmax", "/attn/Softmax");
    row("kernel_shape:3,3", "/conv2/Conv");
    row("kernel_shape:3", "/conv2/Conv");
    row("kernel_shape:>3", "/conv1/Conv");
    row("kernel_shape:*,7", "/conv1/Conv");
    row("kernel_shape:3x3", "/conv2/Conv");
    row("kernel_shape:", "/conv1/Conv /conv2/Conv");
    row("strides:2..3", "/conv1/Conv");
    row("group:>1", "/conv2/Conv");
    row("group>=2", "/conv2/Conv");
    row("group:!=2", "");
    row("axis:-1", "/attn/Softmax");
    row("axis=-1", "/attn/Softmax");
    row("axis:*", "/attn/Softmax");
    row("epsilon:1e-5", "/tail");
    row("auto_pad:same", "/conv1/Conv");
    row("auto_pad:SAME_*", "/conv1/Conv");
    row("attr:kernel", "/conv1/Conv /conv2/Conv");
    row("in:Relu", "/conv2/Conv /attn/MatMul");
    row("out:scores", "/attn/MatMul");
    row("op:Conv weight:bias", "/conv1/Conv");
    row("op:Conv params:>10k", "/conv2/Conv");
    row("op:Conv bytes:<=40k", "/conv1/Conv");
    row("op:Conv kernel_shape:3,3 params:>10k", "/conv2/Conv");
    row("inputs:3", "/conv1/Conv");
    row("inputs:>=2 outputs:1", "/conv1/Conv /conv2/Conv /attn/MatMul /attn/Mul");
    row("domain:ai.onnx inputs:1", "/Relu /attn/Softmax /tail");
    row("domain:microsoft", "");
    row("kind:node \"/conv1/Conv\"", "/conv1/Conv");
    row("kind:node /co.v[12]/", "/conv1/Conv /conv2/Conv");
    row("kind:node conv*bias", "/conv1/Conv"); // in the name of its weight
}

void SearchTest::findsNodes()
{
    QFETCH(QString, query);
    QFETCH(QString, expected);
    const auto index = indexOf(sampleModel()); // hits point into its model
    const SearchResult result = found(*index, query);
    QCOMPARE(names(result.hits), expected);
    QCOMPARE(result.counts[0], result.hits.size());
}

void SearchTest::findsValues_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected) {
        QTest::newRow(query) << query << expected;
    };
    row("", "");
    row("image", "image");
    row("conv1.bias", "/conv1/Conv conv1.bias");
    row("onnx::Scale_12", "/attn/Mul onnx::Scale_12"); // no key, and no attribute "onnx"
    row("conv1:bias", "");
    row("weight:bias", "conv1.bias");
    row("weight:", "conv1.weight conv1.bias conv2.weight onnx::Scale_12");
    row("tensor:Relu", "/Relu_output_0");
    row("kind:input", "image");
    row("kind:output", "y");
    row("kind:weight params:>10k", "conv2.weight");
    row("kind:weight shape:64", "conv1.bias");
    row("kind:weight shape:64,...", "conv1.weight conv1.bias conv2.weight");
    row("kind:weight rank:0", "onnx::Scale_12");
    row("shape:batch,3,*,*", "image");
    row("shape:*x3x224x224", "image");
    row("type:float16", "");
    row("type:float kind:input", "image");
    row("dtype:f32 kind:weight rank:1", "conv1.bias");
}

void SearchTest::findsValues()
{
    QFETCH(QString, query);
    QFETCH(QString, expected);
    const auto index = indexOf(sampleModel());
    QCOMPARE(names(found(*index, query).hits), expected);
}

void SearchTest::numbers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("inside");
    QTest::addColumn<double>("outside");
    QTest::newRow("exact") << "3" << 3.0 << 3.1;
    QTest::newRow("greater") << ">1M" << 1'000'001.0 << 1'000'000.0;
    QTest::newRow("at least") << ">=1.5k" << 1500.0 << 1499.0;
    QTest::newRow("less") << "<-1" << -2.0 << -1.0;
    QTest::newRow("range") << "10..20" << 20.0 << 21.0;
    QTest::newRow("open range") << "..5" << -100.0 << 6.0;
    QTest::newRow("binary") << "4KiB" << 4096.0 << 4000.0;
    QTest::newRow("bytes") << "64kB" << 64'000.0 << 65'536.0;
    QTest::newRow("not") << "!=0" << 1.0 << 0.0;
    QTest::newRow("exponent") << "1e-5" << 1e-5 << 1e-4;
}

void SearchTest::numbers()
{
    QFETCH(QString, text);
    QFETCH(double, inside);
    QFETCH(double, outside);
    const auto test = numberTest(text);
    QVERIFY(test);
    QVERIFY(test->accepts(inside));
    QVERIFY(!test->accepts(outside));
    QVERIFY(!numberTest(text + "q"));
}

void SearchTest::shapes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
    QTest::newRow("same") << "N,3,224,224" << true;
    QTest::newRow("brackets") << "[n, 3, 224, 224]" << true;
    QTest::newRow("wildcards") << "*,?,224,*" << true;
    QTest::newRow("start") << "N,3,..." << true;
    QTest::newRow("end") << "...,224" << true;
    QTest::newRow("middle") << "...,3,..." << true;
    QTest::newRow("still typing") << "N,3," << true;
    QTest::newRow("comparison") << "*,<4,>200,200..300" << true;
    QTest::newRow("too short") << "N,3" << false;
    QTest::newRow("too long") << "N,3,224,224,1" << false;
    QTest::newRow("other symbol") << "M,3,224,224" << false;
    QTest::newRow("a symbol is no size") << ">0,3,224,224" << false;
    QTest::newRow("scalar") << "scalar" << false;
}

void SearchTest::shapes()
{
    QFETCH(QString, text);
    QFETCH(bool, expected);
    const Shape shape{Dim("N"), Dim(3), Dim(224), Dim(224)};
    QCOMPARE(accepts(listTest(text), shape), expected);
    QVERIFY(accepts(listTest(u"[]"), Shape{}));
    QVERIFY(!accepts(listTest(u"1"), Shape{}));
}

void SearchTest::patterns_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("starts");
    QTest::addColumn<QString>("marked");
    const auto row = [](const char* query, const char* starts, const char* marked) {
        QTest::newRow(query) << query << starts << marked;
    };
    row("MatMul -> * -> Softmax", "/attn/MatMul", "/attn/MatMul /attn/Mul /attn/Softmax");
    row("MatMul->*->Softmax", "/attn/MatMul", "/attn/MatMul /attn/Mul /attn/Softmax");
    row("MatMul → Mul", "/attn/MatMul", "/attn/MatMul /attn/Mul");
    row("MatMul -> Softmax", "", "");
    row("Conv -> Relu", "/conv1/Conv", "/conv1/Conv /Relu");
    row("Conv kernel_shape:3,3 -> MatMul", "/conv2/Conv", "/conv2/Conv /attn/MatMul");
    row("Conv kernel_shape:7,7 -> MatMul", "", "");
    row("Relu -> ** -> Softmax", "/Relu", "/Relu /conv2/Conv /attn/MatMul /attn/Mul /attn/Softmax");
    row("Relu -> MatMul", "/Relu", "/Relu /attn/MatMul");
    row("Relu -> Conv|Gemm -> MatMul", "/Relu", "/Relu /conv2/Conv /attn/MatMul");
    row("Conv -> ... -> name:tail", "/conv1/Conv /conv2/Conv",
        "/conv1/Conv /Relu /conv2/Conv /attn/MatMul /attn/Mul /attn/Softmax /tail");
    row("* -> Softmax", "/attn/Mul", "/attn/Mul /attn/Softmax");
    row("** -> Softmax", "/attn/Softmax", "/attn/Softmax");
    row("Softmax -> *", "/attn/Softmax", "/attn/Softmax /tail");
    row("-op:Conv -> Conv", "/Relu", "/Relu /conv2/Conv");
}

void SearchTest::patterns()
{
    QFETCH(QString, query);
    QFETCH(QString, starts);
    QFETCH(QString, marked);
    const auto index = indexOf(sampleModel()); // hits point into its model
    const SearchResult result = found(*index, query);
    QCOMPARE(names(result.hits), starts);
    QCOMPARE(names(result.marked), marked);
}

void SearchTest::patternNamesOneChain()
{
    const SearchResult result = found(*indexOf(sampleModel()), "Relu -> ** -> Softmax");
    QCOMPARE(result.hits.size(), size_t(1));
    const auto chain = result.chain(0); // the shortest: past the second convolution
    QCOMPARE(std::vector<NodeId>(chain.begin(), chain.end()), (std::vector<NodeId>{1, 3, 4, 5}));
    QVERIFY(result.chain(1).empty());
    QVERIFY(found(*indexOf(sampleModel()), "op:Relu").chain(0).empty());
}

// Long chains are found up to the bound; a file whose nodes feed each other in a circle ends as well.
void SearchTest::pathsEnd()
{
    const auto chain = [](int between) {
        GraphBuilder builder;
        builder.input("v0").node("Abs", {"v0"}, {"v1"});
        for (int i = 1; i <= between; ++i)
            builder.node("Neg", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
        builder.node("Exp", {"v" + std::to_string(between + 1)}, {"y"});
        return indexOf(builder.output("y").build());
    };
    QCOMPARE(found(*chain(0), "Abs -> ** -> Exp").hits.size(), size_t(1));
    QCOMPARE(found(*chain(longestQueryPath), "Abs -> ** -> Exp").marked.size(), size_t(longestQueryPath + 2));
    QCOMPARE(found(*chain(longestQueryPath + 1), "Abs -> ** -> Exp").hits.size(), size_t(0));

    GraphBuilder circle;
    circle.node("Abs", {"b"}, {"a"});
    circle.node("Neg", {"a"}, {"b"});
    const auto index = indexOf(circle.output("a").build());
    QCOMPARE(names(found(*index, "Abs -> Neg -> Abs -> Neg").hits), "Abs");
    QCOMPARE(names(found(*index, "Abs -> ** -> Abs").marked), "Abs Neg");
}

void SearchTest::errors_data()
{
    using Kind = QueryError::Kind;
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("position");
    const auto row = [](const char* query, Kind kind, int position) {
        QTest::newRow(query) << query << static_cast<int>(kind) << position;
    };
    row("conv /a(b/", Kind::BadRegex, 8);
    row("name:/[/", Kind::BadRegex, 6);
    row("op:Conv params:>many", Kind::NotANumber, 15);
    row("rank:x", Kind::NotANumber, 5);
    row("op:>3", Kind::TextCompared, 3);
    row("kind:nothing", Kind::NotAKind, 5);
    row("-> Relu", Kind::EmptyStep, 0);
    row("Conv -> -> Relu", Kind::EmptyStep, 8);
    row("Conv -> ", Kind::OpenEnd, 5);
    row("* -> **", Kind::OnlyWildcards, 0);
    row("a->a->a->a->a->a->a->a->a->a->a->a->a->a->a->a->a", Kind::TooManySteps, 46);
}

void SearchTest::errors()
{
    QFETCH(QString, query);
    QFETCH(int, kind);
    QFETCH(int, position);
    const ParsedQuery parsed = parseQuery(query);
    QVERIFY(parsed.error);
    QVERIFY(parsed.query.isEmpty());
    QCOMPARE(static_cast<int>(parsed.error->kind), kind);
    QCOMPARE(parsed.error->position, position);
    QVERIFY(parsed.error->position + parsed.error->length <= query.size());
}

void SearchTest::unfinishedIsNoError_data()
{
    QTest::addColumn<QString>("query");
    for (const char* query : {"-",        "*",         "/",        "//",        "/a",
                              "\"",       "\"a b",     "op:",      "op:=",      "params:",
                              "params:>", "params:>=", "shape:1,", "shape:1,>", "kernel_shape:3,",
                              "a|",       "|",         "not:",     "Conv -",    "name:\"",
                              "x:=",      "kind:wei",  "10..",     "inputs:."})
        QTest::newRow(query) << query;
}

void SearchTest::unfinishedIsNoError()
{
    QFETCH(QString, query);
    QVERIFY(!parseQuery(query).error);
    found(*indexOf(sampleModel()), query);
}

void SearchTest::bodiesAndFunctions()
{
    GraphBuilder inner;
    inner.node("Gelu", {"x"}, {"inner"});
    inner.node("Add", {"inner", "shared.weight"}, {"out"});
    GraphBuilder part;
    part.input("a");
    named(part.node("Tanh", {"a"}, {"b"}), "in the function");
    GraphBuilder builder;
    builder.input("x").input("c").weight("shared.weight", {8});
    builder.node("Relu", {"x"}, {"r"});
    builder.node("If", {"c"}, {"y"}).attributes.push_back(inner.output("out").body("then_branch"));
    builder.node("Part", {"y"}, {"z"}).domain = "local";
    const auto model = builder.output("z").build();
    model->functions.push_back(part.output("b").function("Part", "local"));
    const auto index = indexOf(model);
    QCOMPARE(index->nodeCount(), size_t(6));

    const SearchResult gelu = found(*index, "op:Gelu");
    QCOMPARE(gelu.hits.size(), size_t(1));
    QVERIFY(gelu.hits[0].graph != &model->graph);
    QCOMPARE(markOf(*index, gelu.hits[0]).around, NodeId(1)); // the If
    QCOMPARE(selectionOf(*index, gelu.hits[0]), Selection::ofNode(0, gelu.hits[0].graph));
    QCOMPARE(placeOf(*index, gelu.hits[0]).size(), size_t(1));
    const SearchResult tanh = found(*index, "op:Tanh");
    QCOMPARE(markOf(*index, tanh.hits[0]).around, NodeId(2)); // the call
    QCOMPARE(selectionOf(*index, found(*index, "kind:node r op:Relu").hits[0]), Selection::ofNode(0));

    // The weight is there once, and the node that reads it from around its graph has it.
    QCOMPARE(names(found(*index, "weight:shared").hits), "shared.weight");
    QCOMPARE(names(found(*index, "params:8").hits), "Add shared.weight");
    QCOMPARE(names(found(*index, "Gelu -> Add").hits), "Gelu");
}

void SearchTest::inferredShapes()
{
    const auto model = sampleModel();
    JobContext job;
    const InferredTypes types = inferTypes(*model, {}, job).value();
    const auto index = indexOf(model);
    const ParsedQuery parsed = parseQuery("op:Conv shape:*,64,*,*");
    QCOMPARE(search(*index, nullptr, parsed.query, {}).value().hits.size(), size_t(0));
    QVERIFY(search(*index, &types, parsed.query, {}).value().hits.size() > 0);
}

void SearchTest::regexStaysWithinOneName()
{
    GraphBuilder builder;
    builder.input("ab").node("Neg", {"ab"}, {"cd"});
    const auto index = indexOf(builder.output("cd").build());
    QCOMPARE(names(found(*index, "tensor:/b\\s*c/").hits), "");
    QCOMPARE(names(found(*index, "tensor:/^[^x]+$/").hits), "ab cd");
    QCOMPARE(names(found(*index, "tensor:/b$/").hits), "ab");
}

void SearchTest::foldsOtherScripts()
{
    GraphBuilder builder;
    builder.input("ÄÖ\nx").node("Neg", {"ÄÖ\nx"}, {"Привет"});
    const auto index = indexOf(builder.output("Привет").build());
    QCOMPARE(found(*index, "tensor:äö").hits.size(), size_t(1));
    QCOMPARE(found(*index, "tensor:ПРИВЕТ").hits.size(), size_t(1));
    QCOMPARE(found(*index, "tensor:/прив.т$/").hits.size(), size_t(1));
    QCOMPARE(found(*index, "tensor:\"äö x\"").hits.size(), size_t(1));
}

} // namespace

namespace lapidary {
std::unique_ptr<QObject> createSearchTest() { return std::make_unique<SearchTest>(); }
} // namespace lapidary

#include "search_test.moc"
