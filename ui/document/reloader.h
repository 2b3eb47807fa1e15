// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: keeps the model shown in step with its file: tells that it changed, or opens it again by
// itself. GUI thread.
#pragma once

#include "ui/document/file_watch.h"
#include "ui/document/model_document.h"

namespace lapidary {

class Reloader : public QObject {
    Q_OBJECT
public:
    // document outlives the reloader.
    explicit Reloader(ModelDocument& document, QObject* parent = nullptr);

    void setAutomatic(bool on);
    bool isOffered() const { return m_offered; } // the file is newer than what is shown
    void reload();
    void decline(); // until the file changes again

    // To be asked first when a file could not be opened. True: it was half written; it will be opened
    // once more, so that there is nothing to say yet.
    bool triesAgain(const QString& path, const Error& error);

signals:
    void offeredChanged();

private:
    void setOffered(bool on);
    void fileChanged();

    ModelDocument& m_document;
    FileWatch m_watch;
    QString m_opening;
    FileState m_openingState;
    QTimer m_again;
    bool m_automatic = false;
    bool m_offered = false;
    int m_triesLeft = 0;
};

} // namespace lapidary
