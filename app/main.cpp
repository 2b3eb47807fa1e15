// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include <iostream>

int main(int argc, char** argv)
{
    using namespace lapidary;
    const cli::Arguments arguments(argv + 1, argv + argc);
    const cli::Command* command = arguments.empty() ? nullptr : cli::findCommand(arguments[0]);
    if (command)
        return command->run({arguments.begin() + 1, arguments.end()});
    for (const cli::Command& each : cli::commands())
        std::cerr << each.name << "  " << each.summary << "\n";
    return cli::exitUsage;
}
