// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the parts of a running window in their order of life: jobs, then the window with its models.
#pragma once

#include "ui/document/gui_dispatcher.h"
#include "ui/window/tabbed_window.h"

namespace lapidary {

// Needs a QApplication, its names set (settings go by them) and theme and language applied.
struct Workbench {
    JobQueue jobs{guiDispatcher()};
    TabbedWindow tabs{jobs};

    // Of the tab that is shown.
    MainWindow& window() { return tabs.window(tabs.current()); }
    ModelDocument& document() { return tabs.document(tabs.current()); }
};

// Theme and language as the settings say.
void applyAppearance();

} // namespace lapidary
