// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the program as a window.
#pragma once

namespace lapidary {

// Opens the window, with the model named on the command line if there is one, and runs until it is
// closed. startupTime: ends after the first painted frame and prints how long that took.
int openWindow(int argc, char** argv, bool startupTime);

} // namespace lapidary
