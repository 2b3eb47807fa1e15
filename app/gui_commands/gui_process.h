// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a process with a window needs around it: names, a platform without a display, and the
// moments that are worth measuring.
#pragma once

#include <QObject>
#include <QTemporaryDir>
#include <QWidget>

#include <chrono>
#include <functional>
#include <memory>

class QApplication;

namespace CLI {
class App;
}

namespace lapidary {

// The names that settings and the desktop go by.
void nameApplication();
// Before QApplication: draws into memory when there is neither X nor Wayland.
void useOffscreenWithoutDisplay();

// For all that waitUntil() waits for from now on, together. Without it there is no limit.
void giveUpAfter(std::chrono::seconds limit);
// Ten minutes, or what the option --timeout says.
void addTimeLimit(CLI::App& app);
// Runs the event loop until the condition holds; it is asked after every round of events. When the time
// is up, says what ("the graph to be drawn") did not happen and ends the process with exit code 1: a job
// that hangs would hold up an orderly end.
void waitUntil(const std::function<bool()>& condition, const char* what);

// Milliseconds since the kernel started this process (10 ms resolution).
double processAgeMs();

// Notices when a window has painted for the first time.
class FirstPaint : public QObject {
public:
    explicit FirstPaint(QWidget& window);
    void wait();
    double sinceProcessStartMs() const { return m_ageMs; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    double m_ageMs = -1;
};

// A QApplication that draws into memory and forgets its settings: for commands and pictures.
class OffscreenApplication {
public:
    OffscreenApplication();
    ~OffscreenApplication();

private:
    QTemporaryDir m_settings;
    std::unique_ptr<QApplication> m_application;
};

} // namespace lapidary
