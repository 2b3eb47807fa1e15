// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: every command of the window that a menu, a key or a button can give, with its words.
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QMenu>

class QMenuBar;

namespace lapidary {

class WindowActions : public QObject {
    Q_OBJECT
public:
    explicit WindowActions(QObject* parent);

    QAction *open, *openSample, *save, *saveAs, *reload, *exportGraph, *print, *close, *nextTab, *previousTab,
        *quit;
    QAction *undo, *redo;
    QAction* copy; // of the graph page: elsewhere the key copies texts
    QAction *rename, *sizes, *properties, *extract, *removeIdentities, *showChanges;
    QAction *graphPage, *runPage, *benchmarkPage, *comparePage, *deployPage;
    QAction *zoomIn, *zoomOut, *actualSize, *fit, *revealSelection, *selectBack, *selectForward;
    QAction *openLevel, *closeLevel, *toggleGroups;
    QAction *find, *findNext, *findPrevious;
    QAction *vertical, *horizontal;
    QAction *themeSystem, *themeLight, *themeDark;
    QAction *run, *stop;
    QAction *reloadChanged, *restoreSession; // checked: on
    QAction* languageSystem;
    QList<QAction*> languages; // data(): the code
    QAction *shortcuts, *about;

    QMenu* recentMenu = nullptr; // filled by the window before it shows
    QMenu* docksMenu = nullptr;

    // Fills the menu bar. Once.
    void buildMenus(QMenuBar& bar);
    void retranslate();
    void updateIcons();
    QList<QAction*> all() const; // in the order of the menus

private:
    QAction* add(const QKeySequence& key = {});
    QActionGroup* group(std::initializer_list<QAction*> actions);

    QList<QAction*> m_all;
    QMenu *m_fileMenu = nullptr, *m_editMenu = nullptr, *m_viewMenu = nullptr, *m_runMenu = nullptr,
          *m_settingsMenu = nullptr;
    QMenu *m_helpMenu = nullptr, *m_groupsMenu = nullptr, *m_layoutMenu = nullptr, *m_themeMenu = nullptr,
          *m_languageMenu = nullptr;
};

} // namespace lapidary
