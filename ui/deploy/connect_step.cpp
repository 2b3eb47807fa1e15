// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/connect_step.h"

#include "engine/deploy/choices.h"
#include "ui/cards/card.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/deploy/sign_in_panel.h"
#include "ui/deploy/target_text.h"
#include "ui/deploy/workspace_chooser.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {

std::string textOf(const QLineEdit* line) { return line->text().trimmed().toStdString(); }

} // namespace

ConnectStep::ConnectStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_targets(new QButtonGroup(this)),
      m_registry(new Card),
      m_registryTitle(makeTitle()),
      m_registryName(new QLineEdit),
      m_registryHint(makeHint(nullptr)),
      m_account(new Card),
      m_accountTitle(makeTitle()),
      m_workspace(new Card),
      m_workspaceTitle(makeTitle()),
      m_workspaces(new WorkspaceChooser(draft.deployments().jobs(), draft.deployments().account()))
{
    auto* where = new Card;
    for (const TargetText& text : targetTexts()) {
        auto* button = new QRadioButton;
        button->setObjectName(QLatin1String("target-") + QLatin1String(text.id));
        m_targets->addButton(button, static_cast<int>(m_purposes.size()));
        auto* purpose = makeHint(nullptr);
        purpose->setIndent(22);
        m_purposes << purpose;
        where->column()->addWidget(button);
        where->column()->addWidget(purpose);
    }
    m_registryName->setObjectName(QStringLiteral("registry"));
    m_registry->column()->addWidget(m_registryTitle);
    m_registry->column()->addWidget(m_registryName);
    m_registry->column()->addWidget(m_registryHint);
    m_account->column()->addWidget(m_accountTitle);
    m_account->column()->addWidget(new SignInPanel(draft.deployments().account()));
    m_workspace->column()->addWidget(m_workspaceTitle);
    m_workspace->column()->addWidget(m_workspaces);
    for (Card* card : {where, m_registry, m_account, m_workspace})
        column()->addWidget(card);
    column()->addStretch(1);

    connect(m_targets, &QButtonGroup::idClicked, this,
            [this](int index) { chooseTarget(targetTexts()[static_cast<size_t>(index)].id); });
    connect(m_workspaces, &WorkspaceChooser::workspaceChosen, this, [this] {
        deploy::Choices choices = m_draft.choices();
        choices.workspace = m_workspaces->workspace();
        // What the workspace says about itself is asked anew.
        choices.location.clear();
        choices.datastore.clear();
        choices.storageRoot.clear();
        choices.registry.clear();
        m_draft.setChoices(choices);
        emit completeChanged();
    });
    connect(m_registryName, &QLineEdit::textChanged, this, [this](const QString& name) {
        deploy::Choices choices = m_draft.choices();
        choices.registry = name.trimmed().toStdString();
        m_draft.setChoices(choices);
        showTarget();
        emit completeChanged();
    });
    connect(&draft.deployments().account(), &AzureAccount::changed, this, &QWizardPage::completeChanged);
    m_workspaces->setWorkspace(draft.choices().workspace);
    retranslate();
    showTarget();
}

void ConnectStep::chooseTarget(const std::string& id)
{
    deploy::Choices choices = m_draft.choices();
    // The registry of a workspace is asked for anew; that of a cluster is typed.
    choices.registry = id == deploy::kubernetesTarget ? textOf(m_registryName) : std::string();
    choices.target = id;
    m_draft.setChoices(choices);
    writeSetting(settings::deployTarget, QString::fromStdString(id));
    showTarget();
    emit completeChanged();
}

void ConnectStep::showTarget()
{
    for (size_t i = 0; i < targetTexts().size(); ++i) {
        if (targetTexts()[i].id == m_draft.choices().target)
            m_targets->button(static_cast<int>(i))->setChecked(true);
    }
    const bool cluster = m_draft.choices().target == deploy::kubernetesTarget;
    m_registry->setVisible(cluster);
    m_account->setVisible(m_draft.isAzure());
    m_workspace->setVisible(m_draft.isAzure() && !cluster);
}

bool ConnectStep::isComplete() const
{
    const deploy::Choices& choices = m_draft.choices();
    const bool cluster = choices.target == deploy::kubernetesTarget;
    if (cluster && choices.registry.empty())
        return false;
    if (!m_draft.isAzure())
        return true;
    return m_draft.deployments().account().state() == AzureAccount::State::SignedIn &&
           (cluster || !choices.workspace.path().empty());
}

void ConnectStep::retranslate()
{
    setTitle(tr("Where should the model run?"));
    for (qsizetype i = 0; i < m_purposes.size(); ++i) {
        const TargetText& text = targetTexts()[static_cast<size_t>(i)];
        m_targets->button(static_cast<int>(i))->setText(targetName(text.id));
        m_purposes[i]->setText(QCoreApplication::translate("targets", text.purpose));
    }
    m_registryTitle->setText(tr("Container registry"));
    m_registryName->setPlaceholderText(QStringLiteral("name.azurecr.io"));
    m_registryHint->setText(tr("Where the image is pushed to and the cluster pulls it from."));
    m_accountTitle->setText(tr("Azure account"));
    m_workspaceTitle->setText(tr("Workspace"));
}

} // namespace lapidary
