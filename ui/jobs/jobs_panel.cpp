// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_panel.h"

#include "ui/jobs/job_row.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>

namespace lapidary {

JobsPanel::JobsPanel(JobList& jobs, QWidget* parent)
    : QWidget(parent), m_jobs(jobs), m_empty(new QLabel(this)), m_clear(new QToolButton(this))
{
    auto* content = new QWidget(this);
    m_rows = new QVBoxLayout(content);
    m_rows->setContentsMargins(0, 4, 0, 4);
    m_rows->setSpacing(0);
    m_rows->addStretch();
    m_scroll = new QScrollArea(this);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_empty->setAlignment(Qt::AlignCenter);
    m_clear->setAutoRaise(true);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 4);
    layout->setSpacing(0);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_clear, 0, Qt::AlignRight);

    connect(m_clear, &QToolButton::clicked, &m_jobs, &JobList::clearFinished);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_jobs, signal, this, &JobsPanel::scheduleRefresh);
    connect(&m_jobs, &QAbstractItemModel::dataChanged, this, &JobsPanel::scheduleRefresh);
    connect(&Theme::instance(), &Theme::changed, this, &JobsPanel::scheduleRefresh);
    retranslate();
}

void JobsPanel::scheduleRefresh()
{
    if (m_refreshScheduled || !isVisible())
        return;
    m_refreshScheduled = true;
    QTimer::singleShot(50, this, [this] {
        m_refreshScheduled = false;
        refresh();
    });
}

void JobsPanel::refresh()
{
    const int wanted = m_jobs.rowCount();
    while (m_rows->count() - 1 < wanted) {
        auto* row = new JobRow(this);
        connect(row, &JobRow::cancelRequested, this, [this](JobId id) {
            for (int index = 0; index < m_jobs.rowCount(); ++index) {
                if (m_jobs.entry(index).info.id == id)
                    m_jobs.cancel(index);
            }
        });
        m_rows->insertWidget(m_rows->count() - 1, row);
    }
    while (m_rows->count() - 1 > wanted)
        delete m_rows->takeAt(m_rows->count() - 2)->widget();
    for (int index = 0; index < wanted; ++index)
        static_cast<JobRow*>(m_rows->itemAt(index)->widget())->setEntry(m_jobs.entry(index));
    m_empty->setVisible(wanted == 0);
    m_scroll->setVisible(wanted > 0);
    m_clear->setVisible(wanted > 0);
}

void JobsPanel::retranslate()
{
    m_empty->setText(tr("Nothing is running."));
    m_clear->setText(tr("Clear finished"));
    if (isVisible())
        refresh();
}

void JobsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void JobsPanel::showEvent(QShowEvent* event)
{
    refresh();
    QWidget::showEvent(event);
}

} // namespace lapidary
