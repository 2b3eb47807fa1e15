// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the window of one model: pages, panels around them, menus, and what ties them to the document.
#pragma once

#include "ui/document/model_document.h"
#include "ui/document/op_docs.h"
#include "ui/jobs/job_list.h"

#include <QMainWindow>

class QMenuBar;
class QStackedWidget;

namespace lapidary {

class BenchmarkPage;
class ComparePage;
class Deployments;
class DeployPage;
class ErrorPanel;
class GraphExport;
class GraphPage;
class ModelEditing;
class PageRail;
class PropertiesPanel;
class ReloadBar;
class Reloader;
class RunPage;
class StartPage;
class StatusLine;
class WindowActions;
class WindowDocks;

enum class Page { Graph, Run, Benchmark, Compare, Deploy };

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    // All outlive the window.
    MainWindow(ModelDocument& document, JobList& jobs, Deployments& deployments);
    ~MainWindow() override;

    void showPage(Page page);
    Page page() const { return m_page; }
    // Shown with the first model.
    void setFirstPage(Page page) { m_page = page; }
    // Asks for a model to be opened, or takes a test_data_set_N folder over to the run page.
    void openPath(const QString& path);
    // To be called when the window comes to the front of others, and when it goes.
    void enter();
    void leave();
    // The menu bar, which stands above the tabs.
    QMenuBar& menus() { return *m_menus; }

    // Pages other than the graph are made when first asked for.
    GraphPage& graphPage() { return *m_graphPage; }
    RunPage& runPage();
    BenchmarkPage& benchmarkPage();
    ComparePage& comparePage();
    DeployPage& deployPage();
    WindowActions& actions() { return *m_actions; }
    WindowDocks& docks() { return *m_docks; }
    ErrorPanel& errorPanel() { return *m_errors; }
    Reloader& reloader() { return *m_reloader; }
    GraphExport& graphExport() { return *m_export; }
    ModelEditing& editing() { return *m_editing; }
    bool isBusy() const; // some job is waiting or running

signals:
    void openRequested(const QString& path);
    void titleChanged();

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildCentre();
    void connectDocument();
    void connectActions();
    void connectViewActions();
    void connectFileActions();
    void connectEditActions();
    void chooseFile();
    void fillRecentMenu();
    void modelChanged();
    void runCurrentPage();
    void find();
    void findStep(int direction);
    void updateEnabled();
    void updateTitle();
    void updateUndo();
    void showZoom();
    void retranslate();
    void readSettings();

    ModelDocument& m_document;
    OpDocs m_opDocs;
    JobList& m_jobs;
    Deployments& m_deployments;
    WindowActions* m_actions;
    QMenuBar* m_menus;
    WindowDocks* m_docks = nullptr;
    PageRail* m_rail = nullptr;
    ErrorPanel* m_errors = nullptr;
    Reloader* m_reloader;
    ReloadBar* m_reloadBar = nullptr;
    GraphExport* m_export = nullptr;
    ModelEditing* m_editing = nullptr;
    QStackedWidget* m_pages = nullptr;
    StartPage* m_start = nullptr;
    GraphPage* m_graphPage = nullptr;
    RunPage* m_runPage = nullptr;
    BenchmarkPage* m_benchmarkPage = nullptr;
    ComparePage* m_comparePage = nullptr;
    DeployPage* m_deployPage = nullptr;
    StatusLine* m_status = nullptr;
    Page m_page = Page::Graph;
};

} // namespace lapidary
