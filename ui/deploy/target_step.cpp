// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/target_step.h"

#include "ui/cards/card.h"
#include "ui/deploy/deploy_draft.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

QSpinBox* makeNumber(int lowest, int highest)
{
    auto* box = new QSpinBox;
    box->setRange(lowest, highest);
    box->setMaximumWidth(140);
    return box;
}

// Shows the row of this data, or the first.
void selectData(QComboBox& box, const std::string& data)
{
    box.setCurrentIndex(std::max(0, box.findData(QString::fromStdString(data))));
}

} // namespace

TargetStep::TargetStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_kinds(new QStackedWidget),
      m_engine(new QComboBox),
      m_port(makeNumber(0, 65535)),
      m_localHint(makeHint(nullptr)),
      m_endpoint(new QLineEdit),
      m_deployment(new QLineEdit),
      m_size(new QComboBox),
      m_instances(makeNumber(1, 50)),
      m_auth(new QComboBox),
      m_timeout(makeNumber(1, 180)),
      m_atOnce(makeNumber(1, 1000)),
      m_managedHint(makeHint(nullptr))
{
    m_engine->setObjectName(QStringLiteral("engine"));
    m_endpoint->setObjectName(QStringLiteral("endpointName"));
    m_deployment->setObjectName(QStringLiteral("deploymentName"));
    m_size->setObjectName(QStringLiteral("instanceType"));
    m_kinds->addWidget(makeLocal());
    m_kinds->addWidget(makeManaged());
    column()->addWidget(m_kinds);
    column()->addStretch(1);
    retranslate();
}

QWidget* TargetStep::makeLocal()
{
    for (const char* engine : {"process", "podman", "docker"})
        m_engine->addItem(QString(), QLatin1String(engine));
    auto* form = makeForm();
    m_engineCaption = addRow(*form, m_engine);
    m_portCaption = addRow(*form, m_port);
    auto* card = new Card;
    card->column()->addLayout(form);
    card->column()->addWidget(m_localHint);
    card->column()->addStretch(1);
    connect(m_engine, &QComboBox::currentIndexChanged, this, &TargetStep::apply);
    connect(m_port, &QSpinBox::valueChanged, this, &TargetStep::apply);
    return card;
}

QWidget* TargetStep::makeManaged()
{
    m_size->setEditable(true);
    for (const char* size : {"Standard_DS2_v2", "Standard_DS3_v2", "Standard_DS4_v2", "Standard_F2s_v2",
                             "Standard_F4s_v2", "Standard_F8s_v2"})
        m_size->addItem(QLatin1String(size));
    for (const char* mode : {"Key", "AMLToken", "AADToken"})
        m_auth->addItem(QString(), QLatin1String(mode));
    auto* form = makeForm();
    m_endpointCaption = addRow(*form, m_endpoint);
    m_deploymentCaption = addRow(*form, m_deployment);
    m_sizeCaption = addRow(*form, m_size);
    m_instancesCaption = addRow(*form, m_instances);
    m_authCaption = addRow(*form, m_auth);
    m_timeoutCaption = addRow(*form, m_timeout);
    m_atOnceCaption = addRow(*form, m_atOnce);
    auto* card = new Card;
    card->column()->addLayout(form);
    card->column()->addWidget(m_managedHint);
    card->column()->addStretch(1);
    connect(m_endpoint, &QLineEdit::textChanged, this, &TargetStep::apply);
    connect(m_deployment, &QLineEdit::textChanged, this, &TargetStep::apply);
    connect(m_size, &QComboBox::currentTextChanged, this, &TargetStep::apply);
    connect(m_auth, &QComboBox::currentIndexChanged, this, &TargetStep::apply);
    for (QSpinBox* box : {m_instances, m_timeout, m_atOnce})
        connect(box, &QSpinBox::valueChanged, this, &TargetStep::apply);
    return card;
}

void TargetStep::initializePage()
{
    const deploy::Choices& choices = m_draft.choices();
    m_filling = true;
    m_kinds->setCurrentIndex(m_draft.isAzure() ? 1 : 0);
    selectData(*m_engine, choices.engine);
    m_port->setValue(choices.port);
    m_endpoint->setText(QString::fromStdString(choices.endpoint));
    m_deployment->setText(QString::fromStdString(choices.deployment));
    m_size->setCurrentText(QString::fromStdString(choices.instanceType));
    m_instances->setValue(choices.instances);
    selectData(*m_auth, choices.authMode);
    m_timeout->setValue(choices.requestTimeoutSeconds);
    m_atOnce->setValue(choices.requestsAtOnce);
    m_filling = false;
}

void TargetStep::apply()
{
    if (m_filling)
        return;
    deploy::Choices choices = m_draft.choices();
    choices.engine = m_engine->currentData().toString().toStdString();
    choices.port = m_port->value();
    choices.endpoint = m_endpoint->text().trimmed().toStdString();
    choices.deployment = m_deployment->text().trimmed().toStdString();
    choices.instanceType = m_size->currentText().trimmed().toStdString();
    choices.instances = m_instances->value();
    choices.authMode = m_auth->currentData().toString().toStdString();
    choices.requestTimeoutSeconds = m_timeout->value();
    choices.requestsAtOnce = m_atOnce->value();
    m_draft.setChoices(choices);
}

void TargetStep::retranslate()
{
    setTitle(tr("Size and access"));
    m_engineCaption->setText(tr("Run it"));
    m_engine->setItemText(0, tr("As a process of this computer"));
    m_engine->setItemText(1, tr("With Podman"));
    m_engine->setItemText(2, tr("With Docker"));
    m_portCaption->setText(tr("Port"));
    m_port->setSpecialValueText(tr("Any free one"));
    m_localHint->setText(
        tr("Only this computer can reach it. The probes and the sample request are those that "
           "Azure would use."));
    m_endpointCaption->setText(tr("Endpoint"));
    m_deploymentCaption->setText(tr("Deployment"));
    m_sizeCaption->setText(tr("Size of a machine"));
    m_instancesCaption->setText(tr("Machines"));
    m_authCaption->setText(tr("Callers send"));
    m_auth->setItemText(0, tr("A key"));
    m_auth->setItemText(1, tr("A token of Azure Machine Learning"));
    m_auth->setItemText(2, tr("A token of Microsoft Entra"));
    m_timeoutCaption->setText(tr("Time for a request"));
    m_timeout->setSuffix(tr(" s", "seconds"));
    m_atOnceCaption->setText(tr("Requests at once"));
    m_atOnce->setToolTip(tr("On each machine"));
    m_managedHint->setText(tr("Machines are paid from the moment that they are there until the deployment is "
                              "deleted; there is no sleep. More machines take 10 to 20 minutes to come."));
}

} // namespace lapidary
