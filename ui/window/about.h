// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which Lapidary this is, and which libraries it stands on.
#pragma once

class QWidget;

namespace lapidary {

void showAboutDialog(QWidget* parent);

} // namespace lapidary
