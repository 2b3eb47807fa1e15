// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes with graphs inside and calls of the model's functions, run in a session as whole models are.
#include "engine/ops/function_body.h"
#include "engine/ops/inference.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QTest>
#include <thread>

using namespace lapidary;

namespace {

Result<std::vector<Value>> runModel(const std::shared_ptr<Model>& model, const std::vector<Value>& inputs,
                                    JobContext job = {})
{
    TRY_ASSIGN(const auto session, Session::create(model, {}, job));
    TRY_ASSIGN([[maybe_unused]] const RunResult first, session->run(inputs, {}, job));
    TRY_ASSIGN(RunResult result, session->run(inputs, {}, job)); // nothing may be left of the first run
    return std::move(result.outputs);
}

// Output 0 as numbers; empty, with a warning, when the run fails.
std::vector<double> numbers(const Result<std::vector<Value>>& outputs, size_t index = 0)
{
    if (!outputs.ok()) {
        qWarning("%s", outputs.error().toString().c_str());
        return {};
    }
    return valuesOf(*outputs->at(index).tensor());
}

Dims dimsOf(const Result<std::vector<Value>>& outputs, size_t index = 0)
{
    return outputs.ok() ? outputs->at(index).tensor()->dims() : Dims{-1};
}

TypeInfo boolScalar() { return TypeInfo::tensor(DataType::Bool, Shape()); }
TypeInfo intScalar() { return TypeInfo::tensor(DataType::Int64, Shape()); }
Value truth(bool value) { return Tensor::scalar(value); }
Value floats(std::vector<double> values)
{
    const auto count = static_cast<int64_t>(values.size());
    return tensorOf({count}, values);
}

// if (c) x + w else x * s, where s = 2 x is computed outside and only read inside.
std::shared_ptr<Model> chooser()
{
    GraphBuilder add;
    add.output("sum").node("Add", {"x", "w"}, {"sum"});
    GraphBuilder multiply;
    multiply.output("product").node("Mul", {"x", "s"}, {"product"});
    GraphBuilder graph;
    graph.input("c", boolScalar()).input("x", Shape{Dim("n")}).output("y");
    graph.constant("w", tensorOf({1}, {10}));
    graph.node("Add", {"x", "x"}, {"s"});
    graph.node("If", {"c"}, {"y"}).attributes = {add.body("then_branch"), multiply.body("else_branch")};
    return graph.build();
}

// for (i < trips) { state += step; scan state * i }, with step from outside.
std::shared_ptr<Model> counter()
{
    GraphBuilder body;
    body.input("i", intScalar()).input("goOn", boolScalar()).input("state", TypeInfo());
    body.output("again").output("next").output("scanned");
    body.node("Identity", {"goOn"}, {"again"});
    body.node("Add", {"state", "step"}, {"next"});
    body.node("Cast", {"i"}, {"number"}).attributes = {intAttribute("to", 1)};
    body.node("Mul", {"next", "number"}, {"scanned"});
    GraphBuilder graph;
    graph.input("trips", intScalar()).input("first", Shape{Dim(2)}).output("last").output("all");
    graph.constant("step", tensorOf({1}, {0.5}));
    graph.node("Loop", {"trips", "", "first"}, {"last", "all"}).attributes = {body.body("body")};
    return graph.build();
}

// Running sums over rows: state [2], scanned [n, 2].
Attribute sumBody()
{
    GraphBuilder body;
    body.input("state", Shape{Dim(2)}).input("row", Shape{Dim(2)}).output("next").output("copy");
    body.node("Add", {"state", "row"}, {"next"});
    body.node("Identity", {"next"}, {"copy"});
    return body.body("body");
}

} // namespace

class ControlFlowTest : public QObject {
    Q_OBJECT
private slots:
    void ifReadsValuesFromOutside()
    {
        QCOMPARE(numbers(runModel(chooser(), {truth(true), floats({1, 2})})), (std::vector<double>{11, 12}));
        QCOMPARE(numbers(runModel(chooser(), {truth(false), floats({1, 2})})), (std::vector<double>{2, 8}));
    }

