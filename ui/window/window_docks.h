// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the panels around the pages, and their places: each page remembers its own arrangement.
#pragma once

#include "ui/document/model_document.h"
#include "ui/document/op_docs.h"
#include "ui/jobs/job_list.h"
#include "ui/settings/settings.h"

#include <QObject>

class QDockWidget;
class QMainWindow;
class QMenu;

namespace lapidary {

class PropertiesPanel;
class SearchPanel;
class WeightPanel;

class WindowDocks : public QObject {
    Q_OBJECT
public:
    WindowDocks(QMainWindow& window, ModelDocument& document, OpDocs& docs, JobList& jobs);

    QDockWidget *search, *properties, *documentation, *problems, *weight, *jobs;
    SearchPanel* searchPanel;
    PropertiesPanel* propertiesPanel;
    WeightPanel* weightPanel;

    void fillMenu(QMenu& menu) const;
    void retranslate();
    // The arrangement of a page. restore() with nothing remembered: the default of the page.
    void save(const Setting<QByteArray>& page) const;
    void restore(const Setting<QByteArray>& page, bool panelsBesideByDefault);
    void hideAll();
    void hideFloating(); // those outside the window
    // Brings the panel of the selected weight into view, with room to look at something.
    void showWeight();

signals:
    void walked(); // a panel led to another thing of the graph

private:
    QDockWidget* add(const char* name, QWidget* content, Qt::DockWidgetArea area);
    QList<QDockWidget*> all() const { return {search, properties, documentation, problems, weight, jobs}; }
    void placeByDefault(bool beside);
    void updateTitleBars();

    QMainWindow& m_window;
};

} // namespace lapidary
