// SPDX-License-Identifier: GPL-3.0-or-later
// Changing the model in the window: dialogs, undo, save, and that nothing is lost by accident.
#include "engine/onnx/reader.h"
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/document/reloader.h"
#include "ui/edit/extract_dialog.h"
#include "ui/edit/model_editing.h"
#include "ui/edit/properties_dialog.h"
#include "ui/edit/rename_dialog.h"
#include "ui/edit/save_dialog.h"
#include "ui/edit/sizes_dialog.h"
#include "ui/errors/error_panel.h"
#include "ui/inputs/run_inputs.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/graph_page.h"
#include "ui/window/window_actions.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QUndoStack>

namespace lapidary {

namespace {

const QByteArray text = R"(ir_version: 8
opset_import { version: 17 }
graph {
  name: "net"
  node { name: "first" op_type: "Relu" input: "x" output: "a" }
  node { name: "same" op_type: "Identity" input: "a" output: "b" }
  node { name: "last" op_type: "Add" input: "b" input: "b" output: "y" }
  input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_value: 1 } dim { dim_value: 4 } } } } }
  output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_value: 1 } dim { dim_value: 4 } } } } }
}
)";

// A window with that model.
class Editing : public WindowFixture {
public:
    Editing() : path(write("net.textproto", text))
    {
        document().open(path);
        if (!QTest::qWaitFor([this] { return document().model() && !window().isBusy(); }))
            qFatal("the model does not open");
    }

    const Graph& graph() { return document().model()->graph; }
    WindowActions& actions() { return window().actions(); }

    template <typename Dialog>
    Dialog* dialog(QAction* action)
    {
        action->trigger();
        for (Dialog* open : window().template findChildren<Dialog*>()) {
            if (open->isVisible())
                return open;
        }
        return static_cast<Dialog*>(nullptr);
    }

    // Presses the dialog's button and waits for the edit.
    bool apply(EditDialog* dialog)
    {
        QSignalSpy changed(&document(), &ModelDocument::modelChanged);
        QTest::mouseClick(dialog->button, Qt::LeftButton);
        return changed.count() > 0 || changed.wait();
    }

    bool rename(const char* before, const QString& after)
    {
        document().select(Selection::ofValue(graph().findValue(before)));
        auto* renaming = dialog<RenameDialog>(actions().rename);
        renaming->name->setText(after);
        return apply(renaming);
    }

    const QString path;
};

bool isClosed(QWidget* window)
{
    return QTest::qWaitFor([window] { return !window->isVisible(); });
}

} // namespace

class EditingTest : public QObject {
    Q_OBJECT
private slots:
    void renameAndUndo()
    {
        Editing fixture;
        ModelDocument& document = fixture.document();
        const auto original = document.model();
        QVERIFY(!fixture.actions().rename->isEnabled());
        QVERIFY(fixture.rename("a", "hidden"));
        QCOMPARE(fixture.graph().value(fixture.graph().node(0).outputs[0]).name, "hidden");
        QVERIFY(fixture.window().isWindowModified());
        QCOMPARE(document.selection(), Selection::ofValue(fixture.graph().findValue("hidden")));
        QVERIFY(fixture.window().graphPage().isDrawn() ||
                QTest::qWaitFor([&] { return fixture.window().graphPage().isDrawn(); }));

        QVERIFY(fixture.actions().undo->text().contains("hidden"));
        fixture.actions().undo->trigger();
        QCOMPARE(document.model(), original);
        QVERIFY(!fixture.window().isWindowModified());
        QVERIFY(!fixture.actions().undo->isEnabled());
        fixture.actions().redo->trigger();
        QVERIFY(fixture.graph().findValue("hidden") != noValue);
    }

    void refusedRename()
    {
        Editing fixture;
        fixture.document().select(Selection::ofNode(0));
        auto* dialog = fixture.dialog<RenameDialog>(fixture.actions().rename);
        QCOMPARE(dialog->name->text(), "first");
        dialog->name->setText("last");
        QTest::mouseClick(dialog->button, Qt::LeftButton);
        QTRY_VERIFY(dialog->errorText().contains("last"));
        QVERIFY(dialog->isVisible()); // to try another one
        QVERIFY(fixture.document().edits().isClean());
        dialog->name->setText("better");
        QVERIFY(fixture.apply(dialog));
        QVERIFY(isClosed(dialog));
        QCOMPARE(fixture.graph().node(0).name, "better");
    }

