// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_list.h"

#include "ui/text/numbers.h"

#include <QCoreApplication>

namespace lapidary {

namespace {

constexpr size_t historyLength = 50;
// Shorter jobs that went well are no history: every click on a node is one.
constexpr qint64 memorableMs = 300;
constexpr qint64 noticeableMs = 150;

bool isOver(JobState state) { return state != JobState::Waiting && state != JobState::Running; }

} // namespace

JobList::JobList(JobQueue& jobs, QObject* parent) : QAbstractListModel(parent), m_jobs(jobs)
{
    m_clock.start();
    m_jobs.setObserver([this](const JobInfo& info) { update(info); });
}

JobList::~JobList() { m_jobs.setObserver({}); }

int JobList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant JobList::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry& shown = entry(index.row());
    if (role == Qt::DisplayRole)
        return QString::fromStdString(shown.info.title);
    if (role == Qt::ToolTipRole || role == Qt::AccessibleDescriptionRole)
        return jobStateText(shown);
    return {};
}

const JobList::Entry* JobList::busiest() const
{
    const Entry* longest = nullptr;
    for (const Entry& candidate : m_entries) {
        const bool running = candidate.info.state == JobState::Running && candidate.startedMs >= 0;
        if (running && m_clock.elapsed() - candidate.startedMs >= noticeableMs &&
            (!longest || candidate.startedMs < longest->startedMs))
            longest = &candidate;
    }
    return longest;
}

bool JobList::isBusy() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry& entry) { return !entry.done(); });
}

void JobList::cancel(int row) { m_jobs.cancel(entry(row).info.id); }

void JobList::clearFinished()
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (entry(row).done())
            forget(row);
    }
}

int JobList::rowOf(JobId id) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [id](const Entry& entry) { return entry.info.id == id; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

void JobList::forget(int row)
{
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
}

void JobList::update(const JobInfo& info)
{
    int row = rowOf(info.id);
    if (row < 0) {
        beginInsertRows({}, 0, 0);
        m_entries.insert(m_entries.begin(), Entry{info});
        endInsertRows();
        row = 0;
    }
    Entry& changed = m_entries[static_cast<size_t>(row)];
    changed.info = info;
    if (info.state == JobState::Running && changed.startedMs < 0)
        changed.startedMs = m_clock.elapsed();
    if (isOver(info.state))
        changed.durationMs = changed.startedMs < 0 ? 0 : m_clock.elapsed() - changed.startedMs;
    emit dataChanged(index(row), index(row));

    const bool wentUnnoticed =
        changed.done() && info.state != JobState::Failed && changed.durationMs < memorableMs;
    if (wentUnnoticed)
        forget(row);
    trimHistory();
}

void JobList::trimHistory()
{
    while (m_entries.size() > historyLength && m_entries.back().done())
        forget(rowCount() - 1);
}

QString jobStateText(const JobList::Entry& entry)
{
    const auto text = [](const char* source) { return QCoreApplication::translate("jobs", source); };
    const QString detail = QString::fromStdString(entry.info.text);
    const QString duration = durationText(static_cast<double>(entry.durationMs));
    switch (entry.info.state) {
    case JobState::Waiting: return text(QT_TRANSLATE_NOOP("jobs", "Waiting"));
    case JobState::Running: return detail.isEmpty() ? text(QT_TRANSLATE_NOOP("jobs", "Running")) : detail;
    case JobState::Finished: return text(QT_TRANSLATE_NOOP("jobs", "Finished in %1")).arg(duration);
    case JobState::Failed: return text(QT_TRANSLATE_NOOP("jobs", "Failed: %1")).arg(detail);
    case JobState::Cancelled: return text(QT_TRANSLATE_NOOP("jobs", "Cancelled after %1")).arg(duration);
    }
    return {};
}

} // namespace lapidary
