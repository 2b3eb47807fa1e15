// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/session_controls.h"

#include "engine/base/job_queue.h"
#include "engine/session/backends.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QStandardItemModel>

#include <thread>

namespace lapidary {

SessionControls::SessionControls(JobQueue& jobs, QWidget* parent)
    : QWidget(parent),
      m_jobs(jobs),
      m_deviceCaption(new QLabel(this)),
      m_device(new QComboBox(this)),
      m_threadsCaption(new QLabel(this)),
      m_threads(new QSpinBox(this))
{
    m_threads->setRange(0, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    m_deviceCaption->setBuddy(m_device);
    m_threadsCaption->setBuddy(m_threads);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_deviceCaption);
    row->addWidget(m_device, 1);
    row->addSpacing(8);
    row->addWidget(m_threadsCaption);
    row->addWidget(m_threads);
    m_device->addItem(deviceName("cpu"), QStringLiteral("cpu")); // always there
    retranslate();
}

void SessionControls::searchDevices()
{
    m_searched = true;
    JobOptions options;
    options.title = tr("Look for devices").toStdString();
    options.lane = "devices";
    options.withOwner(m_alive);
    const auto search = [](JobContext&) -> Status {
        backends();
        return {};
    };
    m_jobs.start(options, search, [this](const Status&) { addDevices(); });
}

void SessionControls::addDevices()
{
    m_device->clear();
    auto* items = qobject_cast<QStandardItemModel*>(m_device->model());
    for (const BackendStatus& status : backends()) {
        m_device->addItem(deviceName(status.name), QString::fromStdString(status.name));
        QStandardItem* item = items->item(m_device->count() - 1);
        item->setEnabled(status.backend != nullptr);
        item->setToolTip(status.backend ? QString::fromUtf8(status.backend->description().c_str())
                                        : tr("Not available: %1").arg(QString::fromStdString(status.reason)));
    }
}

void SessionControls::showEvent(QShowEvent* event)
{
    // Looking for devices takes a moment: not before somebody sees the list.
    if (!m_searched)
        searchDevices();
    QWidget::showEvent(event);
}

SessionOptions SessionControls::options() const
{
    SessionOptions options;
    options.device = m_device->currentData().toString().toStdString();
    options.threads = m_threads->value();
    return options;
}

void SessionControls::retranslate()
{
    m_deviceCaption->setText(tr("Device"));
    m_device->setAccessibleName(tr("Device"));
    m_threadsCaption->setText(tr("Threads"));
    m_threads->setAccessibleName(tr("Number of threads"));
    m_threads->setSpecialValueText(tr("Auto"));
    m_threads->setToolTip(tr("Auto: one thread for each core"));
}

void SessionControls::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

QString deviceName(const std::string& backend) { return QString::fromStdString(backend).toUpper(); }

} // namespace lapidary
