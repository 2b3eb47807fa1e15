// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/deploy_page.h"

#include "ui/cards/card.h"
#include "ui/cards/empty_state.h"
#include "ui/deploy/deploy_wizard.h"
#include "ui/deploy/deployment_list.h"
#include "ui/deploy/deployments.h"
#include "ui/deploy/step_bar.h"
#include "ui/document/model_document.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace lapidary {

DeployPage::DeployPage(ModelDocument& document, Deployments& deployments, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_deployments(deployments),
      m_new(new PrimaryButton),
      m_listTitle(new QLabel),
      m_list(new DeploymentList(deployments)),
      m_right(new QWidget),
      m_steps(new StepBar),
      m_body(new QStackedWidget),
      m_nothing(new EmptyState(QStringLiteral("deploy")))
{
    m_new->setObjectName(QStringLiteral("newDeployment"));
    m_listTitle->setFont(sectionFont(m_listTitle->font()));
    auto* left = new QWidget;
    left->setMinimumWidth(180);
    auto* leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(12, 12, 8, 12);
    leftColumn->setSpacing(10);
    leftColumn->addWidget(m_new);
    leftColumn->addWidget(m_listTitle);
    leftColumn->addWidget(m_list, 1);
    m_body->addWidget(m_nothing);
    auto* rightColumn = new QVBoxLayout(m_right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(0);
    rightColumn->addWidget(m_steps);
    rightColumn->addWidget(m_body, 1);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(left);
    splitter->addWidget(m_right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({230, 900});
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);

    connect(m_new, &QPushButton::clicked, this, &DeployPage::begin);
    connect(m_list, &DeploymentList::chosen, this, &DeployPage::showRun);
    connect(&deployments, &Deployments::listChanged, this,
            [this] { m_listTitle->setVisible(!m_deployments.runs().empty()); });
    connect(&document, &ModelDocument::modelChanged, this, &DeployPage::showModel);
    retranslate();
    closeWizard();
    m_listTitle->setVisible(!deployments.runs().empty());
    deployments.refresh();
}

DeployPage::~DeployPage() = default;

void DeployPage::begin()
{
    if (m_document.model())
        open({});
}

void DeployPage::showRun(const QString& id)
{
    if (!m_wizard || m_wizard->run() != id)
        open(id);
}

void DeployPage::open(const QString& run)
{
    closeWizard();
    m_wizard = new DeployWizard(m_document, m_deployments, run, this);
    m_body->addWidget(m_wizard);
    m_body->setCurrentWidget(m_wizard);
    m_steps->setCurrent(static_cast<int>(m_wizard->step()));
    m_steps->show();
    m_list->setCurrent(run);
    connect(m_wizard, &DeployWizard::stepChanged, m_steps,
            [this](WizardStep step) { m_steps->setCurrent(static_cast<int>(step)); });
    connect(m_wizard, &DeployWizard::started, m_list, &DeploymentList::setCurrent);
    connect(m_wizard, &DeployWizard::closed, this, &DeployPage::closeWizard);
}

void DeployPage::closeWizard()
{
    if (m_wizard) {
        m_body->removeWidget(m_wizard);
        m_wizard->deleteLater(); // it may be the one that says so
    }
    m_wizard = nullptr;
    m_steps->hide();
    m_list->setCurrent({});
    m_body->setCurrentWidget(m_nothing);
    showModel();
}

void DeployPage::showModel()
{
    // A draft is of the model that was open; a deployment is of its own.
    if (m_wizard && m_wizard->run().isEmpty())
        closeWizard();
    m_new->setEnabled(m_document.model() != nullptr);
}

void DeployPage::showEvent(QShowEvent* event)
{
    m_deployments.refresh();
    QWidget::showEvent(event);
}

void DeployPage::retranslate()
{
    setAccessibleName(tr("Deploy"));
    m_new->setText(tr("New deployment"));
    m_listTitle->setText(tr("Deployments").toUpper());
    setTextColor(*m_listTitle, Theme::instance().colors().mutedText);
    m_steps->setNames(DeployWizard::stepNames());
    m_nothing->setTexts(tr("Put the model behind an address"),
                        tr("Press New deployment: the model is registered, put into an image and started, on "
                           "this computer or on Azure. Every request is shown before it is sent."));
}

void DeployPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
