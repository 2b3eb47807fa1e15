// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_row.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace lapidary {

JobRow::JobRow(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_state(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(new QToolButton(this))
{
    for (QLabel* label : {m_title, m_state}) {
        label->setTextFormat(Qt::PlainText);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(140, 8);
    m_cancel->setAutoRaise(true);

    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    texts->addWidget(m_title);
    texts->addWidget(m_state);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 5, 8, 5);
    row->addLayout(texts, 1);
    row->addWidget(m_progress);
    row->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, [this] { emit cancelRequested(m_job); });
}

void JobRow::setEntry(const JobList::Entry& entry)
{
    m_job = entry.info.id;
    m_title->setText(QString::fromStdString(entry.info.title));
    m_state->setText(jobStateText(entry));
    m_state->setToolTip(m_state->text());
    const ThemeColors& colors = Theme::instance().colors();
    setTextColor(*m_state, entry.info.state == JobState::Failed ? colors.error : colors.mutedText);
    m_progress->setVisible(!entry.done());
    const bool known = entry.info.fraction >= 0;
    m_progress->setRange(0, known ? 1000 : 0);
    m_progress->setValue(known ? qRound(entry.info.fraction * 1000) : 0);
    m_progress->setAccessibleName(tr("Progress of %1").arg(m_title->text()));
    m_cancel->setVisible(!entry.done());
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel %1").arg(m_title->text()));
}

} // namespace lapidary
