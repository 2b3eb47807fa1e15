// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the window on the screen: a MainWindow for each open model, one of them shown, with tabs to choose
// it.
#pragma once

#include "ui/deploy/deployments.h"
#include "ui/jobs/job_list.h"
#include "ui/window/main_window.h"

#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace lapidary {

class TabbedWindow : public QWidget {
    Q_OBJECT
public:
    // Begins with one tab without a model. jobs outlives the window.
    explicit TabbedWindow(JobQueue& jobs);
    ~TabbedWindow() override;

    // In the tab that has it already, in one without a model, or in a new one.
    void open(const QString& path);
    // What was open when the window was last closed, if the user wants that.
    void restoreSession();

    Deployments& deployments() { return m_deployments; }
    int count() const { return static_cast<int>(m_tabs.size()); }
    MainWindow& window(int tab) const { return *m_tabs[static_cast<size_t>(tab)].window; }
    ModelDocument& document(int tab) const { return *m_tabs[static_cast<size_t>(tab)].document; }
    int current() const;
    void setCurrent(int tab);
    void step(int direction); // to the next tab, or back; round and round
    // Asks first when something would be lost. The last tab only loses its model.
    void closeTab(int tab);
    QString tabText(int tab) const;

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    struct Tab {
        ModelDocument* document;
        MainWindow* window;
        QString opening; // until the first model is there
    };
    int addTab();
    void removeTab(int tab);
    int tabOf(const QObject* documentOrWindow) const;
    void openFailed(const ModelDocument* document, const QString& path, const Error& error);
    void showCurrent();
    void updateTexts();
    void saveSession() const;

    JobQueue& m_jobs;
    JobList m_jobList;
    AzureAccount m_account;
    Deployments m_deployments;
    std::vector<Tab> m_tabs; // in the order of the tab bar
    QStackedWidget* m_menus;
    QTabBar* m_bar;
    QStackedWidget* m_windows;
    MainWindow* m_shown = nullptr;
    // While the window closes: changed models that the user has been asked about.
    QList<ModelDocument*> m_mayLose;
    bool m_closing = false;
};

} // namespace lapidary