    void bodiesInsideBodies()
    {
        GraphBuilder inner;
        inner.output("a").node("Add", {"x", "w"}, {"a"});
        GraphBuilder other;
        other.output("b").node("Neg", {"local"}, {"b"});
        GraphBuilder outer;
        outer.output("r").node("Mul", {"x", "x"}, {"local"});
        outer.node("If", {"d"}, {"r"}).attributes = {inner.body("then_branch"), other.body("else_branch")};
        GraphBuilder zero;
        zero.output("z").node("Sub", {"x", "x"}, {"z"});
        GraphBuilder graph;
        graph.input("c", boolScalar()).input("d", boolScalar()).input("x", Shape{Dim(1)}).output("y");
        graph.constant("w", tensorOf({1}, {10}));
        graph.node("If", {"c"}, {"y"}).attributes = {outer.body("then_branch"), zero.body("else_branch")};
        const auto model = graph.build();
        QCOMPARE(numbers(runModel(model, {truth(true), truth(true), floats({3})})), std::vector<double>{13});
        QCOMPARE(numbers(runModel(model, {truth(true), truth(false), floats({3})})), std::vector<double>{-9});
        QCOMPARE(numbers(runModel(model, {truth(false), truth(true), floats({3})})), std::vector<double>{0});
    }

    void wrongConditionsAreNamed()
    {
        const auto model = chooser();
        model->graph.values[static_cast<size_t>(model->graph.findValue("c"))].type = TypeInfo();
        for (const Value& wrong :
             {Value(tensorOf({}, {1})), Value(Tensor::of<bool>({2}, std::array{true, true}))}) {
            const auto outputs = runModel(model, {wrong, floats({1})});
            QVERIFY(!outputs.ok());
            QCOMPARE(outputs.error().code, ErrorCode::ShapeMismatch);
            QVERIFY(outputs.error().toString().find("If") != std::string::npos);
        }
    }

    // torch exports branches that cannot run for the shapes at hand, and never takes them.
    void branchesNotTakenMayFail()
    {
        GraphBuilder broken;
        broken.output("a").constant("three", tensorOf({3}, {0, 0, 0})).constant("two", tensorOf({2}, {0, 0}));
        broken.node("Add", {"three", "two"}, {"a"});
        GraphBuilder fine;
        fine.output("b").node("Identity", {"x"}, {"b"});
        GraphBuilder graph;
        graph.input("c", boolScalar()).input("x", Shape{Dim(1)}).output("y");
        graph.node("If", {"c"}, {"y"}).attributes = {broken.body("then_branch"), fine.body("else_branch")};
        QCOMPARE(numbers(runModel(graph.build(), {truth(false), floats({3})})), std::vector<double>{3});
        const auto taken = runModel(graph.build(), {truth(true), floats({3})});
        QVERIFY(!taken.ok());
        QVERIFY(taken.error().toString().find("then_branch") != std::string::npos);
    }

    void unsupportedNodesInsideAreNamed()
    {
        GraphBuilder strange;
        strange.output("a").node("FlySwatter", {"x"}, {"a"});
        const auto model = chooser();
        model->graph.nodes.back().attributes[0] = strange.body("then_branch");
        model->graph.connect();
        JobContext job;
        const auto session = Session::create(model, {}, job);
        QVERIFY(!session.ok());
        QCOMPARE(session.error().code, ErrorCode::UnsupportedOp);
        QVERIFY(session.error().message.find("FlySwatter") != std::string::npos);
    }

    void loopCarriesStatesAndScans()
    {
        const auto outputs = runModel(counter(), {Tensor::scalar<int64_t>(3), floats({0, 1})});
        QCOMPARE(numbers(outputs, 0), (std::vector<double>{1.5, 2.5}));
        QCOMPARE(dimsOf(outputs, 1), (Dims{3, 2}));
        QCOMPARE(numbers(outputs, 1), (std::vector<double>{0, 0, 1, 2, 3, 5}));
    }

    void loopWithoutIterations()
    {
        for (const int64_t trips : {int64_t{0}, int64_t{-5}}) {
            const auto outputs = runModel(counter(), {Tensor::scalar(trips), floats({7, 8})});
            QCOMPARE(numbers(outputs, 0), (std::vector<double>{7, 8}));
            QCOMPARE(outputs->at(1).tensor()->type(), DataType::Float);
            QCOMPARE(dimsOf(outputs, 1)[0], int64_t{0});
        }
    }

