// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/deploy/deploy_page.h"
#include "ui/docks/search_panel.h"
#include "ui/document/reloader.h"
#include "ui/edit/model_editing.h"
#include "ui/errors/error_panel.h"
#include "ui/inputs/samples.h"
#include "ui/pages/benchmark_page.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/graph_page.h"
#include "ui/pages/run_page.h"
#include "ui/settings/language.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "ui/window/about.h"
#include "ui/window/page_rail.h"
#include "ui/window/reload_bar.h"
#include "ui/window/sample.h"
#include "ui/window/shortcuts_dialog.h"
#include "ui/window/start_page.h"
#include "ui/window/status_line.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_docks.h"
#include "viewers/graph/graph_view.h"

#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QMimeData>
#include <QStackedWidget>
#include <QToolBar>
#include <QUndoStack>

namespace lapidary {

namespace {

const Setting<QByteArray>& dockSetting(Page page)
{
    switch (page) {
    case Page::Run: return settings::runDocks;
    case Page::Benchmark: return settings::benchmarkDocks;
    case Page::Compare: return settings::compareDocks;
    case Page::Deploy: return settings::deployDocks;
    case Page::Graph: break;
    }
    return settings::graphDocks;
}

// Takes at most one; null when the event carries nothing the window can use.
QString usableDrop(const QMimeData* data)
{
    for (const QUrl& url : data->urls()) {
        const QString path = url.toLocalFile();
        if (!path.isEmpty() && (QFileInfo(path).isFile() || holdsTestData(path)))
            return path;
    }
    return {};
}

} // namespace

MainWindow::MainWindow(ModelDocument& document, JobList& jobs, Deployments& deployments)
    : m_document(document),
      m_opDocs(document.jobs()),
      m_jobs(jobs),
      m_deployments(deployments),
      m_actions(new WindowActions(this)),
      m_menus(new QMenuBar(this)),
      m_reloader(new Reloader(document, this))
{
    setAcceptDrops(true);
    m_actions->buildMenus(*m_menus);
    buildCentre();
    m_docks = new WindowDocks(*this, m_document, m_opDocs, m_jobs);
    m_docks->fillMenu(*m_actions->docksMenu);
    m_status = new StatusLine(m_document, m_jobs, this);
    setStatusBar(m_status);
    m_editing = new ModelEditing(m_document, this);
    connectDocument();
    connectActions();
    connectViewActions();
    connectFileActions();
    connectEditActions();
    connect(&Theme::instance(), &Theme::changed, m_actions, &WindowActions::updateIcons);
    readSettings();
    retranslate();
    modelChanged();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildCentre()
{
    m_rail = new PageRail(this);
    for (const char* icon : {"graph", "run", "benchmark", "compare", "deploy"})
        m_rail->addPage(QLatin1String(icon));
    m_errors = new ErrorPanel(this);
    m_reloadBar = new ReloadBar(*m_reloader, this);
    m_pages = new QStackedWidget(this);
    m_start = new StartPage(this);
    m_graphPage = new GraphPage(m_document, this);
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_graphPage);

    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_errors);
    column->addWidget(m_reloadBar);
    column->addWidget(m_pages, 1);
    column->setContentsMargins(0, 0, 0, 0);
    auto* centre = new QWidget(this);
    centre->setLayout(column);
    setCentralWidget(centre);
    // Docks open between the rail and the page.
    auto* bar = new QToolBar(this);
    bar->setObjectName(QStringLiteral("rail"));
    bar->setMovable(false);
    bar->toggleViewAction()->setVisible(false);
    bar->setContentsMargins(0, 0, 0, 0);
    bar->layout()->setContentsMargins(0, 0, 0, 0);
    bar->layout()->setSpacing(0);
    bar->addWidget(m_rail);
    addToolBar(Qt::LeftToolBarArea, bar);

    connect(m_rail, &PageRail::pageChosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseFile);
    connect(m_start, &StartPage::sampleRequested, this, [this] { openPath(samplePath()); });
    connect(m_start, &StartPage::fileChosen, this, &MainWindow::openPath);
    connect(m_graphPage, &GraphPage::drawn, this, &MainWindow::showZoom);
    connect(&m_graphPage->view(), &GraphView::zoomChanged, this, &MainWindow::showZoom);
}

