// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/model_editing.h"

#include "engine/edit/remove_identities.h"
#include "ui/edit/extract_dialog.h"
#include "ui/edit/properties_dialog.h"
#include "ui/edit/rename_dialog.h"
#include "ui/edit/save_dialog.h"
#include "ui/edit/sizes_dialog.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QUndoStack>

namespace lapidary {

ModelEditing::ModelEditing(ModelDocument& document, QWidget* window)
    : QObject(window), m_document(document), m_window(window)
{
    connect(&document, &ModelDocument::modelChanged, this, [this](bool again) {
        if (!again)
            m_afterSaving = {};
        // Opened from there, that file is not changed any more.
        const auto model = m_document.model();
        if (!again || (model && QString::fromStdString(model->path.string()) == m_savedPath))
            m_savedPath.clear();
    });
    connect(&document, &ModelDocument::saved, this, [this](const QString& path) {
        m_savedPath = path;
        if (const auto goOn = std::exchange(m_afterSaving, {}))
            whenSaved(goOn); // asks again when there is something newer
    });
    connect(&document, &ModelDocument::saveFailed, this, [this](const QString& path, const Error& error) {
        m_afterSaving = {};
        emit failed(QFileInfo(path).fileName(), error);
    });
}

bool ModelEditing::canRename() const
{
    const Selection::Kind kind = m_document.selection().kind;
    return m_document.model() && (kind == Selection::Kind::Node || kind == Selection::Kind::Value);
}

void ModelEditing::rename()
{
    if (canRename())
        (new RenameDialog(m_document, m_window))->open();
}

void ModelEditing::changeSizes()
{
    if (!m_document.model())
        return;
    auto* dialog = new SizesDialog(m_document, m_window);
    connect(dialog, &EditDialog::said, this, &ModelEditing::said);
    dialog->open();
}

void ModelEditing::changeProperties()
{
    if (m_document.model())
        (new PropertiesDialog(m_document, m_window))->open();
}

void ModelEditing::extract()
{
    if (m_document.model())
        (new ExtractDialog(m_document, m_window))->show();
}

void ModelEditing::removeIdentities()
{
    const auto removed = std::make_shared<int64_t>(-1); // not done
    m_document.edit(
        tr("Remove identities"),
        [removed](const Model& model, JobContext&) -> Result<Model> {
            WithoutIdentities without = lapidary::removeIdentities(model);
            *removed = without.removed;
            if (without.removed == 0)
                return cancelled(); // nothing to undo
            return std::move(without.model);
        },
        [this, removed](const Status&) {
            if (*removed >= 0)
                emit said(*removed == 0 ? tr("There is no Identity, and no inactive Dropout, to remove.")
                                        : tr("Removed %n node(s) that pass on what they get.", nullptr,
                                             static_cast<int>(*removed)));
        });
}

void ModelEditing::save()
{
    if (m_savedPath.isEmpty())
        saveAs();
    else
        saveTo(m_savedPath, m_storage);
}

void ModelEditing::saveAs()
{
    if (!m_document.model())
        return;
    auto* dialog = new SaveDialog(*m_document.model(), m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { chooseFile(dialog->storage()); });
    connect(dialog, &QDialog::rejected, this, [this] { m_afterSaving = {}; });
    dialog->open();
}

void ModelEditing::chooseFile(WeightStorage storage)
{
    const QFileInfo source(m_savedPath.isEmpty() ? m_document.path() : m_savedPath);
    auto* dialog =
        new QFileDialog(m_window, tr("Save a copy"), source.absolutePath(), tr("ONNX models (*.onnx)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("onnx"));
    // The opened file is never changed, so its name is not offered.
    dialog->selectFile(m_savedPath.isEmpty() ? tr("%1-changed").arg(source.completeBaseName()) + ".onnx"
                                             : source.fileName());
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, storage](const QString& path) { saveTo(path, storage); });
    connect(dialog, &QDialog::rejected, this, [this] { m_afterSaving = {}; });
    dialog->open();
}

void ModelEditing::saveTo(const QString& path, WeightStorage storage)
{
    m_storage = storage;
    m_document.save(path, storage);
}

void ModelEditing::whenSaved(std::function<void()> goOn)
{
    if (m_document.isSaving()) {
        m_afterSaving = std::move(goOn); // the file is not there yet
        emit said(tr("The file is being saved…"));
        return;
    }
    if (m_document.edits().isClean()) {
        goOn();
        return;
    }
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                        tr("%1 was changed and not saved.").arg(QFileInfo(m_document.path()).fileName()),
                        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, m_window);
    box->setInformativeText(tr("The changes are in this window only; the file is as it was."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->button(QMessageBox::Save)->setText(tr("Save a copy…"));
    box->button(QMessageBox::Discard)->setText(tr("Discard the changes"));
    connect(box, &QMessageBox::finished, this, [this, goOn = std::move(goOn)](int button) {
        if (button == QMessageBox::Save) {
            m_afterSaving = goOn;
            save();
        } else if (button == QMessageBox::Discard) {
            goOn();
        }
    });
    box->open();
}

} // namespace lapidary
