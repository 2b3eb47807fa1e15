// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of models; what they leave must compute what the model did.
#include "engine/edit/dimensions.h"
#include "engine/edit/extract.h"
#include "engine/edit/properties.h"
#include "engine/edit/remove_identities.h"
#include "engine/edit/rename.h"
#include "engine/onnx/checker.h"
#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"

#include <QTest>

using namespace lapidary;

namespace {

ValueId valueOf(const Graph& graph, const char* name) { return graph.findValue(name); }

QStringList namesOf(const Graph& graph, const std::vector<ValueId>& values)
{
    QStringList names;
    for (const ValueId id : values)
        names << QString::fromStdString(graph.value(id).name);
    return names;
}

QStringList opTypes(const Graph& graph)
{
    QStringList types;
    for (const Node& node : graph.nodes)
        types << QString::fromStdString(node.opType);
    return types;
}

std::vector<float> floats(const Value& value)
{
    const auto span = value.tensor()->values<float>();
    return {span.begin(), span.end()};
}

Value tensorValue(Dims dims, const std::vector<float>& numbers)
{
    return Tensor::of<float>(std::move(dims), numbers);
}

// Outputs of one run.
std::vector<Value> run(const Model& model, const std::vector<Value>& inputs)
{
    JobContext job;
    auto session = Session::create(std::make_shared<const Model>(model), {}, job);
    if (!session.ok())
        qFatal("%s", session.error().toString().c_str());
    auto result = (*session)->run(inputs, {}, job);
    if (!result.ok())
        qFatal("%s", result.error().toString().c_str());
    return result->outputs;
}

// No finding of the checker is an error.
bool isValid(const Model& model)
{
    JobContext job;
    const auto findings = checkModel(model, job);
    for (const CheckFinding& finding : *findings) {
        if (finding.level == CheckFinding::Level::Error) {
            qWarning("%s: %s", finding.place.c_str(), finding.message.c_str());
            return false;
        }
    }
    return true;
}

// y = (cond ? relu(x) : x + w) * 2, with an Identity before and behind, and in the branch.
std::shared_ptr<Model> branching()
{
    GraphBuilder yes;
    yes.node("Identity", {"passed"}, {"same"});
    yes.node("Relu", {"same"}, {"yes_out"});
    GraphBuilder no;
    no.node("Add", {"passed", "w"}, {"no_out"});
    GraphBuilder builder;
    builder.input("x", {Dim(3)}).input("cond", TypeInfo::tensor(DataType::Bool, Shape{}));
    builder.constant("w", Tensor::of<float>({3}, std::vector<float>{1, 1, 1}));
    builder.node("Identity", {"x"}, {"passed"}).name = "first";
    Node& branch = builder.node("If", {"cond"}, {"chosen"});
    branch.attributes = {yes.output("yes_out").body("then_branch"), no.output("no_out").body("else_branch")};
    branch.name = "branch";
    builder.node("Add", {"chosen", "chosen"}, {"doubled"}).name = "double";
    builder.node("Identity", {"doubled"}, {"y"}).name = "last";
    return builder.output("y").build();
}

std::vector<float> runBranching(const Model& model, bool cond)
{
    return floats(run(model, {tensorValue({3}, {-1, 2, 3}), Value(Tensor::scalar(cond))})[0]);
}

class EditTest : public QObject {
    Q_OBJECT
private slots:
    void nodeNames()
    {
        const auto model = branching();
        const auto renamed = renameNode(*model, nullptr, 2, "sum");
        QVERIFY(renamed.ok());
        QCOMPARE(renamed->graph.nodes[2].name, "sum");
        QCOMPARE(model->graph.nodes[2].name, "double"); // as it was
        QCOMPARE(renameNode(*model, nullptr, 2, "first").error().code, ErrorCode::InvalidArgument);
        QVERIFY(renameNode(*model, nullptr, 2, "").ok());
        // In a branch.
        const auto body = model->graph.nodes[1].bodies()[0];
        const auto inside = renameNode(*model, body.get(), 1, "inner");
        QVERIFY(inside.ok());
        QCOMPARE(inside->graph.nodes[1].bodies()[0]->nodes[1].name, "inner");
        QCOMPARE(inside->graph.nodes[1].bodies()[1], model->graph.nodes[1].bodies()[1]); // shared, not copied
    }