void MainWindow::connectDocument()
{
    connect(&m_document, &ModelDocument::modelChanged, this, &MainWindow::modelChanged);
    connect(&m_document, &ModelDocument::openStarted, m_errors, &ErrorPanel::dismiss);
    connect(&m_document, &ModelDocument::openFailed, this, [this](const QString& path, const Error& error) {
        if (!m_reloader->triesAgain(path, error))
            m_errors->showError(QFileInfo(path).fileName(), error);
    });
    // A run or benchmark that fails says so on its own page.
    for (auto signal :
         {&ModelDocument::runStarted, &ModelDocument::runFinished, &ModelDocument::benchmarkFinished})
        connect(&m_document, signal, this, &MainWindow::updateEnabled);
    for (auto signal : {&ModelDocument::runFailed, &ModelDocument::benchmarkFailed})
        connect(&m_document, signal, this, &MainWindow::updateEnabled);
    connect(&m_document, &ModelDocument::benchmarkStarted, this, &MainWindow::updateEnabled);
    connect(&m_document, &ModelDocument::selectionChanged, this, &MainWindow::updateEnabled);
}

void MainWindow::connectActions()
{
    connect(m_actions->open, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_actions->recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    connect(m_actions->openSample, &QAction::triggered, this, [this] { openPath(samplePath()); });
    connect(m_actions->run, &QAction::triggered, this, &MainWindow::runCurrentPage);
    connect(m_actions->stop, &QAction::triggered, &m_document, &ModelDocument::cancel);
    connect(m_actions->about, &QAction::triggered, this, [this] { showAboutDialog(this); });
    connect(m_actions->shortcuts, &QAction::triggered, this,
            [this] { (new ShortcutsDialog(m_actions->all(), this))->open(); });

    QList<QAction*> languageActions{m_actions->languageSystem};
    languageActions += m_actions->languages;
    for (QAction* action : languageActions) {
        connect(action, &QAction::triggered, this, [action] {
            writeSetting(settings::language, action->data().toString());
            applyLanguage(action->data().toString());
        });
    }
    const std::pair<QAction*, ThemeChoice> themes[] = {{m_actions->themeSystem, ThemeChoice::System},
                                                       {m_actions->themeLight, ThemeChoice::Light},
                                                       {m_actions->themeDark, ThemeChoice::Dark}};
    for (const auto& [action, choice] : themes) {
        connect(action, &QAction::triggered, this, [choice = choice] {
            writeSetting(settings::theme, static_cast<int>(choice));
            Theme::instance().apply(choice);
        });
    }
}

void MainWindow::connectViewActions()
{
    const std::pair<QAction*, Page> pages[] = {{m_actions->graphPage, Page::Graph},
                                               {m_actions->runPage, Page::Run},
                                               {m_actions->benchmarkPage, Page::Benchmark},
                                               {m_actions->comparePage, Page::Compare},
                                               {m_actions->deployPage, Page::Deploy}};
    for (const auto& [action, page] : pages)
        connect(action, &QAction::triggered, this, [this, page = page] { showPage(page); });
    GraphView* view = &m_graphPage->view();
    connect(m_actions->zoomIn, &QAction::triggered, view, &GraphView::zoomIn);
    connect(m_actions->zoomOut, &QAction::triggered, view, &GraphView::zoomOut);
    connect(m_actions->actualSize, &QAction::triggered, view, &GraphView::actualSize);
    connect(m_actions->fit, &QAction::triggered, view, &GraphView::fit);
    connect(m_actions->revealSelection, &QAction::triggered, view, &GraphView::revealSelection);
    connect(m_actions->selectBack, &QAction::triggered, this, [this] {
        m_document.selectBack();
        m_graphPage->revealSelection();
    });
    connect(m_actions->selectForward, &QAction::triggered, this, [this] {
        m_document.selectForward();
        m_graphPage->revealSelection();
    });
    connect(m_actions->openLevel, &QAction::triggered, view, &GraphView::openLevel);
    connect(m_actions->closeLevel, &QAction::triggered, view, &GraphView::closeLevel);
    connect(m_actions->toggleGroups, &QAction::triggered, view, &GraphView::toggleGroups);
    for (QAction* action : {m_actions->vertical, m_actions->horizontal}) {
        connect(action, &QAction::triggered, this, [this] {
            const bool horizontal = m_actions->horizontal->isChecked();
            writeSetting(settings::horizontalLayout, horizontal);
            m_graphPage->view().setHorizontal(horizontal);
        });
    }
    connect(m_graphPage, &GraphPage::failed, m_errors, &ErrorPanel::showError);
    connect(m_actions->find, &QAction::triggered, this, &MainWindow::find);
    connect(m_actions->findNext, &QAction::triggered, this, [this] { findStep(1); });
    connect(m_actions->findPrevious, &QAction::triggered, this, [this] { findStep(-1); });
    connect(m_docks->searchPanel, &SearchPanel::marksChanged, this,
            [this] { m_graphPage->view().setHits(m_docks->searchPanel->marks()); });
    connect(m_docks->searchPanel, &SearchPanel::leaving, view, [view] { view->setFocus(); });
    connect(m_docks, &WindowDocks::walked, m_graphPage, &GraphPage::revealSelection);
}

RunPage& MainWindow::runPage()
{
    if (!m_runPage) {
        m_runPage = new RunPage(m_document, this);
        m_pages->addWidget(m_runPage);
    }
    return *m_runPage;
}

BenchmarkPage& MainWindow::benchmarkPage()
{
    if (!m_benchmarkPage) {
        m_benchmarkPage = new BenchmarkPage(m_document, this);
        m_pages->addWidget(m_benchmarkPage);
    }
    return *m_benchmarkPage;
}

ComparePage& MainWindow::comparePage()
{
    if (!m_comparePage) {
        m_comparePage = new ComparePage(m_document, this);
        m_pages->addWidget(m_comparePage);
        connect(m_comparePage, &ComparePage::failed, m_errors, &ErrorPanel::showError);
    }
    return *m_comparePage;
}

DeployPage& MainWindow::deployPage()
{
    if (!m_deployPage) {
        m_deployPage = new DeployPage(m_document, m_deployments, this);
        m_pages->addWidget(m_deployPage);
    }
    return *m_deployPage;
}

bool MainWindow::isBusy() const { return m_jobs.isBusy(); }

void MainWindow::showPage(Page page)
{
    if (!m_document.model())
        return;
    if (page != m_page)
        m_docks->save(dockSetting(m_page));
    m_page = page;
    QWidget* shown = m_graphPage;
    if (page == Page::Run)
        shown = &runPage();
    else if (page == Page::Benchmark)
        shown = &benchmarkPage();
    else if (page == Page::Compare)
        shown = &comparePage();
    else if (page == Page::Deploy)
        shown = &deployPage();
    m_pages->setCurrentWidget(shown);
    m_docks->restore(dockSetting(page), page == Page::Graph);
    m_rail->setCurrent(static_cast<int>(page));
    updateEnabled();
    showZoom();
}

void MainWindow::openPath(const QString& path)
{
    if (!holdsTestData(path)) {
        emit openRequested(path);
        return;
    }
    if (!m_document.model()) {
        m_errors->showError(QFileInfo(path).fileName(),
                            makeError(ErrorCode::InvalidArgument,
                                      "This folder holds inputs for a model, but no model is open.",
                                      "Open the model first, then drop the folder again."));
        return;
    }
    showPage(Page::Run);
    runPage().useDataFolder(path);
}

void MainWindow::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Open a model"), readSetting(settings::lastFolder),
                                   ModelDocument::fileFilter());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openPath);
    dialog->open();
}