    void batch()
    {
        Editing fixture;
        auto* dialog = fixture.dialog<SizesDialog>(fixture.actions().sizes);
        QCOMPARE(dialog->batch->text(), "1");
        dialog->batch->clear();
        QTest::keyClicks(dialog->batch, "N");
        QCOMPARE(dialog->fields()[0].edit->text(), "N");
        QVERIFY(fixture.apply(dialog));
        for (const char* name : {"x", "y"}) {
            const ValueId id = fixture.graph().findValue(name);
            QCOMPARE(toString(fixture.graph().value(id).type), "float32[N×4]");
        }
    }

    void storedSizesAreSaid()
    {
        WindowFixture fixture;
        fixture.document().open(fixture.write("flat.textproto", R"(ir_version: 8
opset_import { version: 17 }
graph {
  node { name: "flat" op_type: "Reshape" input: "x" input: "shape" output: "y" }
  initializer { name: "shape" dims: 2 data_type: 7 int64_data: 1 int64_data: -1 }
  input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_value: 1 } dim { dim_value: 4 } } } } }
  output { name: "y" }
}
)"));
        QTRY_VERIFY(fixture.document().model());
        QSignalSpy said(&fixture.window().editing(), &ModelEditing::said);
        fixture.window().actions().sizes->trigger();
        auto* dialog = fixture.window().findChild<SizesDialog*>();
        dialog->batch->clear();
        QTest::keyClicks(dialog->batch, "8");
        QTest::mouseClick(dialog->button, Qt::LeftButton);
        QVERIFY(said.wait());
        QVERIFY(said.first().first().toString().contains("1 Reshape"));
    }

    void properties()
    {
        Editing fixture;
        auto* dialog = fixture.dialog<PropertiesDialog>(fixture.actions().properties);
        QCOMPARE(dialog->graphName->text(), "net");
        dialog->description->setPlainText("doubles");
        dialog->addEntry();
        dialog->metadata->item(0, 0)->setText("author");
        dialog->metadata->item(0, 1)->setText("me");
        QVERIFY(fixture.apply(dialog));
        QCOMPARE(fixture.document().model()->doc, "doubles");
        QCOMPARE(fixture.document().model()->metadataValue("author"), "me");
    }

    void extractSelection()
    {
        Editing fixture;
        fixture.document().select(Selection::ofNode(0));
        auto* dialog = fixture.dialog<ExtractDialog>(fixture.actions().extract);
        QCOMPARE(dialog->from().list->item(0)->text(), "x");
        QCOMPARE(dialog->to().list->item(0)->text(), "a");
        // Picked in the graph while the dialog is open.
        fixture.document().select(Selection::ofNode(1));
        QTest::mouseClick(dialog->to().add, Qt::LeftButton);
        QVERIFY2(dialog->countText().startsWith("2 "), qPrintable(dialog->countText()));
        QVERIFY(fixture.apply(dialog));
        QCOMPARE(fixture.graph().nodes.size(), size_t(2));
        QCOMPARE(fixture.graph().outputs.size(), size_t(2));
        fixture.actions().undo->trigger();
        QCOMPARE(fixture.graph().nodes.size(), size_t(3));
    }

    // What the dialog says is of the model that it was opened for.
    void dialogOfAnotherModel()
    {
        Editing fixture;
        fixture.document().select(Selection::ofNode(2));
        const QPointer<ExtractDialog> dialog = fixture.dialog<ExtractDialog>(fixture.actions().extract);
        const QString text = dialog->countText();
        QVERIFY(fixture.apply(dialog)); // the new model has fewer values
        QVERIFY(!dialog || (!dialog->isVisible() && dialog->countText() == text));
        QCOMPARE(fixture.graph().nodes.size(), size_t(1));
    }

    void identities()
    {
        Editing fixture;
        QSignalSpy said(&fixture.window().editing(), &ModelEditing::said);
        fixture.actions().removeIdentities->trigger();
        QVERIFY(said.wait());
        QCOMPARE(fixture.graph().nodes.size(), size_t(2));
        fixture.actions().removeIdentities->trigger();
        QVERIFY(said.wait());
        QCOMPARE(fixture.document().edits().count(), 1); // nothing more to undo
    }

    void save()
    {
        Editing fixture;
        QVERIFY(fixture.rename("a", "hidden"));
        const QString target = fixture.folder() + "/saved.onnx";
        QSignalSpy saved(&fixture.document(), &ModelDocument::saved);
        fixture.document().save(target, WeightStorage::Inside);
        QVERIFY(saved.wait());
        QCOMPARE(fixture.document().path(), target);
        QVERIFY(!fixture.window().isWindowModified());
        QVERIFY(fixture.window().windowTitle().startsWith("saved.onnx"));
        QVERIFY(!fixture.window().reloader().isOffered());
        JobContext job;
        const auto loaded = loadModel(target.toStdString(), job);
        QVERIFY(loaded.ok());
        QVERIFY((*loaded)->graph.findValue("hidden") != noValue);

        // Once more, without a question.
        QVERIFY(fixture.rename("hidden", "again"));
        QVERIFY(fixture.actions().save->isEnabled());
        fixture.actions().save->trigger();
        QVERIFY(saved.wait());
        QVERIFY((*loadModel(target.toStdString(), job))->graph.findValue("again") != noValue);
        QTest::qWait(50);
        QVERIFY(!fixture.window().reloader().isOffered()); // our own writing is no news

        // Never over the opened file.
        QSignalSpy failed(&fixture.document(), &ModelDocument::saveFailed);
        fixture.document().save(fixture.path, WeightStorage::Inside);
        QVERIFY(failed.wait());
        QVERIFY(fixture.window().errorPanel().text().contains("net.textproto"));
        QFile source(fixture.path);
        QVERIFY(source.open(QIODevice::ReadOnly));
        QCOMPARE(source.readAll(), text);
    }

    // A copy that is being written when the window closes is written to its end.
    void closesAfterSaving()
    {
        Editing fixture;
        const QString target = fixture.folder() + "/copy.onnx";
        fixture.document().save(target, WeightStorage::Inside);
        QVERIFY(fixture.document().isSaving());
        fixture.tabs().close();
        QVERIFY(fixture.tabs().isVisible()); // not yet
        QTRY_VERIFY(!fixture.tabs().isVisible());
        QVERIFY(QFileInfo::exists(target));
    }

    void saveAsAsksForWeights()
    {
        Editing fixture;
        auto* dialog = fixture.dialog<SaveDialog>(fixture.actions().saveAs);
        QVERIFY(dialog);
        QCOMPARE(dialog->storage(), WeightStorage::Inside);
        dialog->accept();
        auto* files = fixture.window().findChild<QFileDialog*>();
        QVERIFY(files);
        QVERIFY(!files->selectedFiles().first().endsWith("/net.onnx"));
        files->reject();
    }

    // What was chosen to run with stays when the model asks for the same.
    void inputsStay()
    {
        Editing fixture;
        RunInputs& inputs = RunInputs::of(fixture.document());
        InputChoice choice = inputs.choice(0);
        choice.source = InputSource::Constant;
        inputs.setChoice(0, choice);
        QVERIFY(fixture.rename("a", "hidden"));
        QCOMPARE(inputs.choice(0).source, InputSource::Constant);
        QVERIFY(fixture.rename("x", "pixels")); // another input
        QCOMPARE(QString::fromStdString(inputs.specs()[0].name), "pixels");
    }

    void nothingIsLost()
    {
        Editing fixture;
        QVERIFY(fixture.rename("a", "hidden"));
        const auto ask = [&](const std::function<void()>& act, QMessageBox::StandardButton answer) {
            act();
            auto* box = fixture.window().findChild<QMessageBox*>();
            if (!box)
                return false;
            box->button(answer)->click();
            return isClosed(box);
        };
        QVERIFY(ask([&] { fixture.tabs().close(); }, QMessageBox::Cancel));
        QVERIFY(fixture.tabs().isVisible());
        QTest::qWait(0);
        QVERIFY(ask([&] { fixture.actions().close->trigger(); }, QMessageBox::Cancel));
        QVERIFY(fixture.document().model());
        QTest::qWait(0);
        QVERIFY(ask([&] { fixture.actions().reload->trigger(); }, QMessageBox::Discard));
        QTRY_VERIFY(fixture.graph().findValue("hidden") == noValue);
        QVERIFY(!fixture.window().isWindowModified());
        QVERIFY(fixture.tabs().close()); // without a question
    }

    void compareWithFile()
    {
        Editing fixture;
        QVERIFY(!fixture.actions().showChanges->isEnabled());
        fixture.actions().removeIdentities->trigger();
        QTRY_VERIFY(fixture.actions().showChanges->isEnabled());
        fixture.actions().showChanges->trigger();
        QTRY_VERIFY(fixture.window().comparePage().comparison());
        QCOMPARE(fixture.window().comparePage().comparison()->diff.removed, int64_t(1));
    }
};

std::unique_ptr<QObject> createEditingTest() { return std::make_unique<EditingTest>(); }

} // namespace lapidary

#include "edit_test.moc"
