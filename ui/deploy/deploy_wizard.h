// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: from a model to an endpoint in eight steps. It begins at the first for a new deployment, and at
// the sixth for one that was begun before. Lives inside the deploy page.
#pragma once

#include <QWizard>

namespace lapidary {

class ConnectStep;
class DeployDraft;
class Deployments;
class ModelDocument;
class ProgressStep;
class StepPage;
class TestStep;
class WatchStep;

enum class WizardStep { Connect, Register, Image, Target, Review, Deploy, Test, Watch };
constexpr int wizardSteps = 8;

class DeployWizard : public QWizard {
    Q_OBJECT
public:
    // All outlive it. run: the id of a deployment that is shown; empty: a new one.
    DeployWizard(ModelDocument& document, Deployments& deployments, const QString& run,
                 QWidget* parent = nullptr);

    QString run() const { return m_run; }
    WizardStep step() const { return static_cast<WizardStep>(currentId()); }
    static QStringList stepNames();
    ConnectStep* connectStep() const { return m_connect; } // null in one of a deployment that was begun
    TestStep& testStep() const { return *m_test; }
    // The same for a deployment on this computer.
    void chooseLocal();

    void reject() override; // Cancel, Escape

signals:
    void stepChanged(lapidary::WizardStep step);
    void started(const QString& run);
    void closed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void setRun(const QString& id);
    void retranslate();

    DeployDraft* m_draft = nullptr;
    QString m_run;
    ConnectStep* m_connect = nullptr;
    ProgressStep* m_progress;
    TestStep* m_test;
    WatchStep* m_watch;
};

} // namespace lapidary
