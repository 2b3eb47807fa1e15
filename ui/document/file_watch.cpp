// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/file_watch.h"

#include <QFileInfo>

namespace lapidary {

namespace {
constexpr int restMs = 400; // a file that stays the same for so long is written
}

FileState FileState::of(const QString& path)
{
    const QFileInfo info(path);
    if (!info.isFile())
        return {};
    return {true, info.size(), info.lastModified()};
}

FileWatch::FileWatch(QObject* parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(restMs);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatch::notice);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatch::notice);
    connect(&m_timer, &QTimer::timeout, this, &FileWatch::check);
}

void FileWatch::watch(const QString& path, const FileState& known)
{
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    if (!watched.isEmpty())
        m_watcher.removePaths(watched);
    m_timer.stop();
    m_path = path;
    m_known = m_seen = known;
    if (path.isEmpty())
        return;
    // The folder too: most programs write another file and rename it.
    m_watcher.addPaths({path, QFileInfo(path).absolutePath()});
    notice(); // it may have changed while it was read
}

void FileWatch::notice()
{
    // Not put off again and again: something may always be going on in the folder.
    if (m_timer.isActive())
        return;
    m_seen = FileState::of(m_path);
    m_timer.start();
}

void FileWatch::check()
{
    const FileState now = FileState::of(m_path);
    if (!now.exists || now == m_known)
        return;
    if (now != m_seen) {
        m_seen = now;
        m_timer.start();
        return;
    }
    m_known = now;
    if (!m_watcher.files().contains(m_path))
        m_watcher.addPath(m_path); // a renamed file has taken its place
    emit changed();
}

} // namespace lapidary
