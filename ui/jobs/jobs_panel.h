// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the list of jobs as a panel: progress, a button to cancel, and the history.
#pragma once

#include "ui/jobs/job_list.h"

#include <QWidget>

class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace lapidary {

class JobsPanel : public QWidget {
    Q_OBJECT
public:
    explicit JobsPanel(JobList& jobs, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void scheduleRefresh();
    void refresh();
    void retranslate();

    JobList& m_jobs;
    QScrollArea* m_scroll;
    QVBoxLayout* m_rows;
    QLabel* m_empty;
    QToolButton* m_clear;
    bool m_refreshScheduled = false;
};

} // namespace lapidary
