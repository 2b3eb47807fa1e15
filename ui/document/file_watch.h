// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: notices that a file has changed on disk, when the change is over: a file that is still being
// written, or is gone for the moment, is waited for. GUI thread.
#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QTimer>

namespace lapidary {

// What can be told of a file without reading it.
struct FileState {
    bool exists = false;
    qint64 sizeBytes = 0;
    QDateTime modified;

    static FileState of(const QString& path);
    bool operator==(const FileState&) const = default;
};

class FileWatch : public QObject {
    Q_OBJECT
public:
    explicit FileWatch(QObject* parent = nullptr);

    // One file at a time; an empty path: none. known: its state when it was read.
    void watch(const QString& path, const FileState& known);

signals:
    void changed();

private:
    void notice();
    void check();

    QString m_path;
    FileState m_known;
    FileState m_seen; // at the last look
    QFileSystemWatcher m_watcher;
    QTimer m_timer;
};

} // namespace lapidary
