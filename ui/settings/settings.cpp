// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settings.h"

#include <QFileInfo>

namespace lapidary {

namespace {
constexpr int recentFileCount = 10;
}

void addRecentFile(const QString& path)
{
    QStringList files = readSetting(settings::recentFiles);
    files.removeAll(path);
    files.prepend(path);
    writeSetting(settings::recentFiles, files.mid(0, recentFileCount));
}

QStringList recentFiles()
{
    QStringList files = readSetting(settings::recentFiles);
    files.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
    return files;
}

} // namespace lapidary
