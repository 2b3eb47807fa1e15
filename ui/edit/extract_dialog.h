// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: chooses a part of the model between tensors, to go on with only that. Does not block the window:
// tensors can be picked in the graph meanwhile.
#pragma once

#include "engine/edit/extract.h"
#include "ui/edit/edit_dialog.h"

class QLabel;
class QListWidget;

namespace lapidary {

class ExtractDialog : public EditDialog {
    Q_OBJECT
public:
    // Begins with the border of what is selected.
    ExtractDialog(ModelDocument& document, QWidget* parent);

    // A tensor at which the part begins or ends, and how to choose it.
    struct End {
        QListWidget* list = nullptr;
        QPushButton* add = nullptr; // what is selected in the graph
        QPushButton* remove = nullptr;
        std::vector<ValueId> values; // in the order of the list
    };
    const End& from() const { return m_from; }
    const End& to() const { return m_to; }
    QString countText() const;

protected:
    std::optional<Wanted> wanted() override;

private:
    QWidget* makeEnd(End& end, const QString& title, bool isBeginning);
    void addSelected(End& end, bool isBeginning);
    void add(End& end, ValueId value);
    void refresh();

    End m_from;
    End m_to;
    QLabel* m_count;
};

} // namespace lapidary
