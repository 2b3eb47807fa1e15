// SPDX-License-Identifier: GPL-3.0-or-later
// Several models in one window.
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/edit/model_editing.h"
#include "ui/errors/error_panel.h"
#include "ui/pages/graph_page.h"
#include "ui/window/window_actions.h"
#include "viewers/graph/graph_view.h"

#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QUndoStack>

namespace lapidary {

namespace {

const QByteArray text = R"(ir_version: 8
opset_import { version: 17 }
graph {
  node { name: "only" op_type: "Relu" input: "x" output: "y" }
  input { name: "x" }
  output { name: "y" }
}
)";

bool waitForModel(WindowFixture& fixture)
{
    return QTest::qWaitFor(
        [&] { return fixture.document().model() && fixture.window().graphPage().isDrawn(); });
}

// The sample and a small model, the small one shown.
class TwoModels : public WindowFixture {
public:
    TwoModels()
    {
        tabs().open(digitsPath());
        if (!waitForModel(*this))
            qFatal("the sample does not open");
        tabs().open(write("small.textproto", text));
        if (!waitForModel(*this))
            qFatal("the model does not open");
    }
    QTabBar& bar() { return *tabs().findChild<QTabBar*>(); }
    // Renames the node of the small model.
    bool change()
    {
        QSignalSpy changed(&document(), &ModelDocument::modelChanged);
        document().edit("change", [](const Model& model, JobContext&) {
            Model other = model;
            other.graph.nodes[0].name += "!";
            return Result<Model>(std::move(other));
        });
        return changed.wait();
    }
};

} // namespace

class TabsTest : public QObject {
    Q_OBJECT
private slots:
    void oneModelNeedsNoTabs()
    {
        WindowFixture fixture;
        QVERIFY(!fixture.tabs().findChild<QTabBar*>()->isVisible());
        fixture.tabs().open(digitsPath());
        QVERIFY(waitForModel(fixture));
        QCOMPARE(fixture.tabs().count(), 1);
        QVERIFY(!fixture.tabs().findChild<QTabBar*>()->isVisible());
        QCOMPARE(fixture.tabs().windowTitle(), fixture.window().windowTitle());
    }

    void eachModelKeepsItsState()
    {
        TwoModels fixture;
        QCOMPARE(fixture.tabs().count(), 2);
        QVERIFY(fixture.bar().isVisible());
        QCOMPARE(fixture.tabs().tabText(0), "digits.onnx");
        QCOMPARE(fixture.tabs().tabText(1), "small.textproto");
        fixture.document().select(Selection::ofNode(0));
        fixture.window().graphPage().view().zoomIn();
        const double zoom = fixture.window().graphPage().view().zoom();

        fixture.window().actions().nextTab->trigger(); // round to the first
        QCOMPARE(fixture.tabs().current(), 0);
        QCOMPARE(fixture.document().path(), digitsPath());
        QVERIFY(fixture.tabs().windowTitle().startsWith("digits.onnx"));
        fixture.window().showPage(Page::Run);
        fixture.window().actions().previousTab->trigger();
        QCOMPARE(fixture.document().selection(), Selection::ofNode(0));
        QCOMPARE(fixture.window().graphPage().view().zoom(), zoom);
        QCOMPARE(fixture.window().page(), Page::Graph);
    }

    void openedAgainIsShown()
    {
        TwoModels fixture;
        fixture.tabs().open(digitsPath());
        QCOMPARE(fixture.tabs().count(), 2);
        QCOMPARE(fixture.tabs().current(), 0);
    }

    void sameNamesShowTheirFolders()
    {
        TwoModels fixture;
        QVERIFY(QDir(fixture.folder()).mkdir("other"));
        fixture.tabs().open(fixture.write("other/small.textproto", text));
        QVERIFY(waitForModel(fixture));
        QCOMPARE(fixture.tabs().tabText(2), "other/small.textproto");
        QCOMPARE(fixture.tabs().tabText(1), QDir(fixture.folder()).dirName() + "/small.textproto");
        QCOMPARE(fixture.tabs().tabText(0), "digits.onnx");
    }

    void brokenFileLeavesNoTab()
    {
        TwoModels fixture;
        fixture.tabs().open(fixture.write("broken.onnx", "no model"));
        QTRY_COMPARE(fixture.tabs().count(), 2);
        QTRY_VERIFY(fixture.window().errorPanel().text().contains("broken.onnx"));
        QVERIFY(fixture.document().model());
    }

    void jobsOfTwoModelsLeaveEachOther()
    {
        WindowFixture fixture;
        fixture.tabs().open(digitsPath());
        fixture.tabs().open(fixture.write("small.textproto", text)); // while the first one is opening
        QTRY_VERIFY(fixture.tabs().document(0).types());
        QTRY_VERIFY(fixture.tabs().document(1).types());
        QCOMPARE(fixture.tabs().document(0).path(), digitsPath());
    }

    void closes()
    {
        TwoModels fixture;
        fixture.window().actions().close->trigger();
        QCOMPARE(fixture.tabs().count(), 1);
        QCOMPARE(fixture.document().path(), digitsPath());
        QTest::qWait(0); // the closed one is gone now
        QVERIFY(!fixture.bar().isVisible());
        fixture.window().actions().close->trigger();
        QCOMPARE(fixture.tabs().count(), 1); // the start page
        QVERIFY(!fixture.document().model());
    }

    void movedTabsStayWithTheirModels()
    {
        TwoModels fixture;
        fixture.bar().moveTab(1, 0);
        QCOMPARE(fixture.tabs().document(0).path(), fixture.folder() + "/small.textproto");
        QCOMPARE(fixture.tabs().tabText(0), "small.textproto");
        fixture.tabs().setCurrent(1);
        QCOMPARE(fixture.document().path(), digitsPath());
    }

    // Each changed model is asked about when the window closes.
    void changesAreAskedFor()
    {
        TwoModels fixture;
        QVERIFY(fixture.change());
        QVERIFY(fixture.tabs().tabText(1).startsWith(QStringLiteral("●")));
        fixture.tabs().setCurrent(0);
        QVERIFY(fixture.change());
        const auto answer = [&](QMessageBox::StandardButton button) {
            for (QMessageBox* box : fixture.tabs().findChildren<QMessageBox*>()) {
                if (box->isVisible()) {
                    box->button(button)->click();
                    return true;
                }
            }
            return false;
        };
        fixture.tabs().close();
        QVERIFY(answer(QMessageBox::Discard));
        QCOMPARE(fixture.tabs().current(), 1);
        QVERIFY(answer(QMessageBox::Cancel));
        QVERIFY(fixture.tabs().isVisible());
        QVERIFY(!fixture.tabs().document(0).edits().isClean()); // nothing was thrown away
        fixture.tabs().close();
        QVERIFY(answer(QMessageBox::Discard)); // asked again
        QVERIFY(answer(QMessageBox::Discard));
        QTRY_VERIFY(!fixture.tabs().isVisible());
    }
};

std::unique_ptr<QObject> createTabsTest() { return std::make_unique<TabsTest>(); }

} // namespace lapidary

#include "tabs_test.moc"
