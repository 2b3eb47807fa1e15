// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/display_graph.h"

#include <QTest>

using namespace lapidary;

namespace {

DisplayGraph displayed(const std::shared_ptr<const Model>& model)
{
    JobContext job;
    return buildDisplayGraph(*model, model->graph, {}, job).value();
}

DisplayGraph opened(const std::shared_ptr<const Model>& model, const OpenPlaces& open)
{
    JobContext job;
    DisplayOptions options;
    options.open = open;
    return buildDisplayGraph(*model, model->graph, options, job).value();
}

// "Relu -> Add", for each edge, sorted.
QStringList edgesOf(const DisplayGraph& graph)
{
    QStringList edges;
    for (const DisplayEdge& edge : graph.edges)
        edges << QString::fromStdString(graph.box(edge.from).title + (edge.captured ? " ~> " : " -> ") +
                                        graph.box(edge.to).title);
    edges.sort();
    return edges;
}

// The titles of the frames around a box, from the outside in.
QStringList framesAround(const DisplayGraph& graph, const std::string& title)
{
    QStringList frames;
    for (const DisplayBox& box : graph.boxes) {
        if (box.title != title)
            continue;
        for (BoxId frame = box.frame; frame != noBox; frame = graph.box(frame).frame)
            frames.prepend(QString::fromStdString(graph.box(frame).title));
        break;
    }
    return frames;
}

std::shared_ptr<Model> groupedModel()
{
    GraphBuilder builder;
    builder.input("x").weight("W", {4, 4});
    builder.node("MatMul", {"x", "W"}, {"a"}).name = "/block/inner/MatMul";
    builder.node("Relu", {"a"}, {"b"}).name = "/block/inner/Relu";
    builder.node("Add", {"a", "b"}, {"c"}).name = "/block/Add";
    builder.node("Sigmoid", {"c"}, {"y"}).name = "/Sigmoid";
    return builder.output("y").build();
}

QString rowText(const DisplayBox& box, size_t row)
{
    return row < box.rows.size() ? QString::fromStdString(box.rows[row].name + " " + box.rows[row].text)
                                 : "none";
}

const DisplayBox& boxNamed(const DisplayGraph& graph, const std::string& title)
{
    for (const DisplayBox& box : graph.boxes) {
        if (box.title == title)
            return box;
    }
    static const DisplayBox none;
    return none;
}

Tensor shapeTensor(std::vector<int64_t> dims)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(dims.size())}, dims);
}

class DisplayGraphTest : public QObject {
    Q_OBJECT
private slots:
    void empty()
    {
        const DisplayGraph graph = displayed(GraphBuilder().build());
        QVERIFY(graph.boxes.empty());
        QVERIFY(graph.edges.empty());
    }

    void weightsBecomeRows()
    {
        GraphBuilder builder;
        builder.input("x").input("W").weight("W", {64, 3, 7, 7}).weight("b", {64});
        builder.node("Conv", {"x", "W", "b"}, {"y"});
        const DisplayGraph graph = displayed(builder.output("y").build());
        QCOMPARE(graph.boxes.size(), size_t(3)); // x, Conv, y; W is an input of the old kind
        QCOMPARE(graph.edges.size(), size_t(2));
        const DisplayBox& conv = boxNamed(graph, "Conv");
        QCOMPARE(rowText(conv, 0), QString("W ⟨64×3×7×7⟩"));
        QCOMPARE(rowText(conv, 1), QString("B ⟨64⟩"));
    }

    void smallConstantsShowTheirNumbers()
    {
        GraphBuilder builder;
        builder.input("x").constant("half", Tensor::scalar(0.5f)).constant("to", shapeTensor({1, -1}));
        builder.node("Mul", {"x", "half"}, {"y"});
        builder.node("Reshape", {"y", "to"}, {"z"});
        const DisplayGraph graph = displayed(builder.output("z").build());
        QCOMPARE(rowText(boxNamed(graph, "Mul"), 0), QString("B = 0.5"));
        QCOMPARE(rowText(boxNamed(graph, "Reshape"), 0), QString("shape = [1, -1]"));
    }

