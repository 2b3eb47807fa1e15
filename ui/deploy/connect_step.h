// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: first step: where the model shall run, and, for Azure, as whom and in which workspace.
#pragma once

#include "ui/deploy/step_page.h"

class QButtonGroup;
class QLineEdit;

namespace lapidary {

class Card;
class DeployDraft;
class SignInPanel;
class WorkspaceChooser;

class ConnectStep : public StepPage {
    Q_OBJECT
public:
    // draft outlives the page, here and in the steps that follow.
    explicit ConnectStep(DeployDraft& draft, QWidget* parent = nullptr);

    bool isComplete() const override;
    void chooseTarget(const std::string& id);
    WorkspaceChooser& workspaces() { return *m_workspaces; }

private:
    void showTarget();
    void retranslate() override;

    DeployDraft& m_draft;
    QButtonGroup* m_targets;
    QList<QLabel*> m_purposes;
    Card* m_registry;
    QLabel* m_registryTitle;
    QLineEdit* m_registryName;
    QLabel* m_registryHint;
    Card* m_account;
    QLabel* m_accountTitle;
    Card* m_workspace;
    QLabel* m_workspaceTitle;
    WorkspaceChooser* m_workspaces;
};

} // namespace lapidary
