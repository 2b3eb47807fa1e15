// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include "engine/session/backends.h"
#include "ui/cards/elided_label.h"
#include "ui/text/numbers.h"

#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

namespace lapidary {

StatusLine::StatusLine(ModelDocument& document, JobList& jobs, QWidget* parent)
    : QStatusBar(parent),
      m_document(document),
      m_jobs(jobs),
      m_model(new QLabel(this)),
      m_jobTitle(new ElidedLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(new QToolButton(this)),
      m_zoom(new QLabel(this)),
      m_device(new QLabel(this))
{
    setSizeGripEnabled(false);
    setStyleSheet(QStringLiteral("QStatusBar::item { border: none; }"));
    for (QLabel* label : std::initializer_list<QLabel*>{m_model, m_jobTitle, m_zoom, m_device})
        label->setTextFormat(Qt::PlainText);
    m_model->setContentsMargins(8, 3, 8, 3);
    m_zoom->setContentsMargins(12, 0, 4, 0);
    m_zoom->setObjectName(QStringLiteral("zoom"));
    m_device->setContentsMargins(12, 0, 10, 0);
    m_progress->setFixedSize(120, 8);
    m_progress->setTextVisible(false);
    m_cancel->setAutoRaise(true);
    m_cancel->setObjectName(QStringLiteral("cancelJob"));
    addWidget(m_model, 1);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_jobTitle), static_cast<QWidget*>(m_progress),
          static_cast<QWidget*>(m_cancel), static_cast<QWidget*>(m_zoom), static_cast<QWidget*>(m_device)})
        addPermanentWidget(widget);

    connect(m_cancel, &QToolButton::clicked, this, [this] { m_document.jobs().cancel(m_shownJob); });
    connect(&m_document, &ModelDocument::modelChanged, this, &StatusLine::showModel);
    // Polled, because a job becomes worth showing by lasting, not by reporting.
    m_jobTimer.setInterval(150);
    connect(&m_jobTimer, &QTimer::timeout, this, &StatusLine::showJob);
    connect(&m_jobs, &QAbstractItemModel::rowsInserted, &m_jobTimer, qOverload<>(&QTimer::start));
    showModel();
    showJob();
    showZoom();
}

void StatusLine::showModel()
{
    const std::shared_ptr<const Model> model = m_document.model();
    m_device->setVisible(model != nullptr);
    if (!model) {
        m_model->setText(tr("No model"));
        return;
    }
    m_model->setText(tr("%1 · %2", "file name · number of nodes")
                         .arg(QFileInfo(m_document.path()).fileName(),
                              tr("%n node(s)", nullptr, static_cast<int>(model->graph.nodes.size()))));
    m_model->setToolTip(m_document.path());
    findDevice();
}

// In the background: looking for a GPU loads its driver.
void StatusLine::findDevice()
{
    if (std::exchange(m_deviceAsked, true))
        return;
    JobOptions options;
    options.title = tr("Looking for devices").toStdString();
    options.lane = "devices";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options),
        [](JobContext&) -> Result<std::string> {
            for (const BackendStatus& status : backends()) {
                if (status.backend)
                    return status.backend->description();
            }
            return std::string();
        },
        [this](Result<std::string> device) {
            if (device.ok())
                m_device->setText(QString::fromStdString(device.value()));
        });
}

void StatusLine::showJob()
{
    const JobList::Entry* entry = m_jobs.busiest();
    for (QWidget* widget : {static_cast<QWidget*>(m_jobTitle), static_cast<QWidget*>(m_progress),
                            static_cast<QWidget*>(m_cancel)})
        widget->setVisible(entry != nullptr);
    m_shownJob = entry ? entry->info.id : 0;
    if (!entry) {
        if (!m_jobs.isBusy())
            m_jobTimer.stop();
        return;
    }
    m_jobTitle->setFullText(QString::fromStdString(entry->info.title));
    m_progress->setAccessibleName(m_jobTitle->text());
    const bool known = entry->info.fraction >= 0;
    m_progress->setRange(0, known ? 1000 : 0);
    m_progress->setValue(known ? qRound(entry->info.fraction * 1000) : 0);
    m_cancel->setText(tr("Cancel"));
}

void StatusLine::setZoom(std::optional<double> scale)
{
    m_scale = scale;
    showZoom();
}

void StatusLine::showZoom()
{
    m_zoom->setVisible(m_scale.has_value());
    const double scale = m_scale.value_or(1);
    m_zoom->setText(tr("%1 %", "zoom").arg(QLocale().toString(scale * 100, 'f', scale < 0.1 ? 1 : 0)));
}

void StatusLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        showModel();
        showZoom();
    }
    QStatusBar::changeEvent(event);
}

} // namespace lapidary
