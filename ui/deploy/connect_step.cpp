// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/connect_step.h"

#include "ui/cards/card.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/deploy/sign_in_panel.h"
#include "ui/deploy/target_text.h"
#include "ui/deploy/workspace_chooser.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {

QLabel* makeTitle()
{
    auto* title = new QLabel;
    title->setFont(scaledFont(title->font(), 1.0, QFont::DemiBold));
    return title;
}

} // namespace

ConnectStep::ConnectStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_targets(new QButtonGroup(this)),
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
    m_account->column()->addWidget(m_accountTitle);
    m_account->column()->addWidget(new SignInPanel(draft.deployments().account()));
    m_workspace->column()->addWidget(m_workspaceTitle);
    m_workspace->column()->addWidget(m_workspaces);
    for (Card* card : {where, m_account, m_workspace})
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
    connect(&draft.deployments().account(), &AzureAccount::changed, this, &QWizardPage::completeChanged);
    m_workspaces->setWorkspace(draft.choices().workspace);
    retranslate();
    showTarget();
}

void ConnectStep::chooseTarget(const std::string& id)
{
    deploy::Choices choices = m_draft.choices();
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
    m_account->setVisible(m_draft.isAzure());
    m_workspace->setVisible(m_draft.isAzure());
}

bool ConnectStep::isComplete() const
{
    return !m_draft.isAzure() || (m_draft.deployments().account().state() == AzureAccount::State::SignedIn &&
                                  !m_draft.choices().workspace.path().empty());
}

void ConnectStep::retranslate()
{
    setTitle(tr("Where should the model run?"));
    for (qsizetype i = 0; i < m_purposes.size(); ++i) {
        const TargetText& text = targetTexts()[static_cast<size_t>(i)];
        m_targets->button(static_cast<int>(i))->setText(targetName(text.id));
        m_purposes[i]->setText(QCoreApplication::translate("targets", text.purpose));
    }
    m_accountTitle->setText(tr("Azure account"));
    m_workspaceTitle->setText(tr("Workspace"));
}

} // namespace lapidary
