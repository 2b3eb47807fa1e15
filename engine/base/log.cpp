// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/log.h"

namespace lapidary {

namespace {
LogSink& currentSink()
{
    static LogSink sink;
    return sink;
}
} // namespace

void setLogSink(LogSink sink) { currentSink() = std::move(sink); }

void log(LogLevel level, std::string_view category, std::string_view text)
{
    if (const LogSink& sink = currentSink())
        sink(level, category, text);
}

} // namespace lapidary