    void loopEndsByItsConditionAndStatesMayGrow()
    {
        GraphBuilder body;
        body.input("i", intScalar()).input("goOn", boolScalar()).input("state", TypeInfo());
        body.output("again").output("next");
        body.node("Concat", {"state", "piece"}, {"next"}).attributes = {intAttribute("axis", 0)};
        body.node("Less", {"i", "limit"}, {"again"});
        GraphBuilder graph;
        graph.input("goOn", boolScalar()).input("first", Shape{Dim(1)}).output("last");
        graph.constant("piece", tensorOf({2}, {5, 6})).constant("limit", Tensor::scalar<int64_t>(1));
        graph.node("Loop", {"", "goOn", "first"}, {"last"}).attributes = {body.body("body")};
        const auto model = graph.build();
        QCOMPARE(numbers(runModel(model, {truth(true), floats({1})})), (std::vector<double>{1, 5, 6, 5, 6}));
        QCOMPARE(numbers(runModel(model, {truth(false), floats({1})})), std::vector<double>{1});

        JobContext job;
        const InferredTypes types = inferTypes(*model, {}, job).value();
        QCOMPARE(toString(types.type(model->graph.findValue("last"))), std::string("float32[?]"));
    }

    void endlessLoopsCanBeCancelled()
    {
        GraphBuilder body;
        body.input("i", intScalar()).input("goOn", boolScalar()).output("goOn");
        GraphBuilder graph;
        graph.input("x", Shape{Dim(1)}).output("y");
        graph.node("Loop", {"", ""}, {}).attributes = {body.body("body")};
        graph.node("Identity", {"x"}, {"y"});
        std::stop_source stop;
        std::thread stopper([&stop] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            stop.request_stop();
        });
        const auto outputs = runModel(graph.build(), {floats({1})}, JobContext(stop.get_token(), {}));
        stopper.join();
        QVERIFY(!outputs.ok());
        QCOMPARE(outputs.error().code, ErrorCode::Cancelled);
    }

    void bodiesThatDoNotFitAreRefused()
    {
        const auto model = counter();
        model->graph.nodes.back().inputs.push_back(model->graph.findValue("first"));
        const auto outputs = runModel(model, {Tensor::scalar<int64_t>(1), floats({0, 1})});
        QVERIFY(!outputs.ok());
        QCOMPARE(outputs.error().code, ErrorCode::InvalidModel);
    }

    void scanForwardsAndBackwards()
    {
        const Value rows = tensorOf({3, 2}, {1, 2, 3, 4, 5, 6});
        const Value columns = tensorOf({2, 3}, {1, 3, 5, 2, 4, 6}); // the same, transposed
        const auto scan = [&](bool backwards, bool alongColumns) {
            GraphBuilder graph;
            graph.input("s", Shape{Dim(2)}).input("x", TypeInfo::tensor(DataType::Float));
            graph.output("last").output("all");
            Node& node = graph.node("Scan", {"s", "x"}, {"last", "all"});
            node.attributes = {sumBody(), intAttribute("num_scan_inputs", 1)};
            if (backwards) {
                node.attributes.push_back(intsAttribute("scan_input_directions", {1}));
                node.attributes.push_back(intsAttribute("scan_output_directions", {1}));
            }
            if (alongColumns) {
                node.attributes.push_back(intsAttribute("scan_input_axes", {-1}));
                node.attributes.push_back(intsAttribute("scan_output_axes", {-1}));
            }
            return runModel(graph.build(), {floats({0, 100}), alongColumns ? columns : rows});
        };
        QCOMPARE(numbers(scan(false, false), 0), (std::vector<double>{9, 112}));
        QCOMPARE(numbers(scan(false, false), 1), (std::vector<double>{1, 102, 4, 106, 9, 112}));
        QCOMPARE(numbers(scan(true, false), 1), (std::vector<double>{9, 112, 8, 110, 5, 106}));
        QCOMPARE(numbers(scan(false, true), 1), (std::vector<double>{1, 4, 9, 102, 106, 112}));
        QCOMPARE(dimsOf(scan(false, true), 1), (Dims{2, 3}));
    }

    void scanOfOpset8HasABatch()
    {
        GraphBuilder graph;
        graph.opset(8);
        graph.input("n", TypeInfo::tensor(DataType::Int64, Shape{Dim(2)}));
        graph.input("s", Shape{Dim(2), Dim(2)}).input("x", Shape{Dim(2), Dim(2), Dim(2)});
        graph.output("last").output("all");
        graph.node("Scan", {"n", "s", "x"}, {"last", "all"}).attributes = {
            sumBody(), intAttribute("num_scan_inputs", 1)};
        const std::vector<Value> inputs{Tensor::of<int64_t>({2}, std::array<int64_t, 2>{2, 1}),
                                        tensorOf({2, 2}, {0, 0, 10, 20}),
                                        tensorOf({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})};
        const auto outputs = runModel(graph.build(), inputs);
        QCOMPARE(numbers(outputs, 0), (std::vector<double>{4, 6, 15, 26}));
        QCOMPARE(dimsOf(outputs, 1), (Dims{2, 2, 2}));
        QCOMPARE(numbers(outputs, 1), (std::vector<double>{1, 2, 4, 6, 15, 26, 0, 0}));
    }

    void scanOfNothing()
    {
        GraphBuilder graph;
        graph.input("s", Shape{Dim(2)}).input("x", Shape{Dim("n"), Dim(2)}).output("last").output("all");
        graph.node("Scan", {"s", "x"}, {"last", "all"}).attributes = {sumBody(),
                                                                      intAttribute("num_scan_inputs", 1)};
        const auto outputs = runModel(graph.build(), {floats({3, 4}), tensorOf({0, 2}, {})});
        QCOMPARE(numbers(outputs, 0), (std::vector<double>{3, 4}));
        QCOMPARE(dimsOf(outputs, 1), (Dims{0, 2}));
    }

    void sequenceMapTakesItemsApart()
    {
        GraphBuilder body;
        body.input("a", TypeInfo()).input("b", TypeInfo()).input("w", TypeInfo()).output("r");
        body.node("Mul", {"a", "b"}, {"ab"});
        body.node("Add", {"ab", "w"}, {"r"});
        GraphBuilder graph;
        const TypeInfo sequence = TypeInfo::sequence(TypeInfo::tensor(DataType::Float));
        graph.input("as", sequence).input("bs", sequence).input("w", Shape{Dim(1)}).output("rs");
        graph.node("SequenceMap", {"as", "bs", "w"}, {"rs"}).attributes = {body.body("body")};
        const auto model = graph.build();
        const Value as = Sequence{{}, {floats({1, 2}), floats({3})}};
        const Value bs = Sequence{{}, {floats({10, 10}), floats({20})}};
        const auto outputs = runModel(model, {as, bs, floats({0.5})});
        QVERIFY(outputs.ok());
        const Sequence* rs = outputs->at(0).sequence();
        QVERIFY(rs && rs->items.size() == 2);
        QCOMPARE(valuesOf(*rs->items[0].tensor()), (std::vector<double>{10.5, 20.5}));
        QCOMPARE(valuesOf(*rs->items[1].tensor()), (std::vector<double>{60.5}));
        QVERIFY(!runModel(model, {as, Sequence{{}, {floats({1})}}, floats({0.5})}).ok());
        const auto none = runModel(model, {Sequence{}, Sequence{}, floats({0.5})});
        QVERIFY(none.ok() && none->at(0).sequence()->items.empty());
    }

    void inferenceLooksIntoBodies()
    {
        JobContext job;
        const auto types = [&](const std::shared_ptr<Model>& model, const char* name) {
            return toString(inferTypes(*model, {}, job).value().type(model->graph.findValue(name)));
        };
        QCOMPARE(types(chooser(), "y"), std::string("float32[n]"));
        QCOMPARE(types(counter(), "last"), std::string("float32[2]"));
        QCOMPARE(types(counter(), "all"), std::string("float32[?×2]"));
        const auto model = counter();
        const InferredTypes inferred = inferTypes(*model, {}, job).value();
        QCOMPARE(inferred.bodies.size(), size_t{1});
        const auto& [body, inside] = *inferred.bodies.begin();
        QCOMPARE(toString(inside->type(body->findValue("next"))), std::string("float32[2]"));
    }

    void functionsGetAttributesAndDefaults()
    {
        GraphBuilder body;
        body.input("x", TypeInfo()).input("low", TypeInfo()).input("high", TypeInfo()).output("y");
        Attribute slope;
        slope.name = "alpha";
        slope.referredName = "slope";
        body.node("LeakyRelu", {"x"}, {"leaky"}).attributes = {slope};
        body.node("Clip", {"leaky", "low", "high"}, {"y"});
        Function function = body.function("Leaky", "custom");
        function.attributeDefaults = {floatAttribute("slope", 0.5f)};
        const auto run = [&](std::vector<std::string> inputs, std::vector<Attribute> attributes) {
            GraphBuilder graph;
            graph.input("x", Shape{Dim(2)}).output("y").constant("h", tensorOf({}, {3}));
            Node& call = graph.node("Leaky", inputs, {"y"});
            call.domain = "custom";
            call.attributes = std::move(attributes);
            const auto model = graph.build();
            model->functions = {function};
            return numbers(runModel(model, {floats({-8, 8})}));
        };
        QCOMPARE(run({"x"}, {}), (std::vector<double>{-4, 8}));
        QCOMPARE(run({"x"}, {floatAttribute("slope", 0.25f)}), (std::vector<double>{-2, 8}));
        QCOMPARE(run({"x", "", "h"}, {}), (std::vector<double>{-4, 3}));
    }

    // Two calls in each function: a small file that would ask for 2^40 nodes. And one without an end.
    void functionsThatMultiplyAreRefused()
    {
        const auto model = std::make_shared<Model>();
        for (int depth = 0; depth <= 40; ++depth) {
            GraphBuilder body;
            body.input("x", TypeInfo()).output("y");
            const std::string callee = depth == 0 ? "Neg" : "F" + std::to_string(depth - 1);
            for (const auto& [from, to] : {std::pair("x", "h"), std::pair("h", "y")})
                body.node(callee, {from}, {to}).domain = depth == 0 ? "" : "custom";
            model->functions.push_back(body.function("F" + std::to_string(depth), "custom"));
        }
        GraphBuilder graph;
        graph.input("x", Shape{Dim(1)}).output("y");
        graph.node("F5", {"x"}, {"y"}).domain = "custom";
        model->graph = graph.build()->graph;
        model->opsets = {{"", 17}};
        QCOMPARE(numbers(runModel(model, {floats({3})})), std::vector<double>{3});
        QCOMPARE(expandedNodeCount(*model), 127.0); // 1 + 2 + ... + 64 calls and nodes
        model->graph.nodes[0].opType = "F40";
        QCOMPARE(runModel(model, {floats({3})}).error().code, ErrorCode::InvalidModel);
        model->functions[0].body.nodes[0].opType = "F40";
        model->functions[0].body.nodes[0].domain = "custom";
        QCOMPARE(runModel(model, {floats({3})}).error().code, ErrorCode::InvalidModel);
        JobContext job;
        QVERIFY(inferTypes(*model, {}, job).ok());
    }

    void typesMayComeOnlyWithTheRun()
    {
        GraphBuilder graph;
        graph.input("a", TypeInfo()).input("b", TypeInfo()).output("y");
        graph.node("MatMul", {"a", "b"}, {"y"});
        const auto model = graph.build();
        const auto run = [&](DataType type) {
            return runModel(model, {tensorOf({1, 2}, {1, 2}, type), tensorOf({2, 1}, {3, 4}, type)});
        };
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Int64, DataType::Float16}) {
            const auto outputs = run(type);
            QCOMPARE(numbers(outputs), std::vector<double>{11});
            QCOMPARE(outputs->at(0).tensor()->type(), type);
        }
    }
};

std::unique_ptr<QObject> lapidary::createControlFlowTest() { return std::make_unique<ControlFlowTest>(); }

#include "control_flow_test.moc"
