// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with files beyond opening them: reload, export, print, the session.
#include "ui/document/reloader.h"
#include "ui/errors/error_panel.h"
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

namespace lapidary {

namespace {
constexpr int noticeMs = 6000;
}

void MainWindow::connectFileActions()
{
    connect(m_actions->reload, &QAction::triggered, m_reloader, &Reloader::reload);
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

void MainWindow::saveSession() const
{
    writeSetting(settings::sessionFile, m_document.path());
    writeSetting(settings::sessionPage, static_cast<int>(m_page));
}

void MainWindow::restoreSession()
{
    const QString path = readSetting(settings::sessionFile);
    if (!readSetting(settings::restoreSession) || !QFileInfo(path).isFile())
        return;
    m_page = static_cast<Page>(std::clamp(readSetting(settings::sessionPage), 0, 3));
    openPath(path);
}

} // namespace lapidary
