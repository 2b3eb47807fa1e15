// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/edit_dialog.h"

#include "ui/cards/error_line.h"

#include <QDialogButtonBox>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace lapidary {

EditDialog::EditDialog(ModelDocument& document, const QString& title, const QString& buttonText,
                       QWidget* parent)
    : QDialog(parent),
      button(new QPushButton(buttonText)),
      m_document(document),
      m_content(new QVBoxLayout),
      m_error(new ErrorLine(this))
{
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(button, QDialogButtonBox::AcceptRole);
    button->setDefault(true);
    m_content->setSpacing(10);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(14);
    column->addLayout(m_content, 1);
    column->addWidget(m_error);
    column->addWidget(buttons);
    m_error->setError(std::nullopt);
    connect(buttons, &QDialogButtonBox::accepted, this, &EditDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    // What the dialog says is of the model that was there when it opened.
    connect(&document, &ModelDocument::modelChanged, this, [this] {
        QObject::disconnect(&m_document, nullptr, this, nullptr); // its selection is of the other model
        reject();
    });
}

QString EditDialog::errorText() const { return m_error->text(); }

void EditDialog::clearError() { showError(std::nullopt); }

void EditDialog::showError(const std::optional<Error>& error)
{
    m_error->setError(error);
    if (error)
        adjustSize();
}

void EditDialog::accept()
{
    auto edit = wanted();
    if (!edit) {
        QDialog::accept();
        return;
    }
    clearError();
    m_applying = true;
    button->setEnabled(false);
    m_document.edit(edit->what, std::move(edit->work),
                    [self = QPointer<EditDialog>(this), said = edit->said](const Status& status) {
                        if (!self)
                            return;
                        if (status.ok()) {
                            if (const QString text = said ? said() : QString(); !text.isEmpty())
                                emit self->said(text);
                            return;
                        }
                        self->m_applying = false;
                        self->button->setEnabled(true);
                        self->showError(status.error());
                    });
}

} // namespace lapidary
