// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: other sizes for the inputs of the model: a batch, a fixed size, a name, or open.
#pragma once

#include "ui/edit/edit_dialog.h"

class QGridLayout;
class QLineEdit;

namespace lapidary {

class SizesDialog : public EditDialog {
    Q_OBJECT
public:
    SizesDialog(ModelDocument& document, QWidget* parent);

    struct Field {
        ValueId input;
        size_t axis;
        QLineEdit* edit;
    };
    const std::vector<Field>& fields() const { return m_fields; }
    QLineEdit* const batch;

protected:
    std::optional<Wanted> wanted() override;

private:
    void addInput(QGridLayout& grid, ValueId id);
    void useBatch(const QString& text);

    std::vector<Field> m_fields;
};

} // namespace lapidary
