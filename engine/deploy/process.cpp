// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/process.h"

#include <QProcess>

namespace lapidary::deploy {

namespace {

// Tells the whole lines of what came since the last time, and at the end the rest.
void tellLines(const ProcessCall& call, std::string& pending, bool isEnd)
{
    if (!call.onLine)
        return;
    size_t from = 0;
    for (size_t end; (end = pending.find('\n', from)) != std::string::npos; from = end + 1)
        call.onLine(pending.substr(from, end - from));
    pending.erase(0, from);
    if (isEnd && !pending.empty())
        call.onLine(pending);
}

} // namespace

Result<ProcessOutput> runProcess(const ProcessCall& call, JobContext& job)
{
    QProcess process;
    process.setWorkingDirectory(QString::fromStdString(call.folder.string()));
    QStringList arguments;
    for (const std::string& argument : call.arguments)
        arguments << QString::fromStdString(argument);
    process.start(QString::fromStdString(call.program), arguments);
    if (!process.waitForStarted(5000))
        return makeError(ErrorCode::NotFound, "'" + call.program + "' is not installed or cannot be started",
                         call.ifMissing);
    if (!call.input.empty())
        process.write(QByteArray::fromStdString(call.input));
    process.closeWriteChannel();
    ProcessOutput result;
    std::string pending;
    for (bool running = true; running;) {
        running = !process.waitForFinished(50) && process.state() != QProcess::NotRunning;
        if (running && job.stopRequested()) {
            process.kill();
            process.waitForFinished();
            return cancelled();
        }
        const std::string output = process.readAllStandardOutput().toStdString();
        const std::string errors = process.readAllStandardError().toStdString();
        result.output += output;
        result.errors += errors;
        pending += output + errors;
        tellLines(call, pending, !running);
    }
    result.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return result;
}

} // namespace lapidary::deploy
