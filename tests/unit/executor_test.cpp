// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one after another: what they share is memory, and nothing of it may show.
#include "engine/session/run_memory.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QTest>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>

using namespace lapidary;

namespace {

std::atomic<int64_t> allocationCount = 0;

std::unique_ptr<Session> sessionOf(const std::shared_ptr<Model>& model, int threads = 1)
{
    JobContext job;
    SessionOptions options;
    options.threads = threads;
    auto session = Session::create(model, options, job);
    if (!session.ok())
        qWarning("%s", session.error().toString().c_str());
    return session.ok() ? std::move(session).value() : nullptr;
}

RunResult runOf(Session& session, const std::vector<Value>& inputs, const RunOptions& options = {})
{
    JobContext job;
    auto result = session.run(inputs, options, job);
    if (!result.ok())
        qWarning("%s", result.error().toString().c_str());
    return result.ok() ? std::move(result).value() : RunResult();
}

std::vector<double> numbers(const RunResult& result, size_t index = 0)
{
    return index < result.outputs.size() ? valuesOf(*result.outputs[index].tensor()) : std::vector<double>();
}

Value rowsOf(int64_t rows, double first)
{
    std::vector<double> values;
    for (int64_t i = 0; i < 2 * rows; ++i)
        values.push_back(first + static_cast<double>(i));
    return tensorOf({rows, 2}, values);
}

// a = relu(x), b = a * w, c = a + b, d = c as one row, e = d * d - 1; also f = -a, which comes late.
std::shared_ptr<Model> mixed()
{
    GraphBuilder graph;
    graph.input("x", Shape{Dim("n"), Dim(2)}).output("e").output("f");
    graph.constant("w", tensorOf({2}, {2, 3})).constant("one", tensorOf({1}, {1}));
    const int64_t flat[] = {-1};
    graph.constant("flat", Tensor::of<int64_t>({1}, flat));
    graph.node("Relu", {"x"}, {"a"});
    graph.node("Mul", {"a", "w"}, {"b"});
    graph.node("Add", {"a", "b"}, {"c"});
    graph.node("Reshape", {"c", "flat"}, {"d"});
    graph.node("Mul", {"d", "d"}, {"square"});
    graph.node("Sub", {"square", "one"}, {"e"});
    graph.node("Neg", {"a"}, {"f"});
    return graph.build();
}

std::vector<double> expectedE(const Value& x)
{
    std::vector<double> result = valuesOf(*x.tensor());
    for (size_t i = 0; i < result.size(); ++i) {
        const double c = std::max(result[i], 0.0) * (i % 2 == 0 ? 3 : 4);
        result[i] = c * c - 1;
    }
    return result;
}

std::shared_ptr<Model> chain(int length)
{
    GraphBuilder graph;
    graph.input("v0", Shape{Dim("n"), Dim(16)}).output("v" + std::to_string(length));
    graph.weight("w", {16, 16}).weight("bias", {16});
    for (int i = 0; i < length; ++i) {
        const std::string from = "v" + std::to_string(i);
        const std::string to = "v" + std::to_string(i + 1);
        if (i % 4 == 0)
            graph.node("Gemm", {from, "w", "bias"}, {to});
        else if (i % 4 == 1)
            graph.node("Relu", {from}, {to});
        else if (i % 4 == 2)
            graph.node("Add", {from, from}, {to});
        else
            graph.node("Sigmoid", {from}, {to});
    }
    return graph.build();
}

int64_t allocationsOf(int length)
{
    const auto session = sessionOf(chain(length));
    const std::vector<Value> inputs = {randomTensor({2, 16}, 1)};
    for (int i = 0; i < 4; ++i)
        runOf(*session, inputs);
    const int64_t before = allocationCount;
    runOf(*session, inputs);
    return allocationCount - before;
}

} // namespace

