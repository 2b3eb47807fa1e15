// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the jobs of the window as a list: those under way, and the ones worth remembering.
#pragma once

#include "engine/base/job_queue.h"

#include <QAbstractListModel>
#include <QElapsedTimer>

namespace lapidary {

// Newest first. One column; Qt::DisplayRole is the title. GUI thread. Takes over the observer of the
// queue, which outlives it.
class JobList : public QAbstractListModel {
    Q_OBJECT
public:
    struct Entry {
        JobInfo info;
        qint64 startedMs = -1;  // on the list's clock; -1: waiting
        qint64 durationMs = -1; // -1: not done
        bool done() const { return durationMs >= 0; }
    };

    explicit JobList(JobQueue& jobs, QObject* parent = nullptr);
    ~JobList() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const Entry& entry(int row) const { return m_entries[static_cast<size_t>(row)]; }
    // The longest running job that has run for a moment, or null: what a status bar shows.
    const Entry* busiest() const;
    bool isBusy() const; // some job is waiting or running
    void cancel(int row);
    void clearFinished();

private:
    void update(const JobInfo& info);
    int rowOf(JobId id) const;
    void forget(int row);
    void trimHistory();

    JobQueue& m_jobs;
    std::vector<Entry> m_entries;
    QElapsedTimer m_clock;
};

// "Finished in 1.2 s", "Waiting", "Failed: ...": the state of a job in words.
QString jobStateText(const JobList::Entry& entry);

} // namespace lapidary
