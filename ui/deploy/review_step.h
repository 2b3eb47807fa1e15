// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: fifth step: everything that will happen, what it costs and what stands in its way, before it does.
#pragma once

#include "engine/deploy/export_plan.h"
#include "ui/deploy/step_page.h"

class QCheckBox;
class QMenu;
class QPushButton;

namespace lapidary {

class CheckList;
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
    void showGate();
    void showFindings();
    void fillExports();
    // format: none for the plan itself.
    void save(std::optional<deploy::ExportFormat> format);
    bool mustTryFirst() const;
    void retranslate() override;

    DeployDraft& m_draft;
    QLabel* m_summary;
    QLabel* m_cost;
    ErrorLine* m_error;
    CheckList* m_checks;
    QWidget* m_gate;
    QLabel* m_gateText;
    QPushButton* m_tryHere;
    QCheckBox* m_anyway;
    RequestList* m_requests;
    QPushButton* m_export;
    QMenu* m_formats;
};

} // namespace lapidary
