// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with files: export, print, copy, reload, the session.
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/document/reloader.h"
#include "ui/errors/error_panel.h"
#include "ui/pages/graph_page.h"
#include "ui/settings/settings.h"
#include "ui/text/selection_text.h"
#include "ui/window/export_dialog.h"
#include "ui/window/graph_export.h"
#include "ui/window/window_actions.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/graph_view.h"

#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QMenu>
#include <QPrinter>
#include <QPushButton>
#include <QSignalSpy>

namespace lapidary {

namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// A chain of Relus; each name and value has the number of its node.
QByteArray chain(const QList<int>& numbers)
{
    QByteArray text = "ir_version: 8\nopset_import { version: 17 }\ngraph {\n";
    QByteArray before = "x";
    for (const int number : numbers) {
        const QByteArray name = QByteArray::number(number);
        text += "node { name: \"n" + name + "\" op_type: \"Relu\" input: \"" + before + "\" output: \"v" +
                name + "\" }\n";
        before = "v" + name;
    }
    return text + "input { name: \"x\" }\noutput { name: \"" + before + "\" }\n}\n";
}

QList<int> range(int count)
{
    QList<int> numbers;
    for (int i = 0; i < count; ++i)
        numbers << i;
    return numbers;
}

bool open(WindowFixture& fixture, const QString& path)
{
    fixture.document().open(path);
    return QTest::qWaitFor(
        [&] { return fixture.document().model() && fixture.window().graphPage().isDrawn(); });
}

GraphCanvas& canvasOf(WindowFixture& fixture)
{
    return *fixture.window().graphPage().view().findChild<GraphCanvas*>();
}

NodeId nodeNamed(const Model& model, const std::string& name)
{
    for (size_t i = 0; i < model.graph.nodes.size(); ++i) {
        if (model.graph.nodes[i].name == name)
            return static_cast<NodeId>(i);
    }
    return noNode;
}

} // namespace

class FilesTest : public QObject {
    Q_OBJECT
private slots:
    void exportsInTheBackground()
    {
        WindowFixture fixture;
        QVERIFY(open(fixture, digitsPath()));
        GraphExport& exporter = fixture.window().graphExport();
        QSignalSpy saved(&exporter, &GraphExport::saved);
        const QString path = fixture.folder() + "/graph.svg";
        exporter.save({PictureFormat::Svg, 1, false, {}}, path);
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(bytesOf(path).contains("Conv"));
        // What cannot be written is said in the window.
        exporter.save({PictureFormat::Png, 1, false, {}}, fixture.folder() + "/no/such/folder.png");
        QTRY_VERIFY(fixture.window().errorPanel().isVisible());
        QVERIFY(fixture.window().errorPanel().text().contains("folder.png"));
    }

    void exportAsksFirst()
    {
        WindowFixture fixture;
        QVERIFY(open(fixture, digitsPath()));
        fixture.window().actions().exportGraph->trigger();
        QTRY_VERIFY(fixture.tabs().findChild<ExportDialog*>());
        auto* dialog = fixture.tabs().findChild<ExportDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        dialog->reject();
    }

