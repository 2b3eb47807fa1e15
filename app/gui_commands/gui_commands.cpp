// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui_commands/gui_commands.h"

namespace lapidary {

std::span<const cli::Command> guiCommands()
{
    static constexpr cli::Command table[] = {
        {"bench-view", "measure opening and drawing a model in the real window", runBenchView},
        {"render", "save the whole graph as PNG, SVG or PDF", runRender},
        {"screenshot", "save a picture of the real window with a model", runScreenshot},
    };
    return table;
}

} // namespace lapidary