    void valueNames()
    {
        auto model = branching();
        model->graph.quantization["passed"] = {{"SCALE_TENSOR", "w"}};
        for (const auto& [before, after] :
             {std::pair("x", "pixels"), {"passed", "kept"}, {"w", "weight"}, {"y", "result"}}) {
            auto renamed = renameValue(*model, nullptr, valueOf(model->graph, before), after);
            QVERIFY2(renamed.ok(), before);
            QCOMPARE(valueOf(renamed->graph, before), noValue);
            *model = std::move(*renamed);
        }
        QVERIFY(isValid(*model));
        QCOMPARE(model->graph.quantization.at("kept"), (MetadataList{{"SCALE_TENSOR", "weight"}}));
        QCOMPARE(model->graph.initializers[0].tensor.name, "weight");
        QCOMPARE(runBranching(*model, true), (std::vector<float>{0, 4, 6}));
        QCOMPARE(runBranching(*model, false), (std::vector<float>{0, 6, 8}));
    }

    void valueNamesRefused()
    {
        const auto model = branching();
        const ValueId y = valueOf(model->graph, "y");
        QCOMPARE(renameValue(*model, nullptr, y, "").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(renameValue(*model, nullptr, y, "x").error().code, ErrorCode::InvalidArgument);
        // A name in a branch: it would hide the value there.
        QCOMPARE(renameValue(*model, nullptr, y, "yes_out").error().code, ErrorCode::InvalidArgument);
        // A value of the graph around the branch.
        const auto body = model->graph.nodes[1].bodies()[0];
        QCOMPARE(renameValue(*model, body.get(), valueOf(*body, "passed"), "other").error().code,
                 ErrorCode::InvalidArgument);
        const auto inside = renameValue(*model, body.get(), valueOf(*body, "same"), "other");
        QVERIFY(inside.ok());
        QCOMPARE(runBranching(*inside, true), (std::vector<float>{0, 4, 6}));
    }

    void identities()
    {
        const auto model = branching();
        const WithoutIdentities without = removeIdentities(*model);
        QCOMPARE(without.removed, int64_t(3));
        QCOMPARE(opTypes(without.model.graph), (QStringList{"If", "Add"}));
        QCOMPARE(namesOf(without.model.graph, without.model.graph.outputs), QStringList{"y"});
        QVERIFY(isValid(without.model));
        for (const bool cond : {false, true})
            QCOMPARE(runBranching(without.model, cond), runBranching(*model, cond));
    }

    void identitiesThatStay()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(2)});
        builder.node("Identity", {"x"}, {"y"}); // an input handed on: both names must stay
        builder.node("Relu", {"x"}, {"r"});
        builder.node("Identity", {"r"}, {"a"}); // one of the two can take the place of r
        builder.node("Identity", {"r"}, {"b"});
        builder.node("Dropout", {"x"}, {"d", "mask"}); // its mask is read
        builder.node("Dropout", {"d"}, {"e"});
        for (const char* output : {"y", "a", "b", "mask", "e"})
            builder.output(output);
        const auto model = builder.build();
        const WithoutIdentities without = removeIdentities(*model);
        QCOMPARE(opTypes(without.model.graph), (QStringList{"Identity", "Relu", "Identity", "Dropout"}));
        QCOMPARE(namesOf(without.model.graph, without.model.graph.outputs),
                 (QStringList{"y", "a", "b", "mask", "e"}));
        QVERIFY(isValid(without.model));
        const auto inputs = std::vector{tensorValue({2}, {-1, 2})};
        const auto before = run(*model, inputs), after = run(without.model, inputs);
        for (const size_t i : {0, 1, 2, 4})
            QCOMPARE(floats(after[i]), floats(before[i]));
    }

    // A branch has a value of its own with the name that a value around it would get.
    void identitiesThatWouldBeHidden()
    {
        GraphBuilder yes, no;
        yes.node("Add", {"h", "h"}, {"out"});
        no.node("Neg", {"h"}, {"other"});
        yes.output("out");
        no.output("other");
        GraphBuilder builder;
        builder.input("x", {Dim(2)}).input("c", TypeInfo::tensor(DataType::Bool, Shape{}));
        builder.node("Relu", {"x"}, {"h"});
        builder.node("If", {"c"}, {"r"}).attributes = {yes.body("then_branch"), no.body("else_branch")};
        builder.node("Identity", {"h"}, {"out"});
        const auto model = builder.output("r").output("out").build();
        const WithoutIdentities without = removeIdentities(*model);
        QCOMPARE(without.removed, int64_t(0));
        const std::vector<Value> inputs{tensorValue({2}, {1, 2}), Value(Tensor::scalar(true))};
        QCOMPARE(floats(run(without.model, inputs)[0]), (std::vector<float>{2, 4}));
    }

    // The scale that only an annotation names goes along, and what an output says of itself stays.
    void annotationsAndDescriptionsStay()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(2)}).constant("scale", Tensor::scalar(0.5f));
        builder.node("Relu", {"x"}, {"h"});
        builder.node("Identity", {"h"}, {"y"});
        auto model = builder.output("y").build();
        model->graph.quantization["h"] = {{"SCALE_TENSOR", "scale"}};
        GraphValue& y = model->graph.values[static_cast<size_t>(model->graph.findValue("y"))];
        y.type = TypeInfo::tensor(DataType::Float, Shape{Dim("N")});
        y.doc = "the result";
        const Graph graph = removeIdentities(*model).model.graph;
        QCOMPARE(graph.nodes.size(), size_t(1));
        QCOMPARE(graph.initializers.size(), size_t(1));
        QCOMPARE(graph.quantization.at("y"), (MetadataList{{"SCALE_TENSOR", "scale"}}));
        QCOMPARE(toString(graph.value(graph.findValue("y")).type), "float32[N]");
        QCOMPARE(graph.value(graph.findValue("y")).doc, "the result");
    }

    void trainingDropoutStays()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(2)});
        builder.constant("ratio", Tensor::scalar(0.5f)).constant("training", Tensor::scalar(true));
        builder.node("Dropout", {"x", "ratio", "training"}, {"d"});
        builder.node("Relu", {"d"}, {"y"});
        QCOMPARE(removeIdentities(*builder.output("y").build()).removed, int64_t(0));
    }

    void properties()
    {
        const auto model = branching();
        ModelProperties wanted = propertiesOf(*model);
        wanted.doc = "what it does";
        wanted.metadata = {{"author", "me"}, {"license", "CC0"}};
        const auto changed = withProperties(*model, wanted);
        QVERIFY(changed.ok());
        QCOMPARE(propertiesOf(*changed), wanted);
        wanted.metadata.push_back({"author", "you"});
        QCOMPARE(withProperties(*model, wanted).error().code, ErrorCode::InvalidArgument);
        wanted.metadata = {{"", "nobody"}};
        QCOMPARE(withProperties(*model, wanted).error().code, ErrorCode::InvalidArgument);
    }

    void part()
    {
        const auto model = branching();
        JobContext job;
        const Graph& graph = model->graph;
        const auto extracted =
            extractPart(*model, {{valueOf(graph, "passed")}, {valueOf(graph, "chosen")}}, job);
        QVERIFY2(extracted.ok(), extracted.ok() ? "" : extracted.error().toString().c_str());
        QCOMPARE(opTypes(extracted->graph), QStringList{"If"});
        // The condition is needed as well, and the weight goes along.
        QCOMPARE(namesOf(extracted->graph, extracted->graph.inputs), (QStringList{"passed", "cond"}));
        QCOMPARE(extracted->graph.initializers.size(), size_t(1));
        QCOMPARE(toString(extracted->graph.value(extracted->graph.inputs[0]).type), "float32[3]");
        QVERIFY(isValid(*extracted));
        QCOMPARE(runBranching(*extracted, false), (std::vector<float>{0, 3, 4}));
    }

    void partRefused()
    {
        const auto model = branching();
        const Graph& graph = model->graph;
        JobContext job;
        const auto refused = [&](const std::vector<const char*>& from, const std::vector<const char*>& to) {
            GraphBorder border;
            for (const char* name : from)
                border.inputs.push_back(valueOf(graph, name));
            for (const char* name : to)
                border.outputs.push_back(valueOf(graph, name));
            const auto result = extractPart(*model, border, job);
            return result.ok() ? QString() : QString::fromStdString(result.error().message);
        };
        QVERIFY(refused({"x"}, {"y"}).isEmpty());
        QVERIFY(refused({"x"}, {}).contains("no tensor"));
        QVERIFY(refused({"doubled"}, {"chosen"}).contains("does not lead"));
        QVERIFY(refused({"w"}, {"y"}).contains("constant"));
        QVERIFY(refused({}, {"x"}).contains("no node"));
        QVERIFY(refused({"chosen"}, {"chosen"}).contains("both"));
    }

    void borderOfNodes()
    {
        const auto model = branching();
        const GraphBorder border = borderOf(model->graph, {1, 2});
        QCOMPARE(namesOf(model->graph, border.inputs), (QStringList{"cond", "passed"}));
        QCOMPARE(namesOf(model->graph, border.outputs), QStringList{"doubled"});
    }

    void batchOfSample()
    {
        JobContext job;
        const auto model = loadModel(LAPIDARY_SOURCE_DIR "/resources/samples/digits/digits.onnx", job);
        QVERIFY(model.ok());
        const Graph& graph = (*model)->graph;
        const auto changed = changeDimensions(**model, changesOfBatch(graph, Dim(2)), job);
        QVERIFY2(changed.ok(), changed.ok() ? "" : changed.error().toString().c_str());
        QVERIFY(isValid(changed->model));
        const Graph& two = changed->model.graph;
        QCOMPARE(two.value(two.inputs[0]).type.shape->front(), Dim(2));
        QCOMPARE(two.value(two.outputs[0]).type.shape->front(), Dim(2));

        // Two images at once give what they give one by one.
        Shape shape = *graph.value(graph.inputs[0]).type.shape;
        shape[0] = Dim(1);
        std::vector<Value> single;
        std::vector<float> both;
        for (const uint64_t seed : {1, 2}) {
            const auto image = randomTensor(DataType::Float, *concreteDims(shape), seed);
            QVERIFY(image.ok());
            const auto numbers = image->values<float>();
            both.insert(both.end(), numbers.begin(), numbers.end());
            single.push_back(run(**model, {Value(*image)})[0]);
        }
        shape[0] = Dim(2);
        const std::vector<float> together =
            floats(run(changed->model, {tensorValue(*concreteDims(shape), both)})[0]);
        std::vector<float> apart = floats(single[0]);
        for (const float number : floats(single[1]))
            apart.push_back(number);
        QCOMPARE(together.size(), apart.size());
        for (size_t i = 0; i < apart.size(); ++i)
            QVERIFY(std::abs(together[i] - apart[i]) < 1e-5f);
    }

    // An export for batch 1 keeps it in the shape of a Reshape.
    void storedShapes()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(1), Dim(2), Dim(3)});
        builder.constant("flat", Tensor::of<int64_t>({2}, std::vector<int64_t>{1, -1}));
        builder.constant("split", Tensor::of<int64_t>({3}, std::vector<int64_t>{1, 3, 2}));
        builder.constant("kept", Tensor::of<int64_t>({2}, std::vector<int64_t>{1, 4}));
        builder.constant("weights", Tensor::of<float>({4}, std::vector<float>{1, 2, 3, 4}));
        builder.node("Reshape", {"x", "flat"}, {"a"});
        builder.node("Reshape", {"a", "split"}, {"b"});
        builder.node("Reshape", {"weights", "kept"}, {"c"}); // of no input: stays
        builder.output("a").output("b").output("c");
        const auto model = builder.build();
        JobContext job;
        const auto changed = changeDimensions(*model, changesOfBatch(model->graph, Dim(2)), job);
        QVERIFY(changed.ok());
        QCOMPARE(changed->reshapes, (std::vector<NodeId>{0, 1}));
        QVERIFY(isValid(changed->model));
        const auto outputs =
            run(changed->model, {tensorValue({2, 2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})});
        QCOMPARE(outputs[0].tensor()->dims(), (Dims{2, 6}));
        QCOMPARE(outputs[1].tensor()->dims(), (Dims{2, 3, 2}));
        QCOMPARE(outputs[2].tensor()->dims(), (Dims{1, 4}));
    }

    void namedDimension()
    {
        GraphBuilder builder;
        builder.input("a", {Dim("N"), Dim(2)}).input("b", {Dim("N"), Dim(2)});
        builder.node("Add", {"a", "b"}, {"y"});
        auto model = builder.output("y").build();
        model->graph.values[static_cast<size_t>(model->graph.findValue("y"))].type =
            TypeInfo::tensor(DataType::Float, Shape{Dim("N"), Dim(2)});
        JobContext job;
        const auto fixed = changeDimensions(*model, changesOfName(model->graph, "N", Dim(5)), job);
        QVERIFY(fixed.ok());
        for (const char* name : {"a", "b", "y"}) {
            const TypeInfo& type = fixed->model.graph.value(valueOf(fixed->model.graph, name)).type;
            QCOMPARE(toString(type), "float32[5×2]");
        }
    }

    // What inference cannot know keeps its rank, and all of its shape where nothing was changed.
    void shapesThatAreNotKnown()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(1), Dim(3)}).input("z", {Dim(7)});
        builder.node("Custom", {"x"}, {"y"}).domain = "org.example";
        builder.node("Custom", {"z"}, {"u"}).domain = "org.example";
        auto model = builder.output("y").output("u").build();
        for (const char* name : {"y", "u"})
            model->graph.values[static_cast<size_t>(model->graph.findValue(name))].type =
                TypeInfo::tensor(DataType::Float, Shape{Dim(1), Dim(5)});
        JobContext job;
        const auto changed = changeDimensions(*model, {{valueOf(model->graph, "x"), 0, Dim(2)}}, job);
        QVERIFY(changed.ok());
        const Graph& graph = changed->model.graph;
        QCOMPARE(toString(graph.value(graph.findValue("y")).type), "float32[?×?]");
        QCOMPARE(toString(graph.value(graph.findValue("u")).type), "float32[1×5]");
    }

    void dimensionsThatDoNotFit()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(1), Dim(3)}).weight("w", {3, 4});
        builder.node("MatMul", {"x", "w"}, {"y"});
        const auto model = builder.output("y").build();
        JobContext job;
        const ValueId x = valueOf(model->graph, "x");
        const auto changed = changeDimensions(*model, {{x, 1, Dim(5)}}, job);
        QCOMPARE(changed.error().code, ErrorCode::ShapeMismatch);
        QVERIFY(changed.error().toString().find("MatMul") != std::string::npos);
        QCOMPARE(changeDimensions(*model, {{x, 2, Dim(5)}}, job).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(changeDimensions(*model, {{x, 0, Dim(-3)}}, job).error().code, ErrorCode::InvalidArgument);
        const ValueId y = valueOf(model->graph, "y");
        QCOMPARE(changeDimensions(*model, {{y, 0, Dim(5)}}, job).error().code, ErrorCode::InvalidArgument);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createEditTest() { return std::make_unique<EditTest>(); }

#include "edit_test.moc"
