// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the status bar: the model, the job under way with a button to stop it, zoom and device.
#pragma once

#include "ui/document/model_document.h"
#include "ui/jobs/job_list.h"

#include <QStatusBar>
#include <QTimer>

class QLabel;
class QProgressBar;
class QToolButton;

namespace lapidary {

class ElidedLabel;

class StatusLine : public QStatusBar {
    Q_OBJECT
public:
    StatusLine(ModelDocument& document, JobList& jobs, QWidget* parent);
    // Of the graph; none: no graph is shown.
    void setZoom(std::optional<double> scale);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showModel();
    void showJob();
    void showZoom();
    void findDevice();

    ModelDocument& m_document;
    JobList& m_jobs;
    QLabel* m_model;
    ElidedLabel* m_jobTitle;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
    QLabel* m_zoom;
    QLabel* m_device;
    QTimer m_jobTimer;
    JobId m_shownJob = 0;
    std::optional<double> m_scale;
    bool m_deviceAsked = false;
    std::shared_ptr<const int> m_alive = std::make_shared<const int>(0);
};

} // namespace lapidary
