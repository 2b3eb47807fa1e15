// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a dialog that changes the model: it stays open, with the reason, while the change is refused.
#pragma once

#include "ui/document/model_document.h"

#include <QDialog>

class QPushButton;
class QVBoxLayout;

namespace lapidary {

class ErrorLine;

class EditDialog : public QDialog {
    Q_OBJECT
public:
    // document outlives the dialog, which deletes itself when it is closed.
    EditDialog(ModelDocument& document, const QString& title, const QString& button, QWidget* parent);

    // For tests: what the dialog says of an edit that was refused.
    QString errorText() const;
    QPushButton* const button; // applies

signals:
    void said(const QString& text);

public slots:
    void accept() override; // starts the edit; closes when it has succeeded

protected:
    struct Wanted {
        QString what; // names the edit in menus
        EditWork work;
        std::function<QString()> said = {}; // what it did besides, when it has succeeded; may be empty
    };
    // Nothing to do: closes the dialog.
    virtual std::optional<Wanted> wanted() = 0;
    QVBoxLayout* content() const { return m_content; }
    ModelDocument& document() const { return m_document; }
    void clearError();
    bool isApplying() const { return m_applying; }

private:
    void showError(const std::optional<Error>& error);

    ModelDocument& m_document;
    QVBoxLayout* m_content;
    ErrorLine* m_error;
    bool m_applying = false;
};

} // namespace lapidary