    void constantNodesAreFolded()
    {
        GraphBuilder builder;
        builder.input("x").constant("dims", shapeTensor({64, 3, 7, 7}));
        builder.node("ConstantOfShape", {"dims"}, {"w"});
        builder.constantNode("c", Tensor::scalar(2.0f));
        builder.node("Identity", {"c"}, {"same"});
        builder.node("Conv", {"x", "w"}, {"y"});
        builder.node("Pow", {"y", "same"}, {"z"});
        builder.node("Add", {"z", "c"}, {"out"});
        const auto model = builder.output("out").build();
        const DisplayGraph graph = displayed(model);
        QCOMPARE(graph.boxes.size(), size_t(5)); // x, Conv, Pow, Add, out
        QCOMPARE(rowText(boxNamed(graph, "Conv"), 0), QString("W ⟨64×3×7×7⟩"));
        QCOMPARE(rowText(boxNamed(graph, "Pow"), 0), QString("Y = 2"));
        QCOMPARE(rowText(boxNamed(graph, "Add"), 0), QString("B = 2")); // drawn at each use
        // A folded node is shown by the first card that uses it.
        QCOMPARE(graph.boxes[static_cast<size_t>(graph.scope(0).boxOfNode[0])].title, std::string("Conv"));
        QCOMPARE(graph
                     .boxes[static_cast<size_t>(
                         graph.scope(0).boxOfValue[static_cast<size_t>(model->graph.findValue("dims"))])]
                     .title,
                 std::string("Conv"));
    }

    // A weight in another shape, on the way to the node that uses it.
    void rearrangedWeightsAreFolded()
    {
        GraphBuilder builder;
        builder.input("x")
            .weight("w", {768, 3072})
            .weight("scale", {64})
            .constant("axes", shapeTensor({1, 2}));
        builder.node("Transpose", {"w"}, {"wt"});
        builder.node("MatMul", {"x", "wt"}, {"y"});
        builder.node("Unsqueeze", {"scale", "axes"}, {"s"});
        builder.node("Mul", {"y", "s"}, {"z"});
        builder.node("Reshape", {"z", "axes"}, {"out"}); // not of a constant: has a card
        const DisplayGraph graph = displayed(builder.output("out").build());
        QCOMPARE(graph.boxes.size(), size_t(5)); // x, MatMul, Mul, Reshape, out
        QCOMPARE(rowText(boxNamed(graph, "MatMul"), 0), QString("B ⟨768×3072⟩ Transpose"));
        QCOMPARE(rowText(boxNamed(graph, "Mul"), 0), QString("B ⟨64⟩ Unsqueeze"));
    }

    void constantResultKeepsItsBox()
    {
        GraphBuilder builder;
        builder.constantNode("c", Tensor::scalar(2.0f));
        const DisplayGraph graph = displayed(builder.output("c").build());
        QCOMPARE(graph.boxes.size(), size_t(2));
        QCOMPARE(graph.edges.size(), size_t(1));
    }

    void oneEdgeForEachUser()
    {
        GraphBuilder builder;
        builder.input("x");
        builder.node("Add", {"x", "x"}, {"y"});
        builder.node("Mul", {"x", "y"}, {"z"});
        const DisplayGraph graph = displayed(builder.output("z").build());
        QCOMPARE(graph.edges.size(), size_t(4)); // x-Add, x-Mul, Add-Mul, Mul-z
    }

    void capturedValuesAreEdges()
    {
        GraphBuilder builder;
        builder.input("c").input("x");
        Node& node = builder.node("If", {"c"}, {"y"});
        node.captures.push_back(1); // x
        Attribute body;
        body.name = "then_branch";
        body.data = std::make_shared<const Graph>();
        node.attributes.push_back(std::move(body));
        const DisplayGraph graph = displayed(builder.output("y").build());
        QCOMPARE(graph.edges.size(), size_t(3));
        QVERIFY(!graph.edges[0].captured);
        QVERIFY(graph.edges[1].captured);
        QCOMPARE(rowText(boxNamed(graph, "If"), 0), QString("then_branch {0}"));
    }

    void closedGroups()
    {
        const auto model = groupedModel();
        const DisplayGraph graph = opened(model, {.grouped = true});
        QCOMPARE(edgesOf(graph), QStringList({"Sigmoid -> y", "block -> Sigmoid", "x -> block"}));
        const DisplayBox& group = boxNamed(graph, "block");
        QVERIFY(group.expandable && !group.open);
        QCOMPARE(rowText(group, 0), QString("Add ×1"));
        // What is in it is seen as the group.
        QCOMPARE(graph.box(graph.scope(0).boxOfNode[1]).title, std::string("block"));
        const ValueId weight = model->graph.findValue("W");
        QCOMPARE(graph.box(graph.scope(0).boxOfValue[static_cast<size_t>(weight)]).title,
                 std::string("block"));
    }