// Counts what is taken from the heap in this program.
void* operator new(size_t size)
{
    ++allocationCount;
    if (void* memory = std::malloc(size > 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

class ExecutorTest : public QObject {
    Q_OBJECT
private slots:
    void shapesTakeTurns()
    {
        const auto session = sessionOf(mixed());
        std::vector<std::pair<Value, RunResult>> runs;
        for (int i = 0; i < 40; ++i) {
            const Value x = rowsOf(1 + i * i % 7, -3 - i);
            runs.emplace_back(x, runOf(*session, {x}));
        }
        for (const auto& [x, result] : runs) { // all at the end: later runs must not change them
            QCOMPARE(numbers(result), expectedE(x));
            QCOMPARE(numbers(result, 1).size(), size_t(x.tensor()->count()));
        }
    }

    void inputsStayAsTheyAre()
    {
        const auto session = sessionOf(mixed());
        const Value x = rowsOf(3, -2);
        for (int i = 0; i < 3; ++i) {
            runOf(*session, {x});
            QCOMPARE(valuesOf(*x.tensor()), valuesOf(*rowsOf(3, -2).tensor()));
        }
    }

    void keptValuesStayAsTheyAre()
    {
        const auto session = sessionOf(mixed());
        const Graph& graph = session->model().graph;
        RunOptions keeping;
        for (const char* name : {"a", "b", "c", "d", "e"})
            keeping.keep.insert(graph.findValue(name));
        std::vector<RunResult> results;
        for (int i = 0; i < 4; ++i) {
            results.push_back(runOf(*session, {rowsOf(2, i)}, keeping));
            runOf(*session, {rowsOf(2, 100)});
        }
        for (int i = 0; i < 4; ++i) {
            const auto& kept = results[static_cast<size_t>(i)].intermediates;
            QCOMPARE(kept.size(), size_t{5});
            const double x = i;
            QCOMPARE(valuesOf(*kept.at(graph.findValue("a")).tensor()),
                     (std::vector<double>{x, x + 1, x + 2, x + 3}));
            QCOMPARE(valuesOf(*kept.at(graph.findValue("b")).tensor())[1], 3 * (x + 1));
            QCOMPARE(valuesOf(*kept.at(graph.findValue("d")).tensor())[3], 4 * (x + 3));
            QCOMPARE(valuesOf(*kept.at(graph.findValue("e")).tensor()), expectedE(rowsOf(2, i)));
        }
    }

    // Outputs that are views of values inside.
    void viewsLeave()
    {
        GraphBuilder graph;
        graph.input("x", Shape{Dim("n"), Dim(2)}).output("view").output("copy").output("x").output("view");
        const int64_t flat[] = {-1};
        graph.constant("flat", Tensor::of<int64_t>({1}, flat));
        graph.node("Neg", {"x"}, {"h"});
        graph.node("Reshape", {"h", "flat"}, {"view"});
        graph.node("Relu", {"h"}, {"r"});
        graph.node("Identity", {"r"}, {"copy"});
        const auto session = sessionOf(graph.build());
        std::vector<RunResult> results;
        results.reserve(5);
        for (int i = 0; i < 5; ++i)
            results.push_back(runOf(*session, {rowsOf(1, i - 2)}));
        for (int i = 0; i < 5; ++i) {
            const RunResult& result = results[static_cast<size_t>(i)];
            const double x = i - 2;
            QCOMPARE(numbers(result, 0), (std::vector<double>{-x, -x - 1}));
            QCOMPARE(numbers(result, 1), (std::vector<double>{std::max(-x, 0.0), std::max(-x - 1, 0.0)}));
            QCOMPARE(numbers(result, 2), (std::vector<double>{x, x + 1}));
            QCOMPARE(numbers(result, 3), numbers(result, 0));
        }
    }

    // A container holds on to a value after the last node that reads the value itself.
    void containersHoldValues()
    {
        GraphBuilder graph;
        graph.input("x", Shape{Dim("n"), Dim(2)}).output("y");
        graph.constant("zero", Tensor::scalar<int64_t>(0));
        graph.node("Neg", {"x"}, {"a"});
        graph.node("SequenceConstruct", {"a"}, {"s"});
        graph.node("Exp", {"x"}, {"b"});
        graph.node("Exp", {"b"}, {"c"});
        graph.node("SequenceAt", {"s", "zero"}, {"first"});
        graph.node("Mul", {"c", "first"}, {"d"});
        graph.node("Add", {"d", "first"}, {"y"});
        const auto session = sessionOf(graph.build());
        for (int i = 0; i < 6; ++i) {
            const double x = i / 4.0;
            const RunResult result = runOf(*session, {tensorOf({1, 2}, {x, 0})});
            const double expected = -x * std::exp(std::exp(x)) - x;
            QVERIFY(std::abs(numbers(result).at(0) - expected) < 1e-4);
            QCOMPARE(numbers(result).at(1), 0.0);
        }
    }

    void valuesReadTwiceByOneNode()
    {
        GraphBuilder graph;
        graph.input("x", Shape{Dim("n"), Dim(2)}).output("y");
        graph.node("Neg", {"x"}, {"a"});
        graph.node("Sum", {"a", "a", "a"}, {"b"});
        graph.node("Mul", {"b", "b"}, {"c"});
        graph.node("Max", {"c", "a", "c"}, {"y"});
        const auto session = sessionOf(graph.build());
        for (int i = 0; i < 4; ++i)
            QCOMPARE(numbers(runOf(*session, {rowsOf(1, i)})),
                     (std::vector<double>{9.0 * i * i, 9.0 * (i + 1) * (i + 1)}));
    }

    void smallOperandsAreNotOverwrittenByLargeResults()
    {
        GraphBuilder graph;
        graph.input("x", Shape{Dim("n"), Dim(2)}).output("y");
        graph.node("Neg", {"x"}, {"a"});
        graph.node("ReduceMax", {"x"}, {"top"}).attributes = {intsAttribute("axes", {0})};
        graph.node("Add", {"top", "a"}, {"b"}); // over a, not over top
        graph.node("Sub", {"b", "top"}, {"y"});
        const auto session = sessionOf(graph.build());
        for (int i = 0; i < 4; ++i)
            QCOMPARE(numbers(runOf(*session, {rowsOf(2, i)})),
                     (std::vector<double>{-1.0 * i, -1.0 * (i + 1), -1.0 * (i + 2), -1.0 * (i + 3)}));
    }

    void bodiesRunOften()
    {
        GraphBuilder body;
        body.input("i", TypeInfo::tensor(DataType::Int64, Shape()));
        body.input("goOn", TypeInfo::tensor(DataType::Bool, Shape())).input("state", TypeInfo());
        body.output("again").output("next").output("scanned");
        body.node("Identity", {"goOn"}, {"again"});
        body.node("Add", {"state", "a"}, {"sum"});
        body.node("Relu", {"sum"}, {"next"});
        body.node("Neg", {"next"}, {"negative"});
        body.node("Mul", {"negative", "a"}, {"scanned"});
        GraphBuilder graph;
        graph.input("trips", TypeInfo::tensor(DataType::Int64, Shape())).input("x", Shape{Dim(2)});
        graph.output("last").output("all").output("after");
        graph.node("Neg", {"x"}, {"a"});
        graph.node("Exp", {"a"}, {"start"});
        graph.node("Loop", {"trips", "", "start"}, {"last", "all"}).attributes = {body.body("body")};
        graph.node("Add", {"a", "last"}, {"after"});
        const auto session = sessionOf(graph.build());
        std::vector<RunResult> results;
        results.reserve(5);
        for (int i = 0; i < 5; ++i)
            results.push_back(runOf(*session, {Tensor::scalar<int64_t>(i + 1), tensorOf({2}, {0, -1})}));
        for (int i = 0; i < 5; ++i) {
            const RunResult& result = results[static_cast<size_t>(i)];
            const double e = std::exp(1.0);
            QVERIFY(std::abs(numbers(result, 0).at(1) - (e + i + 1)) < 1e-5);
            QCOMPARE(numbers(result, 1).size(), size_t(2 * (i + 1)));
            for (int step = 0; step <= i; ++step)
                QVERIFY(std::abs(numbers(result, 1).at(static_cast<size_t>(2 * step + 1)) + (e + step + 1)) <
                        1e-5);
            QVERIFY(std::abs(numbers(result, 2).at(1) - (e + i + 2)) < 1e-5);
        }
    }

    void stoppedRunsLeaveNothing()
    {
        const auto session = sessionOf(mixed());
        const std::vector<Value> inputs = {rowsOf(2, 1)};
        for (int i = 0; i < 6; ++i) {
            if (i % 2 == 1) {
                std::stop_source stop;
                stop.request_stop();
                JobContext job(stop.get_token(), {});
                QVERIFY(!session->run(inputs, {}, job).ok());
            }
            QCOMPARE(numbers(runOf(*session, inputs)), expectedE(inputs[0]));
        }
    }

    void steadyRunsTakeNothingFromTheHeap()
    {
        const int64_t few = allocationsOf(4);
        QCOMPARE(allocationsOf(40), few);                // the same however many nodes there are
        QVERIFY2(few <= 6, std::to_string(few).c_str()); // for the outputs, which leave
    }

    // The plan itself, beside a kernel that keeps what it made.
    void escapedMemoryIsNeverReused()
    {
        RunMemory memory({{0, 1, false}, {1, 2, false}, {2, 2, true}}, 3);
        const Value input = tensorOf({1}, {1});
        Tensor kept;
        std::vector<const std::byte*> keptAt;
        for (int run = 0; run < 6; ++run) {
            memory.begin(std::span(&input, 1));
            std::vector<Tensor> made(3);
            for (size_t step = 0; step < 3; ++step) {
                const StepMemory own = memory.forStep(step, 1, {});
                QVERIFY(made[step]
                            .reallocate(DataType::Float, {16}, own.places.empty() ? nullptr : &own.places[0])
                            .ok());
                own.asked[0] = 128;
                std::fill_n(made[step].mutableData<float>(), 16,
                            static_cast<float>(10 * run) + static_cast<float>(step));
                if (step == 0 && run == 1)
                    kept = made[0];
                if (step > 0)
                    made[step - 1].clear();
                if (step == 2)
                    made[1].clear();
                memory.endStep(step);
            }
            if (run >= 1)
                QCOMPARE(kept.data<float>()[15], 10.0f);
            memory.end(true);
        }
    }
};

std::unique_ptr<QObject> lapidary::createExecutorTest() { return std::make_unique<ExecutorTest>(); }

#include "executor_test.moc"
