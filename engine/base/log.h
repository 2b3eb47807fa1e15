// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one line of diagnosis for the developer or the curious user. One sink, set once by the
// program; without a sink nothing is printed. Never tensor contents, never secrets.
#pragma once

#include <functional>
#include <string_view>

namespace lapidary {

enum class LogLevel { Debug, Info, Warning, Error };

using LogSink = std::function<void(LogLevel, std::string_view category, std::string_view text)>;

// Call before other threads start. The sink is called on the thread that logs.
void setLogSink(LogSink sink);
void log(LogLevel level, std::string_view category, std::string_view text);

} // namespace lapidary