    void openGroups()
    {
        const auto model = groupedModel();
        const DisplayGraph one = opened(model, {.grouped = true, .level = 1});
        QCOMPARE(edgesOf(one), QStringList({"Add -> Sigmoid", "Sigmoid -> y", "inner -> Add", "inner -> Add",
                                            "x -> inner"}));
        QCOMPARE(framesAround(one, "inner"), QStringList({"block"}));
        OpenPlaces byHand{.grouped = true};
        byHand.places = {{"/block", true}, {"/block/inner", true}};
        const DisplayGraph all = opened(model, byHand);
        QCOMPARE(framesAround(all, "Relu"), QStringList({"block", "inner"}));
        QCOMPARE(edgesOf(all), QStringList({"Add -> Sigmoid", "MatMul -> Add", "MatMul -> Relu",
                                            "Relu -> Add", "Sigmoid -> y", "x -> MatMul"}));
    }

    void openIf()
    {
        GraphBuilder yes;
        yes.node("Add", {"x", "k"}, {"t"});
        yes.output("t");
        GraphBuilder no;
        no.node("Mul", {"x", "x"}, {"e"});
        no.output("e");
        GraphBuilder builder;
        builder.input("c").input("x").constant("k", Tensor::scalar(2.0f));
        builder.node("Neg", {"x"}, {"unused"});
        builder.node("If", {"c"}, {"y"}).attributes = {yes.body("then_branch"), no.body("else_branch")};
        builder.node("Relu", {"y"}, {"z"});
        const auto model = builder.output("z").build();
        const DisplayGraph graph = opened(model, {.places = {{"#1", true}}});
        QCOMPARE(edgesOf(graph), QStringList({"Add -> t", "Mul -> e", "Relu -> z", "c -> If", "e -> Relu",
                                              "t -> Relu", "x -> Neg", "x ~> Add", "x ~> Mul"}));
        QCOMPARE(framesAround(graph, "Add"), QStringList({"If", "then_branch"}));
        QCOMPARE(rowText(boxNamed(graph, "Add"), 0), QString("B = 2")); // a constant from outside
        QCOMPARE(graph.scopes.size(), size_t(3));
    }

    void openLoop()
    {
        GraphBuilder body;
        body.input("i").input("go").input("state");
        body.node("Identity", {"go"}, {"again"});
        body.node("Add", {"state", "step"}, {"next"});
        body.output("again").output("next").output("next");
        GraphBuilder builder;
        builder.input("n").input("start").input("step").constant("true", Tensor::scalar(true));
        builder.node("Loop", {"n", "true", "start"}, {"end", "all"}).attributes = {body.body("body")};
        builder.node("Relu", {"end"}, {"y"});
        const auto model = builder.output("y").output("all").build();
        const DisplayGraph graph = opened(model, {.places = {{"#0", true}}});
        const QStringList edges = edgesOf(graph);
        QVERIFY(edges.contains("n -> Loop"));
        QVERIFY(edges.contains("start -> state"));
        QVERIFY(edges.contains("step ~> Add"));
        QVERIFY(edges.contains("next -> Relu"));
        QVERIFY(edges.contains("next -> all"));
        QCOMPARE(rowText(boxNamed(graph, "go"), 0), QString(" = true"));
    }

    void openFunction()
    {
        GraphBuilder body;
        body.input("a").input("b");
        body.node("Mul", {"a", "b"}, {"p"});
        body.output("p");
        GraphBuilder builder;
        builder.input("x");
        builder.node("Product", {"x", "x"}, {"s"}).domain = "local";
        builder.node("Product", {"s", "x"}, {"y"}).domain = "local";
        auto model = builder.output("y").build();
        model->functions.push_back(body.function("Product", "local"));
        const DisplayGraph graph = opened(model, {.places = {{"#0", true}, {"#1", true}}});
        QCOMPARE(graph.scopes.size(), size_t(3));
        QCOMPARE(edgesOf(graph), QStringList({"Mul -> p", "Mul -> p", "a -> Mul", "a -> Mul", "b -> Mul",
                                              "b -> Mul", "p -> a", "p -> y", "x -> a", "x -> b", "x -> b"}));
    }

    // A function that calls itself opens as far as one goes by hand.
    void recursiveFunction()
    {
        GraphBuilder body;
        body.input("a");
        body.node("Again", {"a"}, {"b"}).domain = "local";
        body.output("b");
        GraphBuilder builder;
        builder.input("x");
        builder.node("Again", {"x"}, {"y"}).domain = "local";
        auto model = builder.output("y").build();
        model->functions.push_back(body.function("Again", "local"));
        const DisplayGraph graph = opened(model, {.places = {{"#0", true}, {"#0/#0", true}}});
        QCOMPARE(graph.scopes.size(), size_t(3));
    }

