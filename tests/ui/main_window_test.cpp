// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/docks/properties_panel.h"
#include "ui/docks/property_list.h"
#include "ui/errors/engine_texts.h"
#include "ui/errors/error_panel.h"
#include "ui/pages/graph_page.h"
#include "ui/pages/run_results.h"
#include "ui/settings/language.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_docks.h"
#include "viewers/graph/graph_view.h"

#include <QDockWidget>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QScopeGuard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>

namespace lapidary {

namespace {

class MainWindowTest : public QObject {
    Q_OBJECT
private slots:
    void startsEmpty();
    void opensAndDraws();
    void brokenFileShowsTheError();
    void selectionShowsProperties();
    void linksWalkAlongTheGraph();
    void weightShowsStatistics();
    void languageSwitches();
    void themeSwitches();
    void recentFilesAreKept();
    void droppedFileOpens();
    void droppedRubbishIsRefused();
    void longJobIsCancelled();
    void pagesSwitch();
    void statusShowsTheZoom();
    void errorsSpeakTheLanguage();
    void fitsSmallScreens();

private:
    static QStringList fieldTexts(MainWindow& window);
    static QString propertiesHeading(MainWindow& window);
    static bool drop(MainWindow& window, const QString& path);
};

QStringList MainWindowTest::fieldTexts(MainWindow& window)
{
    QStringList texts;
    for (const PropertyField* field :
         window.docks().propertiesPanel->list().widget()->findChildren<PropertyField*>())
        texts << field->text();
    return texts;
}

QString MainWindowTest::propertiesHeading(MainWindow& window)
{
    return window.docks().propertiesPanel->list().heading();
}

bool MainWindowTest::drop(MainWindow& window, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    const QPoint at = window.rect().center();
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QCoreApplication::sendEvent(&window, &enter);
    if (!enter.isAccepted())
        return false;
    QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
    return event.isAccepted();
}

void MainWindowTest::startsEmpty()
{
    WindowFixture fixture;
    QVERIFY(!fixture.window().graphPage().isVisible());
    QVERIFY(!fixture.window().docks().properties->isVisible());
    QVERIFY(!fixture.window().actions().run->isEnabled());
    QVERIFY(!fixture.window().actions().close->isEnabled());
}

void MainWindowTest::opensAndDraws()
{
    WindowFixture fixture;
    QSignalSpy drawn(&fixture.window().graphPage(), &GraphPage::drawn);
    fixture.window().openPath(digitsPath());
    QVERIFY(drawn.wait());
    QVERIFY(fixture.window().graphPage().isVisible());
    QCOMPARE(propertiesHeading(fixture.window()), "digits.onnx");
    QVERIFY(fixture.window().windowTitle().contains("digits.onnx"));
    fixture.window().actions().close->trigger();
    QVERIFY(!fixture.window().graphPage().isVisible());
}

void MainWindowTest::brokenFileShowsTheError()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    fixture.window().openPath(fixture.write("broken.onnx", "this is no protobuf"));
    QTRY_VERIFY(fixture.window().errorPanel().isVisible());
    QVERIFY(fixture.window().errorPanel().text().contains("broken.onnx"));
    QVERIFY(fixture.window().errorPanel().text().contains("InvalidModel"));
    QVERIFY(fixture.window().windowTitle().contains("digits.onnx"));
    fixture.window().openPath(digitsPath());
    QTRY_VERIFY(!fixture.window().errorPanel().isVisible());
}

void MainWindowTest::selectionShowsProperties()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    const Graph& graph = fixture.document().model()->graph;
    fixture.document().select(Selection::ofNode(0));
    QCOMPARE(propertiesHeading(fixture.window()), QString::fromStdString(graph.nodes[0].opType));
    QCOMPARE(fixture.window().graphPage().view().selection(), Selection::ofNode(0));
    QVERIFY(fieldTexts(fixture.window()).size() > 2); // name, operator set, inputs ...
    fixture.document().select(Selection::ofValue(graph.outputs[0]));
    QCOMPARE(propertiesHeading(fixture.window()), QString::fromStdString(graph.value(graph.outputs[0]).name));
    fixture.document().select({});
    QCOMPARE(propertiesHeading(fixture.window()), "digits.onnx");
}

