// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the commands that need the real window.
#pragma once

#include "app/cli/commands.h"

namespace lapidary {

// As cli::commands(), for those here.
std::span<const cli::Command> guiCommands();

int runBenchView(const cli::Arguments& arguments);
int runRender(const cli::Arguments& arguments);
int runScreenshot(const cli::Arguments& arguments);

} // namespace lapidary