    void exportDialogSaysTheSize()
    {
        ExportDialog dialog(QRectF(0, 0, 400, 100'000), QRectF(0, 0, 300, 200), true, nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(dialog.sizeText().contains("400"));
        QVERIFY(dialog.save->isEnabled());
        QVERIFY(dialog.options().dark);
        dialog.scale->setValue(2000);
        QVERIFY(!dialog.save->isEnabled());
        QVERIFY2(dialog.sizeText().contains("at most"), qPrintable(dialog.sizeText()));
        dialog.area->setCurrentIndex(1);
        QVERIFY(dialog.save->isEnabled());
        QCOMPARE(dialog.options().area, QRectF(0, 0, 300, 200));
        dialog.area->setCurrentIndex(0);
        dialog.format->setCurrentIndex(2);
        QVERIFY(dialog.save->isEnabled());
        QCOMPARE(dialog.options().format, PictureFormat::Pdf);
    }

    void prints()
    {
        WindowFixture fixture;
        QVERIFY(open(fixture, fixture.write("long.textproto", chain(range(80)))));
        const auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
        printer->setOutputFormat(QPrinter::PdfFormat);
        printer->setOutputFileName(fixture.folder() + "/paper.pdf");
        QSignalSpy printed(&fixture.window().graphExport(), &GraphExport::printed);
        fixture.window().graphExport().print(printer);
        QTRY_COMPARE(printed.size(), 1);
        QVERIFY(bytesOf(fixture.folder() + "/paper.pdf").count("/Type /Page\n") >= 3);
    }

    void copiesTheSelection()
    {
        WindowFixture fixture;
        QVERIFY(open(fixture, digitsPath()));
        QTRY_VERIFY(fixture.document().types());
        QVERIFY(!fixture.window().actions().copy->isEnabled());
        fixture.document().select(Selection::ofNode(0));
        QVERIFY(fixture.window().actions().copy->isEnabled());
        fixture.window().graphPage().view().setFocus();
        QTest::keyClick(&canvasOf(fixture), Qt::Key_C, Qt::ControlModifier);
        const QString text = QGuiApplication::clipboard()->text();
        const Model& model = *fixture.document().model();
        QVERIFY2(text.contains(QString::fromStdString(model.graph.nodes[0].opType)), qPrintable(text));
        QVERIFY2(text.contains("Inputs:") && text.contains("float32["), qPrintable(text));
        const ValueId output = model.graph.nodes[0].outputs[0];
        const QString value = selectionText(model, nullptr, Selection::ofValue(output));
        QVERIFY2(value.contains("Made by: ") && value.contains("Used by:"), qPrintable(value));
        QVERIFY(selectionText(model, nullptr, {}).isEmpty());
    }

    void menuOnTheGraph()
    {
        WindowFixture fixture;
        QVERIFY(open(fixture, fixture.write("m.textproto", chain(range(3)))));
        GraphCanvas& canvas = canvasOf(fixture);
        fixture.document().select(Selection::ofNode(1));
        const GraphScene& scene = *canvas.scene();
        const BoxId box = scene.boxOf(Selection::ofNode(2));
        const QPoint at = canvas.view().toView(scene.rect(box)).center().toPoint();
        bool copies = false;
        QTimer::singleShot(0, this, [&] { // the menu has its own event loop
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            copies = menu && menu->actions().contains(fixture.window().actions().copy);
            if (menu)
                menu->close();
        });
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, canvas.mapToGlobal(at));
        QApplication::sendEvent(&canvas, &event);
        QVERIFY(copies);
        QCOMPARE(fixture.document().selection(), Selection::ofNode(2));
    }

    void changedFileIsOffered()
    {
        WindowFixture fixture;
        const QString path = fixture.write("m.textproto", chain(range(60)));
        QVERIFY(open(fixture, path));
        GraphCanvas& canvas = canvasOf(fixture);
        fixture.document().select(Selection::ofNode(30));
        fixture.window().graphPage().view().actualSize();
        fixture.window().graphPage().view().revealSelection();
        QTest::qWait(400);
        const auto placeOfNode = [&](const char* name) {
            const BoxId box =
                canvas.scene()->boxOf(Selection::ofNode(nodeNamed(*fixture.document().model(), name)));
            return canvas.view().toView(canvas.scene()->rect(box)).topLeft();
        };
        const QPointF before = placeOfNode("n30");
        const double zoom = canvas.view().scale;
        auto* bar = fixture.window().findChild<QWidget*>("reloadBar");
        QVERIFY(bar && !bar->isVisible());

        QList<int> numbers = range(60);
        numbers.insert(10, 100); // above what is in view
        numbers.insert(50, 101);
        fixture.write("m.textproto", chain(numbers));
        QTRY_VERIFY(bar->isVisible());
        QCOMPARE(fixture.document().model()->graph.nodes.size(), size_t{60});
        QTest::mouseClick(bar->findChild<QPushButton*>("reload"), Qt::LeftButton);
        QTRY_COMPARE(fixture.document().model()->graph.nodes.size(), size_t{62});
        QVERIFY(!bar->isVisible());
        QTRY_VERIFY(fixture.window().graphPage().isDrawn());
        // The same node is selected, at the same place of the window.
        QCOMPARE(fixture.document().selection(), Selection::ofNode(31));
        QCOMPARE(canvas.selection(), Selection::ofNode(31));
        QCOMPARE(canvas.view().scale, zoom);
        const QPointF after = placeOfNode("n30");
        QVERIFY2((after - before).manhattanLength() < 2,
                 qPrintable(QStringLiteral("%1 %2").arg(after.y()).arg(before.y())));
    }

    void changedFileReloadsByItself()
    {
        WindowFixture fixture;
        const QString path = fixture.write("m.textproto", chain(range(3)));
        QVERIFY(open(fixture, path));
        fixture.window().actions().reloadChanged->trigger();
        QVERIFY(readSetting(settings::reloadChanged));
        // Written beside and renamed, as most programs do; half a file first.
        const QByteArray whole = chain(range(5));
        QFile::remove(path);
        fixture.write("m.textproto", whole.left(whole.size() / 2));
        QTest::qWait(900); // longer than a file has to rest
        QVERIFY(!fixture.window().errorPanel().isVisible());
        fixture.write("other", whole);
        QVERIFY(QFile::remove(path));
        QVERIFY(QFile::rename(fixture.folder() + "/other", path));
        QTRY_COMPARE(fixture.document().model()->graph.nodes.size(), size_t{5});
        QVERIFY(!fixture.window().errorPanel().isVisible());
        // One that stays broken is said to be so, and the last good model stays.
        fixture.write("m.textproto", "graph {");
        QTRY_VERIFY_WITH_TIMEOUT(fixture.window().errorPanel().isVisible(), 15'000);
        QCOMPARE(fixture.document().model()->graph.nodes.size(), size_t{5});
    }

    void sessionComesBack()
    {
        WindowFixture fixture;
        QVERIFY(open(fixture, digitsPath()));
        fixture.window().showPage(Page::Run);
        fixture.tabs().open(fixture.write("chain.textproto", chain(range(3))));
        QTRY_VERIFY(fixture.document().model());
        fixture.tabs().setCurrent(0);
        fixture.tabs().close();
        {
            Workbench off; // unless the user wants it
            off.tabs.restoreSession();
            QVERIFY(!off.document().isOpening());
        }
        writeSetting(settings::restoreSession, true);
        {
            Workbench again;
            again.tabs.show();
            again.tabs.restoreSession();
            QCOMPARE(again.tabs.count(), 2);
            QCOMPARE(again.tabs.current(), 0);
            QTRY_VERIFY(again.document().model());
            QCOMPARE(again.document().path(), digitsPath());
            QCOMPARE(again.window().page(), Page::Run);
            QVERIFY(again.window().actions().restoreSession->isChecked());
            QTRY_COMPARE(again.tabs.document(1).path(), fixture.folder() + "/chain.textproto");
        }
        // A file that is gone is no error.
        writeSetting(settings::sessionFiles, {fixture.folder() + "/gone.onnx"});
        Workbench gone;
        gone.tabs.restoreSession();
        QVERIFY(!gone.document().isOpening());
    }
};

std::unique_ptr<QObject> createFilesTest() { return std::make_unique<FilesTest>(); }

} // namespace lapidary

#include "files_test.moc"
