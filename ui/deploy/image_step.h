// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: third step: what the container image holds.
#pragma once

#include "ui/deploy/step_page.h"

class QTreeWidget;

namespace lapidary {

class DeployDraft;
class ErrorLine;

class ImageStep : public StepPage {
    Q_OBJECT
public:
    explicit ImageStep(DeployDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;
    bool isComplete() const override;

private:
    void showFiles();
    void retranslate() override;

    DeployDraft& m_draft;
    QLabel* m_flavour;
    QLabel* m_about;
    QTreeWidget* m_files;
    QLabel* m_total;
    QLabel* m_routes;
    ErrorLine* m_error;
};

} // namespace lapidary
