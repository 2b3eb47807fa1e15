// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a real window for a test, with settings that are gone afterwards.
#pragma once

#include "ui/settings/settings.h"
#include "ui/window/workbench.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace lapidary {

// The sample model that comes with the program.
inline QString digitsPath()
{
    return QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/samples/digits/digits.onnx");
}

class WindowFixture {
public:
    WindowFixture()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("lapidary-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("lapidary-tests"));
        QSettings().clear();
        writeSetting(settings::deploymentsFolder, m_folder.filePath(QStringLiteral("deployments")));
        applyAppearance();
        m_workbench = std::make_unique<Workbench>();
        tabs().show();
    }

    MainWindow& window() { return m_workbench->window(); }
    TabbedWindow& tabs() { return m_workbench->tabs; }
    ModelDocument& document() { return m_workbench->document(); }
    JobQueue& jobs() { return m_workbench->jobs; }
    QString folder() const { return m_folder.path(); }

    // A file of the test's own.
    QString write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }

    bool openDigits()
    {
        document().open(digitsPath());
        return QTest::qWaitFor([this] { return document().model() != nullptr; });
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Workbench> m_workbench;
};

} // namespace lapidary
