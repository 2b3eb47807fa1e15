// SPDX-License-Identifier: GPL-3.0-or-later
// The program: a window, or one command. Commands that need no window start no part of Qt's.
#include "app/cli/commands.h"
#include "app/gui_commands/gui_commands.h"
#include "app/window.h"

#include <cstdio>
#include <string_view>

namespace {

using namespace lapidary;

const cli::Command* findCommand(std::string_view name)
{
    for (const cli::Command& command : guiCommands()) {
        if (command.name == name)
            return &command;
    }
    return cli::findCommand(name);
}

void printCommands(std::span<const cli::Command> commands)
{
    for (const cli::Command& command : commands)
        std::printf("  %-12.*s %.*s\n", static_cast<int>(command.name.size()), command.name.data(),
                    static_cast<int>(command.summary.size()), command.summary.data());
}

void printHelp()
{
    std::printf("usage: lapidary [MODEL]...           open the window\n"
                "       lapidary COMMAND [OPTION]...  do one thing and end\n\n"
                "commands (each has --help):\n");
    printCommands(cli::commands());
    printCommands(guiCommands());
    std::printf("\noptions:\n"
                "  --help          this text\n"
                "  --version       the version\n"
                "  --startup-time  open the window, print the milliseconds from the start of the process to\n"
                "                  its first painted frame, and end\n");
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (const cli::Command* command = findCommand(first))
        return command->run({argv + 2, argv + argc});
    if (first == "--help" || first == "-h") {
        printHelp();
        return cli::exitOk;
    }
    if (first == "--version") {
        std::printf("lapidary %s\n", LAPIDARY_VERSION);
        return cli::exitOk;
    }
    const bool startupTime = first == "--startup-time";
    // Qt's own options, such as -platform, have one dash.
    if (first.starts_with("--") && !startupTime) {
        std::fprintf(stderr, "lapidary: unknown option '%s'; see lapidary --help\n", argv[1]);
        return cli::exitUsage;
    }
    return openWindow(argc, argv, startupTime);
}
