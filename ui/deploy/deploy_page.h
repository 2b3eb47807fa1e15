// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the page for deployments: those there are, and the wizard that makes and shows them.
#pragma once

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace lapidary {

class DeploymentList;
class Deployments;
class DeployWizard;
class EmptyState;
class ModelDocument;
class PrimaryButton;
class StepBar;

class DeployPage : public QWidget {
    Q_OBJECT
public:
    // Both outlive the page.
    DeployPage(ModelDocument& document, Deployments& deployments, QWidget* parent = nullptr);
    ~DeployPage() override;

    // A new deployment of the model that is open.
    void begin();
    void showRun(const QString& id);
    DeployWizard* wizard() const { return m_wizard; } // null: none is open

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void open(const QString& run);
    void closeWizard();
    void showModel();
    void retranslate();

    ModelDocument& m_document;
    Deployments& m_deployments;
    PrimaryButton* m_new;
    QLabel* m_listTitle;
    DeploymentList* m_list;
    QWidget* m_right;
    StepBar* m_steps;
    QStackedWidget* m_body;
    EmptyState* m_nothing;
    DeployWizard* m_wizard = nullptr;
};

} // namespace lapidary