void MainWindowTest::linksWalkAlongTheGraph()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    const Graph& graph = fixture.document().model()->graph;
    const ValueId output = graph.nodes[0].outputs[0];
    fixture.document().select(Selection::ofValue(output));
    // The field with the producer's operator leads to the node.
    for (PropertyField* field :
         fixture.window().docks().propertiesPanel->list().widget()->findChildren<PropertyField*>()) {
        if (field->text() == QString::fromStdString(graph.nodes[0].opType)) {
            QTest::mouseClick(field, Qt::LeftButton);
            break;
        }
    }
    QTRY_COMPARE(fixture.document().selection(), Selection::ofNode(0));
}

void MainWindowTest::weightShowsStatistics()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    const Graph& graph = fixture.document().model()->graph;
    QVERIFY(!graph.initializers.empty());
    fixture.document().select(Selection::ofValue(graph.initializers[0].value));
    const int before = static_cast<int>(fieldTexts(fixture.window()).size());
    QTRY_VERIFY(fieldTexts(fixture.window()).size() >= before + 6); // minimum ... first values
}

void MainWindowTest::languageSwitches()
{
    WindowFixture fixture;
    QAction* spanish = nullptr;
    for (QAction* action : fixture.window().actions().languages) {
        if (action->data().toString() == "es")
            spanish = action;
    }
    QVERIFY(spanish);
    spanish->trigger();
    QCoreApplication::processEvents();
    QCOMPARE(readSetting(settings::language), "es");
    QCOMPARE(QLocale().language(), QLocale::Spanish);
    if (QFile::exists(":/translations/lapidary_es.qm"))
        QVERIFY(fixture.window().actions().open->text() != "&Open…");
    fixture.window().actions().languages.front()->trigger();
    QCoreApplication::processEvents();
    QCOMPARE(fixture.window().actions().open->text(), "&Open…");
}

void MainWindowTest::themeSwitches()
{
    WindowFixture fixture;
    fixture.window().actions().themeDark->trigger();
    QVERIFY(Theme::instance().isDark());
    QTRY_VERIFY(fixture.window().palette().color(QPalette::Window).lightness() < 100);
    fixture.window().actions().themeLight->trigger();
    QVERIFY(!Theme::instance().isDark());
}

void MainWindowTest::recentFilesAreKept()
{
    WindowFixture fixture;
    QVERIFY(recentFiles().isEmpty());
    QVERIFY(fixture.openDigits());
    QCOMPARE(recentFiles(), QStringList{digitsPath()});
    emit fixture.window().actions().recentMenu->aboutToShow();
    QCOMPARE(fixture.window().actions().recentMenu->actions().size(), 1);
    fixture.document().close();
    fixture.window().actions().recentMenu->actions().front()->trigger();
    QTRY_VERIFY(fixture.document().model());
}

void MainWindowTest::droppedFileOpens()
{
    WindowFixture fixture;
    QVERIFY(drop(fixture.window(), digitsPath()));
    QTRY_VERIFY(fixture.document().model());
}

void MainWindowTest::droppedRubbishIsRefused()
{
    WindowFixture fixture;
    QVERIFY(!drop(fixture.window(), "/nowhere/at/all.onnx"));
    QVERIFY(!drop(fixture.window(), fixture.folder())); // a folder without stored tensors
}

void MainWindowTest::longJobIsCancelled()
{
    WindowFixture fixture;
    bool stopped = false;
    fixture.jobs().start(
        {.title = "Long work", .lane = "test"},
        [](JobContext& job) -> Status {
            while (!job.stopRequested())
                QThread::msleep(5);
            return cancelled();
        },
        [&](Status result) { stopped = !result.ok() && result.error().code == ErrorCode::Cancelled; });
    auto* cancel = fixture.window().findChild<QToolButton*>("cancelJob");
    QVERIFY(cancel);
    QTRY_VERIFY(cancel->isVisible());
    QTest::mouseClick(cancel, Qt::LeftButton);
    QTRY_VERIFY(stopped);
    QTRY_VERIFY(!cancel->isVisible());
    QVERIFY(!fixture.window().errorPanel().isVisible()); // cancelling is no error
}

