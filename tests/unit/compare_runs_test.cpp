// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/compare_runs.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

// r = relu(x), s = r * scale, y = s + r
std::shared_ptr<Model> scaled(const std::vector<float>& scale, const std::string& input = "x")
{
    GraphBuilder builder;
    builder.input(input, {Dim(static_cast<int64_t>(scale.size()))});
    builder.constant("scale", Tensor::of<float>({static_cast<int64_t>(scale.size())}, scale));
    builder.node("Relu", {input}, {"r"});
    builder.node("Mul", {"r", "scale"}, {"s"});
    builder.node("Add", {"s", "r"}, {"y"});
    return builder.output("y").build();
}

std::unique_ptr<Session> sessionOf(const std::shared_ptr<Model>& model)
{
    JobContext job;
    return std::move(Session::create(model, {}, job)).value();
}

Result<std::vector<NodeError>> compare(const std::shared_ptr<Model>& before,
                                       const std::shared_ptr<Model>& after, const Value& input,
                                       uint64_t keptBytes = 1 << 20)
{
    JobContext job;
    const auto matching = matchNodes(before->graph, after->graph, job).value();
    return compareRuns(*sessionOf(before), *sessionOf(after), matching, std::vector{input}, job, keptBytes);
}

class CompareRunsTest : public QObject {
    Q_OBJECT
private slots:
    // The numbers by hand: r = (3, 4), s = (3, 4) against (3, 4.5), y = (6, 8) against (6, 8.5).
    void errorsOfResults_data()
    {
        QTest::addColumn<quint64>("keptBytes");
        QTest::newRow("at once") << quint64(1 << 20);
        QTest::newRow("in rounds") << quint64(1);
    }
    void errorsOfResults()
    {
        QFETCH(quint64, keptBytes);
        const auto errors = compare(scaled({1, 1}), scaled({1, 1.125}),
                                    Tensor::of<float>({2}, std::vector<float>{3, 4}), keptBytes);
        QVERIFY2(errors.ok(), errors.ok() ? "" : errors.error().toString().c_str());
        QCOMPARE(errors->size(), size_t(3));
        const double relative[] = {0, 0.5 / 5, 0.5 / 10};
        const double absolute[] = {0, 0.5, 0.5};
        for (size_t i = 0; i < 3; ++i) {
            QCOMPARE((*errors)[i].after, static_cast<NodeId>(i));
            QVERIFY(std::abs((*errors)[i].relative - relative[i]) < 1e-9);
            QCOMPARE((*errors)[i].maxAbsolute, absolute[i]);
        }
    }

    void notANumberIsInfinitelyFar()
    {
        const auto errors = compare(scaled({1, 1}), scaled({1, std::nanf("")}),
                                    Tensor::of<float>({2}, std::vector<float>{3, 4}));
        QVERIFY(errors.ok());
        QCOMPARE((*errors)[0].relative, 0.0);
        QVERIFY(std::isinf((*errors)[1].relative));
    }

    void inputsOfOtherNames()
    {
        const auto errors = compare(scaled({1, 1}, "x"), scaled({1, 1}, "pixels"),
                                    Tensor::of<float>({2}, std::vector<float>{3, 4}));
        QVERIFY(errors.ok());
        QCOMPARE((*errors)[2].relative, 0.0);
    }

    void errorsNameTheModel()
    {
        auto before = scaled({1, 1, 1});
        before->path = "/models/three.onnx";
        const auto errors = compare(before, scaled({1, 1}), Tensor::of<float>({2}, std::vector<float>{3, 4}));
        QCOMPARE(errors.error().code, ErrorCode::ShapeMismatch);
        QVERIFY(errors.error().toString().find("three.onnx") != std::string::npos);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createCompareRunsTest() { return std::make_unique<CompareRunsTest>(); }

#include "compare_runs_test.moc"
