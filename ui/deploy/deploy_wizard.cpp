// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/deploy_wizard.h"

#include "engine/deploy/choices.h"
#include "ui/cards/card.h"
#include "ui/deploy/connect_step.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/deploy/deployments.h"
#include "ui/deploy/image_step.h"
#include "ui/deploy/progress_step.h"
#include "ui/deploy/register_step.h"
#include "ui/deploy/review_step.h"
#include "ui/deploy/target_step.h"
#include "ui/deploy/test_step.h"
#include "ui/deploy/watch_step.h"

#include <QEvent>

namespace lapidary {

namespace {
int idOf(WizardStep step) { return static_cast<int>(step); }
} // namespace

DeployWizard::DeployWizard(ModelDocument& document, Deployments& deployments, const QString& run,
                           QWidget* parent)
    : QWizard(parent, Qt::Widget),
      m_progress(new ProgressStep(deployments)),
      m_test(new TestStep(document, deployments)),
      m_watch(new WatchStep(deployments))
{
    setWizardStyle(QWizard::ClassicStyle);
    setOption(QWizard::NoBackButtonOnStartPage);
    setOption(QWizard::NoCancelButtonOnLastPage);
    for (const QWizard::WizardButton button :
         {QWizard::NextButton, QWizard::CommitButton, QWizard::FinishButton})
        setButton(button, new PrimaryButton);
    if (run.isEmpty()) {
        m_draft = new DeployDraft(document, deployments, this);
        m_connect = new ConnectStep(*m_draft);
        auto* review = new ReviewStep(*m_draft);
        setPage(idOf(WizardStep::Connect), m_connect);
        setPage(idOf(WizardStep::Register), new RegisterStep(*m_draft));
        setPage(idOf(WizardStep::Image), new ImageStep(*m_draft));
        setPage(idOf(WizardStep::Target), new TargetStep(*m_draft));
        setPage(idOf(WizardStep::Review), review);
        connect(review, &ReviewStep::localRequested, this, &DeployWizard::chooseLocal);
        connect(review, &ReviewStep::started, this, [this](const QString& id) {
            setRun(id);
            emit started(id);
        });
    }
    setPage(idOf(WizardStep::Deploy), m_progress);
    setPage(idOf(WizardStep::Test), m_test);
    setPage(idOf(WizardStep::Watch), m_watch);
    setStartId(idOf(run.isEmpty() ? WizardStep::Connect : WizardStep::Deploy));
    if (!run.isEmpty()) {
        deployments.findApiKey(run);
        setRun(run);
    }
    connect(this, &QWizard::currentIdChanged, this, [this](int id) {
        if (id >= 0)
            emit stepChanged(static_cast<WizardStep>(id));
    });
    connect(this, &QDialog::finished, this, &DeployWizard::closed);
    retranslate();
    restart();
}

void DeployWizard::setRun(const QString& id)
{
    m_run = id;
    m_progress->setRun(id);
    m_test->setRun(id);
    m_watch->setRun(id);
    retranslate();
}

void DeployWizard::chooseLocal()
{
    restart();
    m_connect->chooseTarget(deploy::localTarget);
}

// The dialog does not hide itself: it is a part of the page, which decides.
void DeployWizard::reject() { emit closed(); }

QStringList DeployWizard::stepNames()
{
    return {tr("Connect"), tr("Register"), tr("Image"), tr("Size"),
            tr("Review"),  tr("Deploy"),   tr("Test"),  tr("Watch")};
}

void DeployWizard::retranslate()
{
    setButtonText(QWizard::BackButton, tr("Back"));
    setButtonText(QWizard::NextButton, tr("Next"));
    setButtonText(QWizard::FinishButton, tr("Close"));
    setButtonText(QWizard::CancelButton, m_run.isEmpty() ? tr("Cancel") : tr("Close"));
}

void DeployWizard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWizard::changeEvent(event);
}

} // namespace lapidary
