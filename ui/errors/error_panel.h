// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the one way the window says that something failed: what, where, why and what to do next,
// above the page and out of the way of work. Never a modal dialog.
#pragma once

#include "engine/base/error.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace lapidary {

class ErrorPanel : public QFrame {
    Q_OBJECT
public:
    explicit ErrorPanel(QWidget* parent = nullptr);

    // subject: what failed, in a word or two ("broken.onnx"); may be empty. Cancelled is ignored.
    void showError(const QString& subject, const Error& error);
    void dismiss();
    QString text() const; // all that the panel says; empty when hidden

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void updateColors();

    QString m_subject;
    Error m_error;
    QLabel* m_title;
    QLabel* m_message;
    QLabel* m_place;
    QLabel* m_nextStep;
    QToolButton* m_copy;
    QToolButton* m_close;
};

} // namespace lapidary
