// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark/benchmark.h"
#include "engine/session/compare.h"
#include "engine/session/inputs.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

// x -> Relu -> h -> Add(h, w) -> y, with x: float32[N×2] and w = {10, 20}.
std::shared_ptr<Model> smallModel(const std::string& firstOp = "Relu")
{
    auto model = std::make_shared<Model>();
    model->opsets = {{"", 17}};
    Graph& graph = model->graph;
    const ValueId x = graph.addValue("x");
    const ValueId w = graph.addValue("w");
    const ValueId h = graph.addValue("h");
    const ValueId y = graph.addValue("y");
    graph.values[static_cast<size_t>(x)].type = TypeInfo::tensor(DataType::Float, Shape{Dim("N"), Dim(2)});
    const float weights[] = {10, 20};
    graph.initializers.push_back({makeTensorRef("w", Tensor::of<float>({2}, weights)), w});
    graph.values[static_cast<size_t>(w)].initializer = 0;
    graph.values[static_cast<size_t>(w)].type = TypeInfo::tensor(DataType::Float, Shape{Dim(2)});
    Node first;
    first.name = "first";
    first.opType = firstOp;
    first.inputs = {x};
    first.outputs = {h};
    Node second;
    second.name = "second";
    second.opType = "Add";
    second.inputs = {h, w};
    second.outputs = {y};
    graph.nodes = {first, second};
    graph.inputs = {x};
    graph.outputs = {y};
    graph.connect();
    return model;
}

std::unique_ptr<Session> session(const std::shared_ptr<Model>& model, SessionOptions options = {})
{
    JobContext job;
    auto created = Session::create(model, std::move(options), job);
    return created.ok() ? std::move(created).value() : nullptr;
}

} // namespace

