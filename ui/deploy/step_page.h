// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the pages of the deployment wizard are made of.
#pragma once

#include <QWizardPage>

class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QVBoxLayout;

namespace lapidary {

// Scrolls when the window is low. Words come from retranslate(), which is called once the page is made and
// whenever the language changes.
class StepPage : public QWizardPage {
    Q_OBJECT
public:
    explicit StepPage(QWidget* parent = nullptr);

protected:
    QVBoxLayout* column() const { return m_column; }
    virtual void retranslate() = 0;
    void changeEvent(QEvent* event) override;

private:
    QVBoxLayout* m_column;
};

// A label above what belongs together, in the middle between text and heading.
QLabel* makeTitle();
// A text to read in letters of one width, without a frame: logs, bodies.
QPlainTextEdit* makeLog();
// A form with the distances of all our pages.
QFormLayout* makeForm();
// A label of a row; its words come later.
QLabel* addRow(QFormLayout& form, QWidget* field);
QLabel* addRow(QFormLayout& form, QLayout* field);

} // namespace lapidary