void MainWindow::fillRecentMenu()
{
    m_actions->recentMenu->clear();
    for (const QString& path : recentFiles()) {
        QAction* action = m_actions->recentMenu->addAction(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, this, [this, path] { openPath(path); });
    }
    if (m_actions->recentMenu->isEmpty())
        m_actions->recentMenu->addAction(tr("No recent models"))->setEnabled(false);
}

void MainWindow::modelChanged()
{
    const bool there = m_document.model() != nullptr;
    if (there) {
        addRecentFile(m_document.path());
        writeSetting(settings::lastFolder, QFileInfo(m_document.path()).absolutePath());
        showPage(m_page);
    } else {
        if (m_pages->currentWidget() != m_start && isVisible())
            m_docks->save(dockSetting(m_page));
        m_pages->setCurrentWidget(m_start);
        m_docks->hideAll();
    }
    m_rail->setPagesEnabled(there);
    updateEnabled();
    updateTitle();
    showZoom();
}

// There is nothing to zoom while the graph is laid out.
void MainWindow::showZoom()
{
    const bool there = m_document.model() && m_page == Page::Graph && m_graphPage->isDrawn();
    m_status->setZoom(there ? std::optional(m_graphPage->view().zoom()) : std::nullopt);
}

void MainWindow::runCurrentPage()
{
    if (m_page == Page::Benchmark) {
        benchmarkPage().start();
        return;
    }
    showPage(Page::Run);
    runPage().run();
}

