// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: second step: under which name, version and tags the model is registered.
#pragma once

#include "ui/deploy/step_page.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;

namespace lapidary {

class DeployDraft;
class ErrorLine;

class RegisterStep : public StepPage {
    Q_OBJECT
public:
    explicit RegisterStep(DeployDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;
    bool isComplete() const override;

private:
    void addTag(const QString& name, const QString& text);
    void removeTag();
    void apply();
    void retranslate() override;

    DeployDraft& m_draft;
    QLabel* m_nameCaption;
    QLineEdit* m_name;
    QLabel* m_versionCaption;
    QLineEdit* m_version;
    QLabel* m_descriptionCaption;
    QPlainTextEdit* m_description;
    QLabel* m_tagsCaption;
    QTableWidget* m_tags;
    QPushButton* m_add;
    QPushButton* m_remove;
    QLabel* m_unsaved;
    ErrorLine* m_error;
    bool m_filling = false;
};

} // namespace lapidary