void MainWindowTest::pagesSwitch()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QVERIFY(fixture.window().docks().properties->isVisible());
    for (QAction* action : {fixture.window().actions().runPage, fixture.window().actions().benchmarkPage})
        action->trigger();
    QCOMPARE(fixture.window().page(), Page::Benchmark);
    QVERIFY(!fixture.window().docks().properties->isVisible());
    fixture.window().actions().graphPage->trigger();
    QVERIFY(fixture.window().docks().properties->isVisible());
}

void MainWindowTest::statusShowsTheZoom()
{
    WindowFixture fixture;
    const auto* zoom = fixture.window().findChild<QLabel*>("zoom");
    QVERIFY(zoom && !zoom->isVisible());
    QVERIFY(fixture.openDigits());
    const GraphView& view = fixture.window().graphPage().view();
    const auto expected = [&] { return QStringLiteral("%1 %").arg(view.zoom() * 100, 0, 'f', 0); };
    QTRY_VERIFY(zoom->isVisible()); // nobody has zoomed yet
    QCOMPARE(zoom->text(), expected());
    fixture.window().actions().zoomIn->trigger();
    QTRY_VERIFY(view.zoom() > 1.2);
    QTRY_COMPARE(zoom->text(), expected());
    fixture.window().actions().runPage->trigger();
    QVERIFY(!zoom->isVisible());
    fixture.window().actions().graphPage->trigger();
    QVERIFY(zoom->isVisible());
}

void MainWindowTest::errorsSpeakTheLanguage()
{
    WindowFixture fixture;
    applyLanguage("es");
    fixture.window().openPath(fixture.write("empty.onnx", ""));
    QTRY_VERIFY(fixture.window().errorPanel().isVisible());
    const QString text = fixture.window().errorPanel().text();
    QVERIFY2(text.contains("El archivo está vacío; se esperaba un modelo ONNX."), qPrintable(text));
    QVERIFY2(text.contains("Exporta o descarga el archivo de nuevo."), qPrintable(text));
    // Names stay as they are, also those that look like a placeholder; so does what nobody translated.
    QCOMPARE(inUsersLanguage("node '%2' (Foo): no kernel for ai.onnx.Foo of opset 7\nand 3 more"),
             "nodo '%2' (Foo): no hay implementación de ai.onnx.Foo del opset 7\nand 3 more");
    applyLanguage("en");
    QCOMPARE(inUsersLanguage("Choose a file."), "Choose a file.");
}

// Spanish has the longer words.
void MainWindowTest::fitsSmallScreens()
{
    WindowFixture fixture;
    const auto english = qScopeGuard([] { applyLanguage("en"); });
    applyLanguage("es");
    fixture.window().resize(900, 600);
    QVERIFY(fixture.openDigits());
    fixture.window().openPath(QFileInfo(digitsPath()).path() + "/test_data_set_0");
    fixture.window().actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.document().lastRun(), 60'000);
    const auto* results = fixture.window().findChild<RunResults*>();
    QVERIFY(results);
    QTRY_VERIFY(results->isVisible());
    QTRY_COMPARE(results->horizontalScrollBar()->maximum(), 0);
    fixture.window().actions().benchmarkPage->trigger();
    fixture.window().actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.document().lastBenchmark(), 60'000);
    QCoreApplication::processEvents();
    for (QAction* page : {fixture.window().actions().graphPage, fixture.window().actions().runPage,
                          fixture.window().actions().benchmarkPage}) {
        page->trigger();
        QCoreApplication::processEvents();
        const QSize least = fixture.window().minimumSizeHint();
        QVERIFY2(least.width() <= 900 && least.height() <= 600,
                 qPrintable(QString("%1: %2x%3").arg(page->text()).arg(least.width()).arg(least.height())));
    }
}

} // namespace

std::unique_ptr<QObject> createMainWindowTest() { return std::make_unique<MainWindowTest>(); }

} // namespace lapidary

#include "main_window_test.moc"
