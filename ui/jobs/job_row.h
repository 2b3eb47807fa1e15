// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one job of the jobs panel.
#pragma once

#include "ui/jobs/job_list.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace lapidary {

class JobRow : public QWidget {
    Q_OBJECT
public:
    explicit JobRow(QWidget* parent = nullptr);
    void setEntry(const JobList::Entry& entry);
    JobId job() const { return m_job; }

signals:
    void cancelRequested(lapidary::JobId job);

private:
    JobId m_job = 0;
    QLabel* m_title;
    QLabel* m_state;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
};

} // namespace lapidary
