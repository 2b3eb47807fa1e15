// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: fifth step: everything that will happen, before it does.
#pragma once

#include "ui/deploy/step_page.h"

class QCheckBox;
class QPushButton;
class QToolButton;

namespace lapidary {

class DeployDraft;
class ErrorLine;
class RequestList;

class ReviewStep : public StepPage {
    Q_OBJECT
public:
    explicit ReviewStep(DeployDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;
    bool isComplete() const override;
    bool validatePage() override; // begins the deployment

signals:
    void started(const QString& id);
    // The same model, on this computer first.
    void localRequested();

private:
    void showPlan();
    void savePlan();
    bool mustTryFirst() const;
    void retranslate() override;

    DeployDraft& m_draft;
    QLabel* m_summary;
    ErrorLine* m_error;
    QWidget* m_gate;
    QLabel* m_gateText;
    QPushButton* m_tryHere;
    QCheckBox* m_anyway;
    RequestList* m_requests;
    QPushButton* m_save;
};

} // namespace lapidary
