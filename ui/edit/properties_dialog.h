// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the model says of itself, to be changed: description, producer, version, metadata.
#pragma once

#include "ui/edit/edit_dialog.h"

#include "engine/edit/properties.h"

class QLineEdit;
class QPlainTextEdit;
class QTableWidget;

namespace lapidary {

class PropertiesDialog : public EditDialog {
    Q_OBJECT
public:
    PropertiesDialog(ModelDocument& document, QWidget* parent);

    QLineEdit* const graphName;
    QPlainTextEdit* const description;
    QLineEdit* const producer;
    QLineEdit* const producerVersion;
    QLineEdit* const domain;
    QLineEdit* const version;
    QTableWidget* const metadata; // key, value

public slots:
    void addEntry();
    void removeEntry(); // the current one

protected:
    std::optional<Wanted> wanted() override;

private:
    ModelProperties read() const;
    void fillRow(int row, const QString& key, const QString& value);

    ModelProperties m_before;
    ModelProperties m_shown; // the same, as the fields show it
};

} // namespace lapidary
