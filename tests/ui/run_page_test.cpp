// SPDX-License-Identifier: GPL-3.0-or-later
// The run and benchmark pages with the sample model, driven as a user does.
#include "tests/gui_tests.h"
#include "ui/document/gui_dispatcher.h"
#include "ui/document/model_document.h"
#include "ui/inputs/run_inputs.h"
#include "ui/pages/benchmark_history.h"
#include "ui/pages/benchmark_page.h"
#include "ui/pages/run_error.h"
#include "ui/pages/run_page.h"
#include "ui/pages/run_results.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace lapidary;

namespace {

const QString sampleFolder = QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/samples/digits/");

} // namespace

class RunPageTest : public QObject {
    Q_OBJECT

    std::unique_ptr<JobQueue> m_jobs;
    std::unique_ptr<ModelDocument> m_document;

    RunInputs& inputs() { return RunInputs::of(*m_document); }

    void openSample()
    {
        m_document->open(sampleFolder + QStringLiteral("digits.onnx"));
        QVERIFY(
            QTest::qWaitFor([this] { return m_document->model() && !inputs().samples().images.empty(); }));
    }

    bool waitForRun()
    {
        return QTest::qWaitFor([this] { return m_document->lastRun() && !m_document->isRunning(); }, 20'000);
    }

private slots:
    void init()
    {
        m_jobs = std::make_unique<JobQueue>(guiDispatcher());
        m_document = std::make_unique<ModelDocument>(*m_jobs);
    }

    void cleanup()
    {
        m_document.reset();
        m_jobs.reset();
    }

    void sampleIsInPlaceAndRunIsOneClick()
    {
        RunPage page(*m_document);
        page.resize(1200, 800);
        page.show();
        openSample();
        QCOMPARE(inputs().choice(0).source, InputSource::Image);
        auto* run = page.findChild<QPushButton*>(QStringLiteral("runButton"));
        QTest::mouseClick(run, Qt::LeftButton);
        QVERIFY(waitForRun());
        QVERIFY(page.findChild<RunResults*>()->isVisible());
        const auto lists = page.findChild<RunResults*>()->findChildren<QTreeWidget*>();
        QVERIFY(std::ranges::any_of(lists, [](const QTreeWidget* list) {
            return list->topLevelItemCount() > 0 && list->topLevelItem(0)->text(0) == QLatin1String("zero");
        }));
        QVERIFY(run->isEnabled());
    }

    void dataFolderIsCompared()
    {
        RunPage page(*m_document);
        page.show();
        openSample();
        page.useDataFolder(sampleFolder + QStringLiteral("test_data_set_0"));
        QVERIFY(QTest::qWaitFor([this] { return inputs().choice(0).source == InputSource::TensorProto; }));
        QSignalSpy compared(page.findChild<RunResults*>(), &RunResults::compared);
        page.run();
        QVERIFY(QTest::qWaitFor([&] { return !compared.isEmpty(); }, 20'000));
        QCOMPARE(m_document->lastRun()->request.expected.size(), size_t{1});
    }

    void wrongFolderSaysSo()
    {
        RunPage page(*m_document);
        openSample();
        page.useDataFolder(sampleFolder + QStringLiteral("images"));
        QVERIFY(QTest::qWaitFor([this] { return inputs().dataFolderError().has_value(); }));
        QVERIFY(inputs().dataFolder().isEmpty());
    }

    void unreadableInputIsAnErrorOnThePage()
    {
        RunPage page(*m_document);
        page.show();
        openSample();
        InputChoice choice = inputs().choice(0);
        choice.file = sampleFolder + QStringLiteral("labels.txt");
        inputs().setChoice(0, choice);
        QVERIFY(QTest::qWaitFor([this] { return inputs().error(0).has_value(); }));
        page.run();
        QVERIFY(QTest::qWaitFor([&] { return page.findChild<RunError*>()->isVisible(); }));
        QVERIFY(!m_document->lastRun());
    }

    void errorsNameTheirNodes()
    {
        openSample();
        const Model& model = *m_document->model();
        Error error =
            makeError(ErrorCode::UnsupportedOp, "node " + nodeLabel(model.graph.nodes[1], 1) + ": no kernel");
        error.where = {"node " + nodeLabel(model.graph.nodes[0], 0)};
        QCOMPARE(nodesInError(model, error), (std::vector<NodeId>{1, 0}));
        QVERIFY(nodesInError(model, makeError(ErrorCode::Internal, "'nobody' (Conv)")).empty());
    }

    void benchmarkFillsTheHistory()
    {
        BenchmarkPage page(*m_document);
        page.resize(1200, 800);
        page.show();
        openSample();
        page.start();
        QVERIFY(QTest::qWaitFor([this] { return m_document->lastBenchmark() != nullptr; }, 30'000));
        auto* history = page.findChild<BenchmarkHistory*>();
        QVERIFY(QTest::qWaitFor([&] { return !history->isEmpty(); }));
        QCOMPARE(history->asCsv().count(QStringLiteral("\r\n")), 2);
        QVERIFY(history->asText().contains(QStringLiteral("digits.onnx")));
    }
};

std::unique_ptr<QObject> lapidary::createRunPageTest() { return std::make_unique<RunPageTest>(); }

#include "run_page_test.moc"
