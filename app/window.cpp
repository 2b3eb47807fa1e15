// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window.h"

#include "app/gui_commands/gui_process.h"
#include "engine/base/log.h"
#include "ui/window/workbench.h"

#include <QApplication>

#include <cstdio>

namespace lapidary {

int openWindow(int argc, char** argv, bool startupTime)
{
    if (startupTime)
        useOffscreenWithoutDisplay();
    QApplication application(argc, argv);
    nameApplication();
    setLogSink([](LogLevel level, std::string_view category, std::string_view text) {
        if (level >= LogLevel::Warning)
            std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(category.size()), category.data(),
                         static_cast<int>(text.size()), text.data());
    });
    applyAppearance();
    Workbench workbench;
    FirstPaint firstPaint(workbench.tabs);
    workbench.tabs.show();
    if (startupTime) {
        giveUpAfter(std::chrono::seconds(60));
        firstPaint.wait();
        std::printf("start_ms %.0f\n", firstPaint.sinceProcessStartMs());
        return 0;
    }
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 1)
        for (const QString& path : arguments.mid(1))
            workbench.tabs.open(path);
    else
        workbench.tabs.restoreSession();
    return QApplication::exec();
}

} // namespace lapidary
