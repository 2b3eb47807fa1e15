// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/inputs.h"
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"

#include <QSignalSpy>

namespace lapidary {

namespace {

class ModelDocumentTest : public QObject {
    Q_OBJECT
private slots:
    void opensAndInfers();
    void brokenFileKeepsTheModel();
    void newestOpenWins();
    void closingForgetsEverything();
    void runsAndKeepsTheResult();
    void runWithWrongInputsFails();
    void benchmarkTellsEveryRun();
    void cancelEndsABenchmark();

private:
    static RunRequest randomRequest(const Model& model);
};

RunRequest ModelDocumentTest::randomRequest(const Model& model)
{
    RunRequest request;
    for (const ValueId id : model.graph.requiredInputs()) {
        const TypeInfo& type = model.graph.value(id).type;
        request.inputs.emplace_back(randomTensor(type.dataType, concreteInputDims(type, {}), 1).value());
    }
    return request;
}

void ModelDocumentTest::opensAndInfers()
{
    WindowFixture fixture;
    QSignalSpy changed(&fixture.document(), &ModelDocument::modelChanged);
    QSignalSpy types(&fixture.document(), &ModelDocument::typesChanged);
    fixture.document().open(digitsPath());
    QVERIFY(fixture.document().isOpening());
    QVERIFY(changed.wait());
    QVERIFY(!fixture.document().isOpening());
    QCOMPARE(fixture.document().path(), digitsPath());
    QVERIFY(!types.isEmpty() || types.wait());
    QCOMPARE(fixture.document().types()->types.size(), fixture.document().model()->graph.values.size());
}

void ModelDocumentTest::brokenFileKeepsTheModel()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    const auto before = fixture.document().model();
    QSignalSpy failed(&fixture.document(), &ModelDocument::openFailed);
    fixture.document().open(fixture.write("broken.onnx", "this is no protobuf"));
    QVERIFY(failed.wait());
    QCOMPARE(fixture.document().model(), before);
    QCOMPARE(fixture.document().path(), digitsPath());
}

void ModelDocumentTest::newestOpenWins()
{
    WindowFixture fixture;
    QSignalSpy failed(&fixture.document(), &ModelDocument::openFailed);
    fixture.document().open(fixture.write("broken.onnx", "this is no protobuf"));
    fixture.document().open(digitsPath());
    QTRY_VERIFY(fixture.document().model());
    QTest::qWait(50);
    QCOMPARE(failed.count(), 0);
}

void ModelDocumentTest::closingForgetsEverything()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    fixture.document().select(Selection::ofNode(0));
    QSignalSpy changed(&fixture.document(), &ModelDocument::modelChanged);
    fixture.document().close();
    QCOMPARE(changed.count(), 1);
    QVERIFY(!fixture.document().model());
    QVERIFY(fixture.document().path().isEmpty());
    QCOMPARE(fixture.document().selection(), Selection{});
}

void ModelDocumentTest::runsAndKeepsTheResult()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QSignalSpy finished(&fixture.document(), &ModelDocument::runFinished);
    fixture.document().run(randomRequest(*fixture.document().model()));
    QVERIFY(fixture.document().isRunning());
    QVERIFY(finished.wait());
    QVERIFY(!fixture.document().isRunning());
    const auto first = fixture.document().lastRun();
    QCOMPARE(first->result.outputs.size(), fixture.document().model()->graph.outputs.size());
    QVERIFY(first->createMs > 0);
    fixture.document().run(randomRequest(*fixture.document().model()));
    QVERIFY(finished.wait());
    QCOMPARE(fixture.document().lastRun()->createMs, 0.0); // the session was there already
}

void ModelDocumentTest::runWithWrongInputsFails()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QSignalSpy failed(&fixture.document(), &ModelDocument::runFailed);
    fixture.document().run({});
    QVERIFY(failed.wait());
    QVERIFY(!fixture.document().isRunning());
    QVERIFY(!fixture.document().lastRun());
}

void ModelDocumentTest::benchmarkTellsEveryRun()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QSignalSpy runs(&fixture.document(), &ModelDocument::benchmarkRun);
    QSignalSpy finished(&fixture.document(), &ModelDocument::benchmarkFinished);
    fixture.document().benchmark(randomRequest(*fixture.document().model()), {.warmupRuns = 1, .runs = 25});
    QVERIFY(finished.wait(20000));
    QCOMPARE(runs.count(), 25);
    for (int i = 0; i < runs.count(); ++i)
        QCOMPARE(runs[i][0].toInt(), i);
    QCOMPARE(fixture.document().lastBenchmark()->result.statistics.count, 25);
}

void ModelDocumentTest::cancelEndsABenchmark()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QSignalSpy runs(&fixture.document(), &ModelDocument::benchmarkRun);
    fixture.document().benchmark(randomRequest(*fixture.document().model()),
                                 {.warmupRuns = 0, .runs = 100000000});
    QVERIFY(runs.wait(20000));
    fixture.document().cancel();
    QTRY_VERIFY(!fixture.document().isBenchmarking());
    QVERIFY(fixture.document().lastBenchmark()->result.stopped);
}

} // namespace

std::unique_ptr<QObject> createModelDocumentTest() { return std::make_unique<ModelDocumentTest>(); }

} // namespace lapidary

#include "model_document_test.moc"
