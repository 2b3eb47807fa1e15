// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/container_engine.h"

#include <QProcess>

namespace lapidary::deploy {

Result<ProcessOutput> callEngine(const StepContext& context, const std::vector<std::string>& arguments,
                                 bool tell)
{
    TRY_ASSIGN(const std::string engine, context.input("engine"));
    ProcessCall call{.program = engine, .folder = context.run.folder};
    for (const QString& option : QProcess::splitCommand(qEnvironmentVariable("LAPIDARY_CONTAINER_OPTIONS")))
        call.arguments.push_back(option.toStdString());
    call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
    if (tell)
        call.onLine = [&context](const std::string& line) { context.log(line); };
    call.ifMissing = "Install it, or choose a way that needs no container engine.";
    return runProcess(call, context.job);
}

} // namespace lapidary::deploy
