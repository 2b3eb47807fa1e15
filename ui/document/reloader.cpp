// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/reloader.h"

#include <QUndoStack>

namespace lapidary {

namespace {
constexpr int tries = 4; // that a half-written file gets
constexpr int pauseMs = 700;
} // namespace

Reloader::Reloader(ModelDocument& document, QObject* parent) : QObject(parent), m_document(document)
{
    m_again.setSingleShot(true);
    m_again.setInterval(pauseMs);
    connect(&m_again, &QTimer::timeout, this, [this] { m_document.open(m_document.path()); });
    connect(&m_watch, &FileWatch::changed, this, &Reloader::fileChanged);
    connect(&m_document, &ModelDocument::openStarted, this, [this](const QString& path) {
        m_opening = path;
        m_openingState = FileState::of(path);
        m_again.stop();
        if (path != m_document.path())
            m_triesLeft = 0;
    });
    connect(&m_document, &ModelDocument::saved, this, [this](const QString& path) {
        if (path != m_document.path())
            return;
        m_opening = path;
        m_openingState = FileState::of(path);
        setOffered(false);
        m_watch.watch(path, m_openingState);
    });
    connect(&m_document, &ModelDocument::modelChanged, this, [this] {
        setOffered(false);
        m_again.stop();
        m_triesLeft = 0;
        const QString path = m_document.path();
        m_watch.watch(path, path == m_opening ? m_openingState : FileState::of(path));
    });
}

void Reloader::setAutomatic(bool on)
{
    m_automatic = on;
    if (on && m_offered)
        reload();
}

void Reloader::setOffered(bool on)
{
    if (on == m_offered)
        return;
    m_offered = on;
    emit offeredChanged();
}

void Reloader::fileChanged()
{
    // What was changed here would be lost.
    if (m_automatic && m_document.edits().isClean())
        reload();
    else
        setOffered(true);
}

void Reloader::reload()
{
    setOffered(false);
    if (m_document.path().isEmpty())
        return;
    m_triesLeft = tries;
    m_document.open(m_document.path());
}

void Reloader::decline() { setOffered(false); }

bool Reloader::triesAgain(const QString& path, const Error& error)
{
    if (path != m_document.path() || m_triesLeft == 0 || error.code == ErrorCode::Cancelled)
        return false;
    if (--m_triesLeft == 0)
        return false;
    m_again.start();
    return true;
}

} // namespace lapidary