void MainWindow::find()
{
    if (m_page != Page::Graph)
        showPage(Page::Graph);
    m_docks->search->show();
    m_docks->search->raise();
    m_docks->searchPanel->focusField();
}

void MainWindow::findStep(int direction)
{
    if (m_page != Page::Graph || !m_docks->search->isVisible())
        find();
    m_docks->searchPanel->step(direction);
}

void MainWindow::updateEnabled()
{
    const bool there = m_document.model() != nullptr;
    const bool working = m_document.isRunning() || m_document.isBenchmarking();
    const bool graph = there && m_page == Page::Graph;
    for (QAction* action : {m_actions->reload, m_actions->close, m_actions->graphPage, m_actions->runPage,
                            m_actions->benchmarkPage, m_actions->comparePage, m_actions->deployPage,
                            m_actions->find, m_actions->findNext, m_actions->findPrevious})
        action->setEnabled(there);
    for (QAction* action :
         {m_actions->zoomIn, m_actions->zoomOut, m_actions->actualSize, m_actions->fit, m_actions->openLevel,
          m_actions->closeLevel, m_actions->toggleGroups, m_actions->exportGraph, m_actions->print})
        action->setEnabled(graph);
    for (QAction* action : {m_actions->revealSelection, m_actions->copy})
        action->setEnabled(graph && m_document.selection().kind != Selection::Kind::None);
    m_actions->selectBack->setEnabled(graph && m_document.canSelectBack());
    m_actions->selectForward->setEnabled(graph && m_document.canSelectForward());
    for (QAction* action : {m_actions->saveAs, m_actions->sizes, m_actions->properties, m_actions->extract,
                            m_actions->removeIdentities})
        action->setEnabled(there);
    m_actions->rename->setEnabled(graph && m_editing->canRename());
    m_actions->run->setEnabled(there && !working);
    m_actions->stop->setEnabled(working);
    m_actions->openSample->setVisible(!samplePath().isEmpty());
    m_actions->docksMenu->setEnabled(there);
    QAction* const pages[] = {m_actions->graphPage, m_actions->runPage, m_actions->benchmarkPage,
                              m_actions->comparePage, m_actions->deployPage};
    pages[static_cast<int>(m_page)]->setChecked(true);
}

void MainWindow::updateTitle()
{
    const QString file = QFileInfo(m_document.path()).fileName();
    setWindowTitle(file.isEmpty() ? QStringLiteral("Lapidary")
                                  : tr("%1[*] – Lapidary", "window title").arg(file));
    setWindowModified(!m_document.edits().isClean());
    emit titleChanged();
}

void MainWindow::retranslate()
{
    m_actions->retranslate();
    m_docks->retranslate();
    m_rail->setPageName(0, tr("Graph"), tr("The model as a graph (Ctrl+1)"));
    m_rail->setPageName(1, tr("Run"), tr("Feed the model and see what it says (Ctrl+2)"));
    m_rail->setPageName(2, tr("Benchmark"), tr("Time the model (Ctrl+3)"));
    m_rail->setPageName(3, tr("Compare"), tr("See what is different in another model (Ctrl+4)"));
    m_rail->setPageName(4, tr("Deploy"), tr("Put the model behind an address (Ctrl+5)"));
    updateTitle();
    updateUndo();
}

void MainWindow::readSettings()
{
    (readSetting(settings::horizontalLayout) ? m_actions->horizontal : m_actions->vertical)->setChecked(true);
    QAction* const themes[] = {m_actions->themeSystem, m_actions->themeLight, m_actions->themeDark};
    themes[std::clamp(readSetting(settings::theme), 0, 2)]->setChecked(true);
    m_actions->reloadChanged->setChecked(readSetting(settings::reloadChanged));
    m_actions->restoreSession->setChecked(readSetting(settings::restoreSession));
    const QString language = readSetting(settings::language);
    m_actions->languageSystem->setChecked(true);
    for (QAction* action : m_actions->languages) {
        if (action->data().toString() == language)
            action->setChecked(true);
    }
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::enter()
{
    // Another window may have changed them.
    readSettings();
    m_graphPage->view().setHorizontal(readSetting(settings::horizontalLayout));
    if (m_document.model())
        m_docks->restore(dockSetting(m_page), m_page == Page::Graph);
}

void MainWindow::leave()
{
    if (!m_document.model())
        return;
    m_docks->save(dockSetting(m_page));
    m_docks->hideFloating();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!usableDrop(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QString path = usableDrop(event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    openPath(path);
}

} // namespace lapidary
