// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: servers of the local target that run on this machine, found by what they execute: no note of ours
// can be out of date.
#pragma once

#include <filesystem>
#include <string>

namespace lapidary::deploy {

// The process that serves from the unpacked image; 0: none.
int findServer(const std::filesystem::path& rootFolder);

// The last lines of what it printed.
std::string lastLines(const std::filesystem::path& logFile, int lines);

// "http://127.0.0.1:5001" from what the server printed; empty when it has not said so yet.
std::string addressIn(const std::filesystem::path& logFile);

} // namespace lapidary::deploy
