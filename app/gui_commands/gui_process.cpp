// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui_commands/gui_process.h"

#include "app/cli/commands.h"

#include <CLI/CLI.hpp>

#include <QApplication>
#include <QDeadlineTimer>
#include <QEvent>
#include <QFile>
#include <QSettings>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <time.h>
#include <unistd.h>

namespace lapidary {

namespace {

QDeadlineTimer deadline(QDeadlineTimer::Forever);

}

void nameApplication()
{
    QCoreApplication::setOrganizationName(QStringLiteral("lapidary"));
    QCoreApplication::setApplicationName(QStringLiteral("lapidary"));
    QCoreApplication::setApplicationVersion(QStringLiteral(LAPIDARY_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("lapidary"));
}

void useOffscreenWithoutDisplay()
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY") &&
        qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

void giveUpAfter(std::chrono::seconds limit) { deadline.setRemainingTime(limit); }

void addTimeLimit(CLI::App& app)
{
    constexpr std::chrono::seconds usual{600};
    giveUpAfter(usual);
    app.add_option_function<int>(
           "--timeout", [](int seconds) { giveUpAfter(std::chrono::seconds(seconds)); },
           "give up after so many seconds")
        ->check(CLI::PositiveNumber)
        ->default_str(std::to_string(usual.count()));
}

void waitUntil(const std::function<bool()>& condition, const char* what)
{
    QTimer tick; // keeps the event loop turning when nothing happens
    tick.start(20);
    while (!condition()) {
        if (deadline.hasExpired()) {
            std::fprintf(stderr, "lapidary: the time is up; waited in vain for %s\n", what);
            std::fflush(nullptr);
            std::_Exit(cli::exitFailed);
        }
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
}

double processAgeMs()
{
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = file.readAll();
    // The name in parentheses may hold spaces; field 22 is the 20th after it (proc(5)).
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    const double startedMs = fields.value(19).toDouble() * 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6 - startedMs;
}

FirstPaint::FirstPaint(QWidget& window) { window.installEventFilter(this); }

void FirstPaint::wait()
{
    waitUntil([this] { return m_ageMs >= 0; }, "the window to be painted");
}

bool FirstPaint::eventFilter(QObject* watched, QEvent* event)
{
    if (m_ageMs < 0 && event->type() == QEvent::UpdateRequest) {
        watched->removeEventFilter(this);
        watched->event(event); // paints the whole window, children included
        m_ageMs = processAgeMs();
        return true;
    }
    return QObject::eventFilter(watched, event);
}

OffscreenApplication::OffscreenApplication()
{
    // The offscreen platform warns about everything that it does not do.
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
        if (type == QtCriticalMsg || type == QtFatalMsg)
            std::fprintf(stderr, "%s\n", qPrintable(text));
    });
    static int argc = 1;
    static char name[] = "lapidary";
    static char* argv[] = {name, nullptr};
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    // A picture must not depend on, nor change, what the user set up.
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    m_application = std::make_unique<QApplication>(argc, argv);
    nameApplication();
}

OffscreenApplication::~OffscreenApplication() = default;

} // namespace lapidary
