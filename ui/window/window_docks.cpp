// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_docks.h"

#include "ui/docks/documentation_panel.h"
#include "ui/docks/problems_panel.h"
#include "ui/docks/properties_panel.h"
#include "ui/docks/search_panel.h"
#include "ui/docks/weight_panel.h"
#include "ui/jobs/jobs_panel.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QTimer>

namespace lapidary {

namespace {
constexpr int propertiesWidth = 360;
constexpr int searchWidth = 300;
constexpr int stateVersion = 2; // of QMainWindow::saveState
} // namespace

WindowDocks::WindowDocks(QMainWindow& window, ModelDocument& document, OpDocs& docs, JobList& jobList)
    : QObject(&window), m_window(window)
{
    propertiesPanel = new PropertiesPanel(document, docs);
    auto* problemsPanel = new ProblemsPanel(document);
    searchPanel = new SearchPanel(document);
    search = add("search", searchPanel, Qt::LeftDockWidgetArea);
    properties = add("properties", propertiesPanel, Qt::RightDockWidgetArea);
    documentation = add("documentation", new DocumentationPanel(document, docs), Qt::RightDockWidgetArea);
    problems = add("problems", problemsPanel, Qt::BottomDockWidgetArea);
    weightPanel = new WeightPanel(document);
    weight = add("weight", weightPanel, Qt::BottomDockWidgetArea);
    jobs = add("jobs", new JobsPanel(jobList), Qt::BottomDockWidgetArea);
    connect(propertiesPanel, &PropertiesPanel::walked, this, &WindowDocks::walked);
    connect(propertiesPanel, &PropertiesPanel::weightWanted, this, &WindowDocks::showWeight);
    connect(problemsPanel, &ProblemsPanel::walked, this, &WindowDocks::walked);
    connect(searchPanel, &SearchPanel::walked, this, &WindowDocks::walked);

    m_window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    m_window.setDocumentMode(true);
    m_window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    retranslate();
}

QDockWidget* WindowDocks::add(const char* name, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(&m_window);
    dock->setObjectName(QLatin1String(name));
    dock->setWidget(content);
    m_window.addDockWidget(area, dock);
    // Whether a dock has tabs is known once the window has laid itself out.
    const auto later = [this] { QTimer::singleShot(0, this, &WindowDocks::updateTitleBars); };
    connect(dock, &QDockWidget::dockLocationChanged, this, later);
    connect(dock, &QDockWidget::visibilityChanged, this, later);
    connect(dock, &QDockWidget::topLevelChanged, this, later);
    return dock;
}

// A tab says the name already: the title below it would only say it again.
void WindowDocks::updateTitleBars()
{
    for (QDockWidget* dock : all()) {
        bool tabbed = false;
        for (const QDockWidget* other : m_window.tabifiedDockWidgets(dock))
            tabbed = tabbed || other->toggleViewAction()->isChecked();
        tabbed = tabbed && !dock->isFloating();
        if (tabbed == (dock->titleBarWidget() != nullptr))
            continue;
        QWidget* before = dock->titleBarWidget();
        dock->setTitleBarWidget(tabbed ? new QWidget(dock) : nullptr);
        delete before;
    }
}

void WindowDocks::fillMenu(QMenu& menu) const
{
    for (QDockWidget* dock : all())
        menu.addAction(dock->toggleViewAction());
}

void WindowDocks::retranslate()
{
    search->setWindowTitle(tr("Search"));
    properties->setWindowTitle(tr("Properties"));
    documentation->setWindowTitle(tr("Documentation"));
    problems->setWindowTitle(tr("Problems"));
    weight->setWindowTitle(tr("Weight"));
    jobs->setWindowTitle(tr("Jobs"));
}

void WindowDocks::save(const Setting<QByteArray>& page) const
{
    writeSetting(page, m_window.saveState(stateVersion));
}

void WindowDocks::restore(const Setting<QByteArray>& page, bool panelsBesideByDefault)
{
    const QByteArray state = readSetting(page);
    if (state.isEmpty() || !m_window.restoreState(state, stateVersion))
        placeByDefault(panelsBesideByDefault);
    updateTitleBars();
}

void WindowDocks::placeByDefault(bool beside)
{
    for (QDockWidget* dock : all()) {
        const bool right = dock == properties || dock == documentation;
        m_window.addDockWidget(right            ? Qt::RightDockWidgetArea
                               : dock == search ? Qt::LeftDockWidgetArea
                                                : Qt::BottomDockWidgetArea,
                               dock);
        dock->setFloating(false);
        dock->setVisible(beside && right);
    }
    m_window.tabifyDockWidget(properties, documentation);
    m_window.tabifyDockWidget(problems, weight);
    m_window.tabifyDockWidget(problems, jobs);
    m_window.resizeDocks({search, properties}, {searchWidth, propertiesWidth}, Qt::Horizontal);
    if (beside)
        properties->raise();
}

void WindowDocks::showWeight()
{
    const bool wasHidden = !weight->isVisible();
    weight->show();
    weight->raise();
    if (wasHidden && !weight->isFloating())
        m_window.resizeDocks({weight}, {m_window.height() * 45 / 100}, Qt::Vertical);
}

void WindowDocks::hideAll()
{
    for (QDockWidget* dock : all())
        dock->hide();
}

void WindowDocks::hideFloating()
{
    for (QDockWidget* dock : all()) {
        if (dock->isFloating())
            dock->hide();
    }
}

} // namespace lapidary