class SessionTest : public QObject {
    Q_OBJECT
private slots:
    void runs()
    {
        const auto s = session(smallModel());
        QVERIFY(s);
        const float x[] = {-1, 2, 3, -4};
        const Value input = Tensor::of<float>({2, 2}, x);
        RunOptions options;
        options.profile = true;
        const ValueId h = s->model().graph.findValue("h");
        options.keep = {h};
        JobContext job;
        for (int repeat = 0; repeat < 2; ++repeat) { // nothing may be left over from the first run
            const auto result = s->run(std::span(&input, 1), options, job);
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().toString().c_str());
            const Tensor& y = *result->outputs.at(0).tensor();
            QCOMPARE(y.dims(), (Dims{2, 2}));
            const double expected[] = {10, 22, 13, 20};
            for (int i = 0; i < 4; ++i)
                QCOMPARE(elementAsDouble(y, i), expected[i]);
            QCOMPARE(elementAsDouble(*result->intermediates.at(h).tensor(), 2), 3.0);
            QCOMPARE(result->profile.nodes.size(), size_t{2});
            QVERIFY(result->profile.nodes[1].startNs >= result->profile.nodes[0].durationNs);
            QCOMPARE(result->profile.nodes[0].bytes, uint64_t{32});
        }
    }

    void wrongInputsAreNamed()
    {
        const auto s = session(smallModel());
        JobContext job;
        const auto failure = [&](const Value& input) {
            return s->run(std::span(&input, 1), {}, job).error();
        };
        Error error = failure(Tensor::allocate(DataType::Float, {2, 3}).value());
        QCOMPARE(error.code, ErrorCode::ShapeMismatch);
        QCOMPARE(error.toString(), std::string("input 'x': expected shape N×2, found 2×3"));
        QCOMPARE(failure(Tensor::allocate(DataType::Float, {2}).value()).code, ErrorCode::ShapeMismatch);
        QCOMPARE(failure(Tensor::allocate(DataType::Double, {1, 2}).value()).code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(failure(Value()).code, ErrorCode::InvalidArgument);
        QCOMPARE(s->run({}, {}, job).error().code, ErrorCode::InvalidArgument);
    }

    void dimsFixSymbols()
    {
        SessionOptions options;
        options.dims = {{"N", 3}};
        const auto s = session(smallModel(), options);
        QCOMPARE(toString(s->inputType(0)), std::string("float32[3×2]"));
        JobContext job;
        const Value two = Tensor::allocate(DataType::Float, {2, 2}).value();
        QCOMPARE(s->run(std::span(&two, 1), {}, job).error().code, ErrorCode::ShapeMismatch);
        QCOMPARE(concreteInputDims(s->inputType(0), {}), (Dims{3, 2}));
    }

    void unsupportedNodesAreAllNamed()
    {
        JobContext job;
        const auto created = Session::create(smallModel("FlySwatter"), {}, job);
        QVERIFY(!created.ok());
        QCOMPARE(created.error().code, ErrorCode::UnsupportedOp);
        QVERIFY(created.error().message.find("'first' (FlySwatter)") != std::string::npos);
    }

    void unknownDevice()
    {
        JobContext job;
        SessionOptions options;
        options.device = "abacus";
        QCOMPARE(Session::create(smallModel(), options, job).error().code, ErrorCode::InvalidArgument);
        options.device = "cuda";
        const auto created = Session::create(smallModel(), options, job);
        QVERIFY(created.ok() || created.error().code == ErrorCode::BackendUnavailable);
    }

    void cancelledRunsStop()
    {
        const auto s = session(smallModel());
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token(), {});
        const Value input = Tensor::allocate(DataType::Float, {1, 2}).value();
        QCOMPARE(s->run(std::span(&input, 1), {}, job).error().code, ErrorCode::Cancelled);
    }

    void constantNodesAreFolded()
    {
        const auto model = smallModel();
        model->graph.nodes[0].inputs = {model->graph.findValue("w")}; // Relu(w): no input needed
        const auto s = session(model);
        QVERIFY(s);
        QCOMPARE(s->placements().at(0).backend, std::string());
        QCOMPARE(s->placements().at(1).backend, std::string());
        JobContext job;
        const Value input = Tensor::allocate(DataType::Float, {1, 2}).value();
        const auto result = s->run(std::span(&input, 1), {}, job);
        QVERIFY(result.ok());
        QCOMPARE(elementAsDouble(*result->outputs.at(0).tensor(), 1), 40.0);
    }

    void randomInputsAreReproducible()
    {
        const auto a = randomTensor(DataType::Float, {1000}, 7);
        const auto b = randomTensor(DataType::Float, {1000}, 7);
        QVERIFY(compareValues(*a, *b).equal);
        QVERIFY(!compareValues(*a, *randomTensor(DataType::Float, {1000}, 8)).equal);
        double sum = 0;
        for (const float value : a->values<float>()) {
            QVERIFY(value >= -1 && value < 1);
            sum += value;
        }
        QVERIFY(std::abs(sum) < 60); // 1000 values of standard deviation 0.58: 3 sigma is 55
        const auto integers = randomTensor(DataType::Int64, {100}, 1);
        for (const int64_t value : integers->values<int64_t>())
            QVERIFY(value == 0 || value == 1);
        QVERIFY(!randomTensor(DataType::Complex64, {1}, 0).ok());
    }

    void comparison()
    {
        const float expected[] = {1, 100, std::nanf(""), INFINITY};
        const float near[] = {1.0005f, 100.05f, std::nanf(""), INFINITY};
        const float far[] = {1, 101, 0, -INFINITY};
        const Value e = Tensor::of<float>({2, 2}, expected);
        QVERIFY(compareValues(Tensor::of<float>({2, 2}, near), e).equal);
        const Comparison different = compareValues(Tensor::of<float>({2, 2}, far), e);
        QVERIFY(!different.equal);
        QCOMPARE(different.mismatches, int64_t{3});
        QCOMPARE(different.maxAbsolute, 1.0);
        QVERIFY(different.message.find("[0, 1]: expected 100, found 101") != std::string::npos);
        QVERIFY(!compareValues(Tensor::of<float>({4}, expected), e).equal); // another shape
        QVERIFY(!compareValues(Value(), e).equal);
        QVERIFY(compareValues(Sequence{{}, {e, e}}, Sequence{{}, {e, e}}).equal);
        QVERIFY(!compareValues(Sequence{{}, {e}}, Sequence{{}, {e, e}}).equal);
    }

    void statistics()
    {
        const double latencies[] = {4, 1, 3, 2, 5};
        const LatencyStatistics s = latencyStatistics(latencies);
        QCOMPARE(s.p50Ms, 3.0);
        QCOMPARE(s.p90Ms, 4.6); // between the 4th and 5th of 5
        QCOMPARE(s.minMs, 1.0);
        QCOMPARE(s.maxMs, 5.0);
        QCOMPARE(s.meanMs, 3.0);
        QVERIFY(std::abs(s.standardDeviationMs - std::sqrt(2.5)) < 1e-12);
        QCOMPARE(latencyStatistics({}).count, 0);
    }

    void benchmarkCountsAndStops()
    {
        const auto s = session(smallModel());
        const Value input = Tensor::allocate(DataType::Float, {1, 2}).value();
        JobContext job;
        int observed = 0;
        auto result = runBenchmark(*s, std::span(&input, 1), {2, 5}, job, [&](int, double) { ++observed; });
        QVERIFY(result.ok());
        QCOMPARE(result->warmupMs.size(), size_t{2});
        QCOMPARE(result->latenciesMs.size(), size_t{5});
        QCOMPARE(observed, 5);

        std::stop_source stop;
        JobContext stoppable(stop.get_token(), {});
        result = runBenchmark(*s, std::span(&input, 1), {0, 1000}, stoppable, [&](int index, double) {
            if (index == 9)
                stop.request_stop();
        });
        QVERIFY(result.ok());
        QVERIFY(result->stopped);
        QCOMPARE(result->latenciesMs.size(), size_t{10});
    }
};

std::unique_ptr<QObject> lapidary::createSessionTest() { return std::make_unique<SessionTest>(); }

#include "session_test.moc"
