// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_actions.h"

#include "ui/settings/language.h"
#include "ui/theme/theme.h"

#include <QMenuBar>

namespace lapidary {

WindowActions::WindowActions(QObject* parent) : QObject(parent)
{
    open = add(QKeySequence::Open);
    openSample = add();
    save = add(QKeySequence::Save);
    saveAs = add(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    reload = add(Qt::CTRL | Qt::SHIFT | Qt::Key_R);
    exportGraph = add(Qt::CTRL | Qt::Key_E);
    print = add(QKeySequence::Print);
    close = add(QKeySequence::Close);
    nextTab = add(Qt::CTRL | Qt::Key_Tab);
    previousTab = add(Qt::CTRL | Qt::SHIFT | Qt::Key_Tab);
    quit = add(QKeySequence::Quit);
    quit->setMenuRole(QAction::QuitRole);
    undo = add(QKeySequence::Undo);
    redo = add(QKeySequence::Redo);
    copy = add(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    rename = add(Qt::Key_F2);
    sizes = add();
    properties = add();
    extract = add();
    removeIdentities = add();
    showChanges = add();

    graphPage = add(Qt::CTRL | Qt::Key_1);
    runPage = add(Qt::CTRL | Qt::Key_2);
    benchmarkPage = add(Qt::CTRL | Qt::Key_3);
    comparePage = add(Qt::CTRL | Qt::Key_4);
    deployPage = add(Qt::CTRL | Qt::Key_5);
    group({graphPage, runPage, benchmarkPage, comparePage, deployPage});
    zoomIn = add(QKeySequence::ZoomIn);
    zoomIn->setShortcuts({QKeySequence(QKeySequence::ZoomIn), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    zoomOut = add(QKeySequence::ZoomOut);
    actualSize = add(Qt::CTRL | Qt::Key_0);
    fit = add(Qt::CTRL | Qt::Key_9);
    revealSelection = add(Qt::CTRL | Qt::Key_J);
    selectBack = add(QKeySequence::Back);
    selectForward = add(QKeySequence::Forward);
    openLevel = add(Qt::CTRL | Qt::Key_BracketRight);
    closeLevel = add(Qt::CTRL | Qt::Key_BracketLeft);
    toggleGroups = add(Qt::CTRL | Qt::Key_G);
    find = add(QKeySequence::Find);
    findNext = add(Qt::Key_F3);
    findPrevious = add(Qt::SHIFT | Qt::Key_F3);
    vertical = add();
    horizontal = add();
    group({vertical, horizontal});
    themeSystem = add();
    themeLight = add();
    themeDark = add();
    group({themeSystem, themeLight, themeDark});

    run = add(Qt::CTRL | Qt::Key_R);
    run->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_R), QKeySequence(Qt::Key_F5)});
    stop = add(Qt::CTRL | Qt::Key_Period);

    reloadChanged = add();
    restoreSession = add();
    for (QAction* action : {reloadChanged, restoreSession})
        action->setCheckable(true);
    languageSystem = add();
    languageSystem->setData(QString());
    auto* languageGroup = group({languageSystem});
    for (const Language& language : ::lapidary::languages()) {
        QAction* action = add();
        action->setText(QString::fromUtf8(language.name));
        action->setData(QString::fromLatin1(language.code));
        action->setCheckable(true);
        languageGroup->addAction(action);
        languages << action;
    }
    shortcuts = add(QKeySequence::HelpContents);
    about = add();
    about->setMenuRole(QAction::AboutRole);
}

QAction* WindowActions::add(const QKeySequence& key)
{
    auto* action = new QAction(this);
    action->setShortcut(key);
    m_all << action;
    return action;
}

QActionGroup* WindowActions::group(std::initializer_list<QAction*> actions)
{
    auto* created = new QActionGroup(this);
    for (QAction* action : actions) {
        action->setCheckable(true);
        created->addAction(action);
    }
    return created;
}

QList<QAction*> WindowActions::all() const { return m_all; }

void WindowActions::buildMenus(QMenuBar& bar)
{
    m_fileMenu = bar.addMenu(QString());
    m_fileMenu->addAction(open);
    recentMenu = m_fileMenu->addMenu(QString());
    m_fileMenu->addActions({openSample});
    m_fileMenu->addSeparator();
    m_fileMenu->addActions({save, saveAs});
    m_fileMenu->addSeparator();
    m_fileMenu->addActions({exportGraph, print});
    m_fileMenu->addSeparator();
    m_fileMenu->addActions({reload, close});
    m_fileMenu->addSeparator();
    m_fileMenu->addAction(quit);

    m_editMenu = bar.addMenu(QString());
    m_editMenu->addActions({undo, redo});
    m_editMenu->addSeparator();
    m_editMenu->addActions({copy, rename});
    m_editMenu->addSeparator();
    m_editMenu->addActions({sizes, properties});
    m_editMenu->addSeparator();
    m_editMenu->addActions({extract, removeIdentities});
    m_editMenu->addSeparator();
    m_editMenu->addAction(showChanges);

    m_viewMenu = bar.addMenu(QString());
    m_viewMenu->addActions({graphPage, runPage, benchmarkPage, comparePage, deployPage});
    m_viewMenu->addSeparator();
    m_viewMenu->addActions({zoomIn, zoomOut, actualSize, fit});
    m_viewMenu->addSeparator();
    m_viewMenu->addActions({revealSelection, selectBack, selectForward});
    m_viewMenu->addSeparator();
    m_viewMenu->addActions({find, findNext, findPrevious});
    m_viewMenu->addSeparator();
    m_groupsMenu = m_viewMenu->addMenu(QString());
    m_groupsMenu->addActions({toggleGroups, openLevel, closeLevel});
    m_layoutMenu = m_viewMenu->addMenu(QString());
    m_layoutMenu->addActions({vertical, horizontal});
    m_viewMenu->addSeparator();
    m_viewMenu->addActions({nextTab, previousTab});
    m_viewMenu->addSeparator();
    docksMenu = m_viewMenu->addMenu(QString());
    m_themeMenu = m_viewMenu->addMenu(QString());
    m_themeMenu->addActions({themeSystem, themeLight, themeDark});

    m_runMenu = bar.addMenu(QString());
    m_runMenu->addActions({run, stop});

    m_settingsMenu = bar.addMenu(QString());
    m_settingsMenu->addActions({reloadChanged, restoreSession});
    m_settingsMenu->addSeparator();
    m_languageMenu = m_settingsMenu->addMenu(QString());
    m_languageMenu->addAction(languageSystem);
    m_languageMenu->addActions(languages);

    m_helpMenu = bar.addMenu(QString());
    m_helpMenu->addActions({shortcuts, about});
    retranslate();
    updateIcons();
}

void WindowActions::retranslate()
{
    m_fileMenu->setTitle(tr("&File"));
    m_editMenu->setTitle(tr("&Edit"));
    m_viewMenu->setTitle(tr("&View"));
    m_runMenu->setTitle(tr("&Run"));
    m_settingsMenu->setTitle(tr("&Settings"));
    m_helpMenu->setTitle(tr("&Help"));
    recentMenu->setTitle(tr("Open &recent"));
    docksMenu->setTitle(tr("&Panels"));
    m_groupsMenu->setTitle(tr("&Groups"));
    m_layoutMenu->setTitle(tr("&Direction"));
    m_themeMenu->setTitle(tr("&Theme"));
    m_languageMenu->setTitle(tr("&Language"));

    open->setText(tr("&Open…"));
    openSample->setText(tr("Open &sample"));
    save->setText(tr("&Save"));
    saveAs->setText(tr("Save &as…"));
    reload->setText(tr("Re&load"));
    exportGraph->setText(tr("&Export graph…"));
    print->setText(tr("&Print…"));
    undo->setText(tr("&Undo"));
    redo->setText(tr("&Redo"));
    copy->setText(tr("&Copy as text"));
    rename->setText(tr("Rena&me…"));
    sizes->setText(tr("&Sizes of inputs…"));
    properties->setText(tr("&Properties of the model…"));
    extract->setText(tr("&Extract a part…"));
    removeIdentities->setText(tr("Remove &identities"));
    showChanges->setText(tr("Com&pare with the file"));
    reloadChanged->setText(tr("&Reload a changed file by itself"));
    restoreSession->setText(tr("&Open the last models at the start"));
    close->setText(tr("&Close model"));
    nextTab->setText(tr("Ne&xt tab"));
    previousTab->setText(tr("Previous ta&b"));
    quit->setText(tr("&Quit"));
    graphPage->setText(tr("&Graph"));
    runPage->setText(tr("R&un"));
    benchmarkPage->setText(tr("&Benchmark"));
    comparePage->setText(tr("&Compare"));
    deployPage->setText(tr("&Deploy"));
    zoomIn->setText(tr("Zoom &in"));
    zoomOut->setText(tr("Zoom &out"));
    actualSize->setText(tr("&Actual size"));
    fit->setText(tr("&Fit to window"));
    revealSelection->setText(tr("Go to &selection"));
    selectBack->setText(tr("Selection &before"));
    selectForward->setText(tr("Selection af&ter"));
    openLevel->setText(tr("&Open one more level"));
    closeLevel->setText(tr("&Close one level"));
    toggleGroups->setText(tr("&Group the nodes, or not"));
    find->setText(tr("S&earch…"));
    findNext->setText(tr("&Next hit"));
    findPrevious->setText(tr("Pre&vious hit"));
    vertical->setText(tr("Top to &bottom"));
    horizontal->setText(tr("Left to &right"));
    themeSystem->setText(tr("Like the &system"));
    themeLight->setText(tr("&Light"));
    themeDark->setText(tr("&Dark"));
    run->setText(tr("&Run model"));
    stop->setText(tr("&Stop"));
    languageSystem->setText(tr("Like the system"));
    shortcuts->setText(tr("&Keyboard shortcuts"));
    about->setText(tr("&About Lapidary"));
}

void WindowActions::updateIcons()
{
    const std::pair<QAction*, const char*> icons[] = {{open, "open"},
                                                      {save, "save"},
                                                      {undo, "undo"},
                                                      {redo, "redo"},
                                                      {exportGraph, "image"},
                                                      {copy, "copy"},
                                                      {rename, "rename"},
                                                      {close, "close"},
                                                      {graphPage, "graph"},
                                                      {runPage, "run"},
                                                      {benchmarkPage, "benchmark"},
                                                      {comparePage, "compare"},
                                                      {deployPage, "deploy"},
                                                      {zoomIn, "zoom-in"},
                                                      {zoomOut, "zoom-out"},
                                                      {fit, "fit"},
                                                      {revealSelection, "zoom-selection"},
                                                      {selectBack, "chevron-left"},
                                                      {selectForward, "chevron-right"},
                                                      {toggleGroups, "groups"},
                                                      {find, "search"},
                                                      {findNext, "chevron-down"},
                                                      {findPrevious, "chevron-up"},
                                                      {vertical, "layout-vertical"},
                                                      {horizontal, "layout-horizontal"},
                                                      {run, "play"},
                                                      {stop, "stop"}};
    for (const auto& [action, name] : icons)
        action->setIcon(themedIcon(name));
}

} // namespace lapidary
