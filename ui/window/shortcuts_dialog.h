// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the keys of the window, read from its actions, so that the list is never out of date.
#pragma once

#include <QAction>
#include <QDialog>

namespace lapidary {

class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(const QList<QAction*>& actions, QWidget* parent);
};

} // namespace lapidary
