// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with files beyond opening them: reload, export, print, the session.
#include "ui/document/reloader.h"
#include "ui/edit/model_editing.h"
#include "ui/errors/error_panel.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/graph_page.h"
#include "ui/settings/settings.h"
#include "ui/window/graph_export.h"
#include "ui/window/main_window.h"
#include "ui/window/reload_bar.h"
#include "ui/window/window_actions.h"
#include "viewers/graph/graph_view.h"

#include <QDir>
#include <QFileInfo>
#include <QStatusBar>
#include <QUndoStack>

namespace lapidary {

namespace {
constexpr int noticeMs = 6000;
}

void MainWindow::connectFileActions()
{
    const auto reload = [this] { m_editing->whenSaved([this] { m_reloader->reload(); }); };
    connect(m_actions->reload, &QAction::triggered, this, reload);
    connect(m_reloadBar, &ReloadBar::reloadRequested, this, reload);
    connect(m_actions->reloadChanged, &QAction::toggled, this, [this](bool on) {
        writeSetting(settings::reloadChanged, on);
        m_reloader->setAutomatic(on);
    });
    connect(m_reloadBar, &ReloadBar::alwaysRequested, m_actions->reloadChanged,
            [this] { m_actions->reloadChanged->setChecked(true); });
    connect(m_actions->restoreSession, &QAction::toggled, this,
            [](bool on) { writeSetting(settings::restoreSession, on); });

    m_export = new GraphExport(m_document, m_graphPage->view(), this);
    connect(m_actions->exportGraph, &QAction::triggered, m_export, &GraphExport::chooseAndSave);
    connect(m_actions->print, &QAction::triggered, m_export, &GraphExport::choosePrinter);
    connect(m_actions->copy, &QAction::triggered, m_export, &GraphExport::copySelection);
    connect(m_export, &GraphExport::failed, m_errors, &ErrorPanel::showError);
    connect(m_export, &GraphExport::saved, this, [this](const QString& path) {
        statusBar()->showMessage(tr("Saved %1").arg(QDir::toNativeSeparators(path)), noticeMs);
    });
    connect(m_export, &GraphExport::printed, this,
            [this] { statusBar()->showMessage(tr("Sent to the printer"), noticeMs); });

    // In the page's menu too; the key of copying works there only.
    m_graphPage->addActions({m_actions->copy, m_actions->exportGraph});
}

void MainWindow::connectEditActions()
{
    const std::pair<QAction*, void (ModelEditing::*)()> commands[] = {
        {m_actions->save, &ModelEditing::save},
        {m_actions->saveAs, &ModelEditing::saveAs},
        {m_actions->rename, &ModelEditing::rename},
        {m_actions->sizes, &ModelEditing::changeSizes},
        {m_actions->properties, &ModelEditing::changeProperties},
        {m_actions->extract, &ModelEditing::extract},
        {m_actions->removeIdentities, &ModelEditing::removeIdentities}};
    for (const auto& [action, command] : commands)
        connect(action, &QAction::triggered, m_editing, command);
    connect(m_actions->showChanges, &QAction::triggered, this, [this] {
        showPage(Page::Compare);
        comparePage().compareWith(m_document.path());
    });
    connect(m_editing, &ModelEditing::failed, m_errors, &ErrorPanel::showError);
    connect(m_editing, &ModelEditing::said, this,
            [this](const QString& text) { statusBar()->showMessage(text, noticeMs); });

    QUndoStack& edits = m_document.edits();
    connect(m_actions->undo, &QAction::triggered, &edits, &QUndoStack::undo);
    connect(m_actions->redo, &QAction::triggered, &edits, &QUndoStack::redo);
    connect(&edits, &QUndoStack::indexChanged, this, &MainWindow::updateUndo);
    connect(&edits, &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
    connect(&m_document, &ModelDocument::saved, this, [this](const QString& path) {
        addRecentFile(path);
        updateTitle();
        updateUndo();
        statusBar()->showMessage(tr("Saved %1").arg(QDir::toNativeSeparators(path)), noticeMs);
    });
    m_graphPage->addActions({m_actions->rename, m_actions->extract});
    updateUndo();
}

void MainWindow::updateUndo()
{
    const QUndoStack& edits = m_document.edits();
    m_actions->undo->setEnabled(edits.canUndo());
    m_actions->redo->setEnabled(edits.canRedo());
    m_actions->undo->setText(edits.canUndo() ? tr("&Undo: %1").arg(edits.undoText()) : tr("&Undo"));
    m_actions->redo->setText(edits.canRedo() ? tr("&Redo: %1").arg(edits.redoText()) : tr("&Redo"));
    m_actions->save->setEnabled(!edits.isClean());
    m_actions->showChanges->setEnabled(!edits.isClean());
}

} // namespace lapidary