    // Q and DQ around a convolution with quantized weights, and a Cast that only pleases a runtime.
    void foldedQuantization()
    {
        GraphBuilder builder;
        builder.input("x").constant("s", Tensor::scalar(0.5f)).constant("z", Tensor::scalar(uint8_t{3}));
        builder.constant("wq", Tensor::of<int8_t>({2, 2}, std::vector<int8_t>(4, 1)));
        builder.node("QuantizeLinear", {"x", "s", "z"}, {"q"});
        builder.node("Cast", {"q"}, {"c"});
        builder.node("DequantizeLinear", {"c", "s", "z"}, {"d"});
        builder.node("DequantizeLinear", {"wq", "s"}, {"w"});
        builder.node("MatMul", {"d", "w"}, {"m"});
        builder.node("QuantizeLinear", {"m", "s", "z"}, {"y"});
        const auto model = builder.output("y").build();
        JobContext job;
        DisplayOptions options;
        options.foldQuantization = true;
        const DisplayGraph graph = buildDisplayGraph(*model, model->graph, options, job).value();
        // The last one gives a result of the model: it stays.
        QCOMPARE(edgesOf(graph),
                 QStringList({"MatMul -> QuantizeLinear", "QuantizeLinear -> y", "x -> MatMul"}));
        QCOMPARE(rowText(boxNamed(graph, "MatMul"), 0), QString("B ⟨2×2⟩"));
        QCOMPARE(graph.box(graph.scope(0).boxOfNode[2]).title, std::string("x"));
        QCOMPARE(displayed(model).boxes.size(), size_t(8));
    }

    void manyRowsAreCut()
    {
        GraphBuilder builder;
        builder.input("x");
        std::vector<std::string> inputs{"x"};
        for (int i = 0; i < 40; ++i) {
            inputs.push_back("w" + std::to_string(i));
            builder.weight(inputs.back(), {8});
        }
        builder.node("Concat", inputs, {"y"});
        const DisplayGraph graph = displayed(builder.output("y").build());
        QCOMPARE(boxNamed(graph, "Concat").rows.size(), size_t(13));
        QCOMPARE(QString::fromStdString(boxNamed(graph, "Concat").rows.back().name), QString("+28"));
    }

    void labels()
    {
        GraphBuilder builder;
        builder.input("x", {Dim("batch"), 3, 224, 224}).input("u", {Dim(), Dim()}).input("s");
        const auto model = builder.build();
        QCOMPARE(edgeLabel(model->graph, nullptr, 0), std::string("batch×3×224×224"));
        QCOMPARE(edgeLabel(model->graph, nullptr, 1), std::string()); // nothing is known
        InferredTypes types;
        types.types = {TypeInfo::tensor(DataType::Float, Shape{4, 3}), {}, {}};
        QCOMPARE(edgeLabel(model->graph, &types, 0), std::string("4×3"));
    }

    void cardSizes()
    {
        const CardMetrics metrics{TextWidths(7), TextWidths(6), TextWidths(6)};
        DisplayBox box;
        box.title = "Relu";
        const BoxSize pill = metrics.boxSize(box);
        QCOMPARE(pill.height, CardStyle::headerHeight);
        box.rows.push_back({"scale", "⟨64×64⟩", 0});
        const BoxSize card = metrics.boxSize(box);
        QVERIFY(card.width >= 12 * 6 + 2 * CardStyle::sidePadding);
        QVERIFY(card.height > pill.height + CardStyle::rowHeight);
        box.title = std::string(500, 'x');
        QCOMPARE(metrics.boxSize(box).width, CardStyle::mostWidth);
    }

    void categories()
    {
        QCOMPARE(opCategory("", "Conv"), OpCategory::Layer);
        QCOMPARE(opCategory("", "Relu"), OpCategory::Activation);
        QCOMPARE(opCategory("ai.onnx.ml", "TreeEnsembleClassifier"), OpCategory::MachineLearning);
        QCOMPARE(opCategory("custom", "NoSuchOperator"), OpCategory::Other);
        for (size_t i = 0; i < categoryColors().size(); ++i)
            QCOMPARE(static_cast<size_t>(categoryColors()[i].category), i);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createDisplayGraphTest() { return std::make_unique<DisplayGraphTest>(); }

#include "display_graph_test.moc"
