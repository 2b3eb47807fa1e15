// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the parts of a running window in their order of life: jobs, document, window.
#pragma once

#include "ui/document/gui_dispatcher.h"
#include "ui/window/main_window.h"

namespace lapidary {

// Needs a QApplication, its names set (settings go by them) and theme and language applied.
struct Workbench {
    JobQueue jobs{guiDispatcher()};
    ModelDocument document{jobs};
    MainWindow window{document};
};

// Theme and language as the settings say.
void applyAppearance();

} // namespace lapidary
