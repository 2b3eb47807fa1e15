// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: fourth step: how much of what the endpoint gets, and who may call it.
#pragma once

#include "engine/deploy/instance_types.h"
#include "ui/deploy/step_page.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace lapidary {

class DeployDraft;

class TargetStep : public StepPage {
    Q_OBJECT
public:
    explicit TargetStep(DeployDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;
    bool isComplete() const override;

private:
    // Shown for the targets of the list only.
    QLabel* add(QWidget* field, std::initializer_list<const char*> targets);
    void showRows();
    void showSizes();
    void apply();
    void retranslate() override;

    struct Row {
        QWidget* field;
        std::vector<std::string> targets;
    };

    DeployDraft& m_draft;
    QFormLayout* m_form;
    std::vector<Row> m_rows;
    QComboBox* m_engine;
    QLineEdit* m_endpoint;
    QLineEdit* m_deployment;
    QComboBox* m_size;
    QLineEdit* m_compute;
    QLineEdit* m_cluster;
    QLineEdit* m_clusterSize;
    QLineEdit* m_namespace;
    QDoubleSpinBox* m_cpu;
    QDoubleSpinBox* m_memory;
    QSpinBox* m_instances;
    QSpinBox* m_mostInstances;
    QComboBox* m_auth;
    QLineEdit* m_apiKey;
    QSpinBox* m_timeout;
    QSpinBox* m_atOnce;
    QSpinBox* m_traffic;
    QSpinBox* m_port;
    QLineEdit* m_pullIdentity;
    QLineEdit* m_keySecret;
    QLineEdit* m_pullSecret;
    QCheckBox* m_apply;
    QLineEdit* m_context;
    std::vector<QLabel*> m_captions; // of m_rows
    QLabel* m_hint;
    bool m_filling = true; // until the page is first shown, fields are not choices
};

} // namespace lapidary
