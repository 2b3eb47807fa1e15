// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients against central differences of the function itself, in double.
#include "engine/ops/gradient.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

using Lines = std::function<void(GraphBuilder&)>; // compute "y" from "a" and "b"

std::shared_ptr<Model> makeModel(const Lines& lines, bool withGradient)
{
    GraphBuilder graph;
    for (const char* name : {"a", "b"})
        graph.input(name, TypeInfo::tensor(DataType::Double));
    graph.constant("two", tensorOf({}, {2}, DataType::Double));
    lines(graph);
    graph.output("y");
    if (withGradient) {
        Node& node = graph.node("Gradient", {"a", "b"}, {"da", "db"});
        node.domain = trainingDomain;
        node.attributes = {stringsAttribute("xs", {"a", "b"}), stringAttribute("y", "y")};
        graph.output("da").output("db");
    }
    const auto model = graph.build();
    model->opsets.push_back({std::string(trainingDomain), 1});
    return model;
}

Result<std::vector<Value>> runModel(const std::shared_ptr<Model>& model, const std::vector<Value>& inputs)
{
    JobContext job;
    TRY_ASSIGN(const auto session, Session::create(model, {}, job));
    TRY_ASSIGN(RunResult result, session->run(inputs, {}, job));
    return std::move(result.outputs);
}

double sumOfY(const std::shared_ptr<Model>& model, const std::vector<Value>& inputs)
{
    const auto outputs = runModel(model, inputs);
    double sum = 0;
    for (const double value : valuesOf(*outputs->at(0).tensor()))
        sum += value;
    return sum;
}

std::vector<double> centralDifferences(const std::shared_ptr<Model>& model, std::vector<Value> inputs,
                                       size_t which)
{
    constexpr double step = 1e-5;
    const Tensor x = *inputs[which].tensor();
    std::vector<double> slopes;
    for (size_t i = 0; i < static_cast<size_t>(x.count()); ++i) {
        const auto shifted = [&](double by) {
            std::vector<double> values = valuesOf(x);
            values[i] += by;
            inputs[which] = tensorOf(x.dims(), values, DataType::Double);
            return sumOfY(model, inputs);
        };
        slopes.push_back((shifted(step) - shifted(-step)) / (2 * step));
    }
    return slopes;
}

} // namespace

class GradientTest : public QObject {
    Q_OBJECT

    static void check(const Lines& lines, const Dims& aDims, const Dims& bDims)
    {
        const std::vector<Value> inputs{randomTensor(aDims, 1, DataType::Double, 0.5, 2),
                                        randomTensor(bDims, 2, DataType::Double, 0.5, 2)};
        const auto outputs = runModel(makeModel(lines, true), inputs);
        QVERIFY2(outputs.ok(), outputs.ok() ? "" : outputs.error().toString().c_str());
        for (size_t i = 0; i < 2; ++i) {
            const std::vector<double> slopes = centralDifferences(makeModel(lines, false), inputs, i);
            // Error of central differences: step² times the third derivative, and cancellation.
            const std::string problem = difference(outputs->at(1 + i), DataType::Double,
                                                   inputs[i].tensor()->dims(), slopes, {1e-6, 1e-7});
            QVERIFY2(problem.empty(), problem.c_str());
        }
    }

private slots:
    void unaryRules_data()
    {
        QTest::addColumn<QString>("op");
        for (const char* op : {"Identity", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Abs", "Sin", "Cos",
                               "Relu", "Sigmoid", "Tanh", "Flatten", "Transpose"})
            QTest::newRow(op) << op;
    }

    void unaryRules()
    {
        QFETCH(QString, op);
        check(
            [&](GraphBuilder& graph) {
                graph.node("Sub", {"a", "b"}, {"difference"}); // negative values too
                const bool positive = op == "Log" || op == "Sqrt" || op == "Reciprocal";
                graph.node(op.toStdString(), {positive ? "a" : "difference"}, {"h"});
                graph.node("Mul", {"h", "h"}, {"y"});
            },
            {2, 3}, {2, 3});
    }

    void broadcastsAreSummed_data()
    {
        QTest::addColumn<QString>("op");
        for (const char* op : {"Add", "Sub", "Mul", "Div", "Pow", "Sum"})
            QTest::newRow(op) << op;
    }

    void broadcastsAreSummed()
    {
        QFETCH(QString, op);
        const auto lines = [&](GraphBuilder& graph) {
            graph.node(op.toStdString(), {"a", "b"}, {"h"});
            graph.node("Mul", {"h", "a"}, {"y"});
        };
        check(lines, {2, 3}, {2, 3});
        check(lines, {2, 3}, {3});
        check(lines, {2, 3}, {2, 1});
        check(lines, {3}, {4, 1, 3});
        check(lines, {2}, {});
    }

    void chains()
    {
        check(
            [](GraphBuilder& graph) { // a small network with a mean at its end
                graph.node("MatMul", {"a", "b"}, {"m"});
                graph.node("Tanh", {"m"}, {"t"});
                graph.node("Mul", {"t", "two"}, {"s"});
                graph.node("ReduceMean", {"s"}, {"mean"});
                graph.node("Sub", {"s", "mean"}, {"centered"});
                graph.node("Mul", {"centered", "centered"}, {"squares"});
                graph.node("ReduceSum", {"squares"}, {"y"}).attributes = {intAttribute("keepdims", 0)};
            },
            {2, 3}, {3, 4});
    }

    void valuesThatDoNotMatterGetZero()
    {
        check([](GraphBuilder& graph) { graph.node("Exp", {"a"}, {"y"}); }, {3}, {2});
    }

    void whatCannotBeDerivedIsNamed()
    {
        const std::vector<Value> inputs{tensorOf({1}, {1}, DataType::Double),
                                        tensorOf({1}, {1}, DataType::Double)};
        const auto noRule =
            runModel(makeModel([](GraphBuilder& graph) { graph.node("Erf", {"a"}, {"y"}); }, true), inputs);
        QCOMPARE(noRule.error().code, ErrorCode::UnsupportedOp);
        QVERIFY(noRule.error().toString().find("Erf") != std::string::npos);

        const auto model = makeModel([](GraphBuilder& graph) { graph.node("Add", {"a", "b"}, {"y"}); }, true);
        Node& gradient = model->graph.nodes.back();
        gradient.inputs.pop_back();
        gradient.outputs.pop_back();
        gradient.attributes[0] = stringsAttribute("xs", {"a"});
        model->graph.outputs.pop_back();
        const auto missing = runModel(model, inputs);
        QCOMPARE(missing.error().code, ErrorCode::InvalidModel);
        QVERIFY(missing.error().toString().find("'b'") != std::string::npos);
    }
};

std::unique_ptr<QObject> lapidary::createGradientTest() { return std::make_unique<GradientTest>(); }

#include "gradient_test.moc"
