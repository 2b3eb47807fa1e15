// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: another name for the selected node or value.
#pragma once

#include "ui/edit/edit_dialog.h"

class QLineEdit;

namespace lapidary {

class RenameDialog : public EditDialog {
    Q_OBJECT
public:
    // What is selected must be a node or a value.
    RenameDialog(ModelDocument& document, QWidget* parent);

    QLineEdit* const name;

protected:
    std::optional<Wanted> wanted() override;

private:
    Selection m_selection;
    QString m_before;
};

} // namespace lapidary
