// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: fourth step: how much of what the endpoint gets, and who may call it.
#pragma once

#include "ui/deploy/step_page.h"

class QComboBox;
class QLineEdit;
class QSpinBox;
class QStackedWidget;

namespace lapidary {

class DeployDraft;

class TargetStep : public StepPage {
    Q_OBJECT
public:
    explicit TargetStep(DeployDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;

private:
    QWidget* makeLocal();
    QWidget* makeManaged();
    void apply();
    void retranslate() override;

    DeployDraft& m_draft;
    QStackedWidget* m_kinds;
    QLabel* m_engineCaption;
    QComboBox* m_engine;
    QLabel* m_portCaption;
    QSpinBox* m_port;
    QLabel* m_localHint;
    QLabel* m_endpointCaption;
    QLineEdit* m_endpoint;
    QLabel* m_deploymentCaption;
    QLineEdit* m_deployment;
    QLabel* m_sizeCaption;
    QComboBox* m_size;
    QLabel* m_instancesCaption;
    QSpinBox* m_instances;
    QLabel* m_authCaption;
    QComboBox* m_auth;
    QLabel* m_timeoutCaption;
    QSpinBox* m_timeout;
    QLabel* m_atOnceCaption;
    QSpinBox* m_atOnce;
    QLabel* m_managedHint;
    bool m_filling = false;
};

} // namespace lapidary
