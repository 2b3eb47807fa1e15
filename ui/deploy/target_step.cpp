// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/target_step.h"

#include "ui/cards/card.h"
#include "ui/deploy/deploy_draft.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace lapidary {

namespace {

using deploy::aciTarget;
using deploy::azureKubernetesTarget;
using deploy::kubernetesTarget;
using deploy::localTarget;
using deploy::managedTarget;

template <typename Box>
Box* makeNumber(double lowest, double highest)
{
    auto* box = new Box;
    box->setRange(lowest, highest);
    box->setFixedWidth(130);
    return box;
}

QLineEdit* makeLine(const char* name = nullptr)
{
    auto* line = new QLineEdit;
    if (name)
        line->setObjectName(QLatin1String(name));
    return line;
}

QComboBox* makeChoice(const char* name, std::initializer_list<const char*> data)
{
    auto* box = new QComboBox;
    box->setObjectName(QLatin1String(name));
    for (const char* item : data)
        box->addItem(QString(), QLatin1String(item));
    return box;
}

// Shows the row of this data, or the first.
void selectData(QComboBox& box, const std::string& data)
{
    box.setCurrentIndex(std::max(0, box.findData(QString::fromStdString(data))));
}

std::string textOf(const QLineEdit& line) { return line.text().trimmed().toStdString(); }

void setText(QLineEdit& line, const std::string& text) { line.setText(QString::fromStdString(text)); }

} // namespace

TargetStep::TargetStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_form(makeForm()),
      m_engine(makeChoice("engine", {"process", "podman", "docker"})),
      m_endpoint(makeLine("endpointName")),
      m_deployment(makeLine("deploymentName")),
      m_size(new QComboBox),
      m_compute(makeLine("compute")),
      m_cluster(makeLine()),
      m_clusterSize(makeLine()),
      m_namespace(makeLine()),
      m_cpu(makeNumber<QDoubleSpinBox>(0.1, 64)),
      m_memory(makeNumber<QDoubleSpinBox>(0.1, 1024)),
      m_instances(makeNumber<QSpinBox>(1, 50)),
      m_mostInstances(makeNumber<QSpinBox>(0, 100)),
      m_auth(makeChoice("authMode", {"Key", "AMLToken", "AADToken"})),
      m_apiKey(makeLine("apiKey")),
      m_timeout(makeNumber<QSpinBox>(1, 180)),
      m_atOnce(makeNumber<QSpinBox>(1, 1000)),
      m_traffic(makeNumber<QSpinBox>(1, 100)),
      m_port(makeNumber<QSpinBox>(0, 65535)),
      m_pullIdentity(makeLine()),
      m_keySecret(makeLine()),
      m_pullSecret(makeLine()),
      m_apply(new QCheckBox),
      m_context(makeLine()),
      m_hint(makeHint(nullptr))
{
    m_size->setObjectName(QStringLiteral("instanceType"));
    m_port->setObjectName(QStringLiteral("port"));
    m_size->setEditable(true);
    m_size->setInsertPolicy(QComboBox::NoInsert);
    m_size->setMinimumWidth(260);
    for (QDoubleSpinBox* box : {m_cpu, m_memory}) {
        box->setDecimals(1);
        box->setSingleStep(0.5);
    }
    add(m_engine, {localTarget});
    add(m_endpoint, {managedTarget, azureKubernetesTarget, aciTarget, kubernetesTarget});
    add(m_deployment, {managedTarget, azureKubernetesTarget});
    add(m_size, {managedTarget});
    add(m_compute, {azureKubernetesTarget});
    add(m_cluster, {azureKubernetesTarget});
    add(m_clusterSize, {azureKubernetesTarget});
    add(m_namespace, {azureKubernetesTarget, kubernetesTarget});
    add(m_cpu, {azureKubernetesTarget, aciTarget, kubernetesTarget});
    add(m_memory, {azureKubernetesTarget, aciTarget, kubernetesTarget});
    add(m_instances, {managedTarget, azureKubernetesTarget, kubernetesTarget});
    add(m_mostInstances, {azureKubernetesTarget, kubernetesTarget});
    add(m_auth, {managedTarget, azureKubernetesTarget});
    add(m_apiKey, {aciTarget});
    add(m_timeout, {managedTarget, azureKubernetesTarget});
    add(m_atOnce, {managedTarget, azureKubernetesTarget});
    add(m_traffic, {managedTarget, azureKubernetesTarget});
    add(m_port, {localTarget, aciTarget});
    add(m_pullIdentity, {aciTarget});
    add(m_keySecret, {kubernetesTarget});
    add(m_pullSecret, {kubernetesTarget});
    add(m_apply, {kubernetesTarget});
    add(m_context, {kubernetesTarget});
    auto* card = new Card;
    card->column()->addLayout(m_form);
    card->column()->addWidget(m_hint);
    column()->addWidget(card);
    column()->addStretch(1);

    for (const Row& row : m_rows) {
        if (auto* line = qobject_cast<QLineEdit*>(row.field))
            connect(line, &QLineEdit::textChanged, this, &TargetStep::apply);
        else if (auto* number = qobject_cast<QSpinBox*>(row.field))
            connect(number, &QSpinBox::valueChanged, this, &TargetStep::apply);
        else if (auto* decimal = qobject_cast<QDoubleSpinBox*>(row.field))
            connect(decimal, &QDoubleSpinBox::valueChanged, this, &TargetStep::apply);
        else if (auto* box = qobject_cast<QComboBox*>(row.field))
            connect(box, &QComboBox::currentTextChanged, this, &TargetStep::apply);
        else if (auto* check = qobject_cast<QCheckBox*>(row.field))
            connect(check, &QCheckBox::toggled, this, &TargetStep::apply);
    }
    connect(&draft, &DeployDraft::sizesFound, this, &TargetStep::showSizes);
    retranslate();
}

QLabel* TargetStep::add(QWidget* field, std::initializer_list<const char*> targets)
{
    m_captions.push_back(addRow(*m_form, field));
    m_rows.push_back({field, {targets.begin(), targets.end()}});
    return m_captions.back();
}

void TargetStep::initializePage()
{
    const deploy::Choices choices = m_draft.choices();
    m_filling = true;
    // What Python needs is in a container only.
    const bool python = deploy::isPython(choices);
    if (auto* engines = qobject_cast<QStandardItemModel*>(m_engine->model()))
        engines->item(0)->setEnabled(!python);
    selectData(*m_engine, python && choices.engine == "process" ? "podman" : choices.engine);
    setText(*m_endpoint, choices.endpoint);
    setText(*m_deployment, choices.deployment);
    m_size->setCurrentText(QString::fromStdString(choices.instanceType));
    setText(*m_compute, choices.compute);
    setText(*m_cluster, choices.cluster);
    setText(*m_clusterSize, choices.clusterInstanceType);
    setText(*m_namespace, choices.kubeNamespace);
    m_cpu->setValue(choices.cpu);
    m_memory->setValue(choices.memoryGb);
    m_instances->setValue(choices.instances);
    m_mostInstances->setValue(choices.mostInstances);
    selectData(*m_auth, choices.authMode);
    m_apiKey->setText(m_draft.apiKey());
    m_timeout->setValue(choices.requestTimeoutSeconds);
    m_atOnce->setValue(choices.requestsAtOnce);
    m_traffic->setValue(choices.trafficPercent);
    m_port->setValue(choices.port);
    setText(*m_pullIdentity, choices.pullIdentity);
    setText(*m_keySecret, choices.keySecret);
    setText(*m_pullSecret, choices.pullSecret);
    m_apply->setChecked(choices.kubeApply);
    setText(*m_context, choices.kubeContext);
    m_filling = false;
    apply();
    if (choices.target == managedTarget)
        m_draft.findSizes();
    showRows();
    retranslate();
}

void TargetStep::showRows()
{
    const std::string& target = m_draft.choices().target;
    for (const Row& row : m_rows)
        m_form->setRowVisible(row.field, std::ranges::find(row.targets, target) != row.targets.end());
    m_form->setRowVisible(m_context, target == kubernetesTarget && m_apply->isChecked());
}

// What the region has, with what one wants to know of it; the choice stays.
void TargetStep::showSizes()
{
    m_filling = true;
    const QString chosen = m_size->currentText();
    m_size->clear();
    for (const deploy::InstanceType& size : m_draft.sizes()) {
        m_size->addItem(QString::fromStdString(size.name));
        m_size->setItemData(m_size->count() - 1,
                            tr("%1 processors, %2 GB", "of a machine")
                                .arg(QLocale().toString(size.vCpus), QLocale().toString(size.memoryGb)),
                            Qt::ToolTipRole);
    }
    m_size->setCurrentText(chosen);
    m_filling = false;
}

bool TargetStep::isComplete() const
{
    const deploy::Choices& choices = m_draft.choices();
    if (choices.target == azureKubernetesTarget && choices.compute.empty())
        return false;
    if (choices.target == aciTarget && m_draft.apiKey().size() < 16)
        return false;
    return choices.target == localTarget || !choices.endpoint.empty();
}

void TargetStep::apply()
{
    if (m_filling)
        return;
    deploy::Choices choices = m_draft.choices();
    choices.engine = m_engine->currentData().toString().toStdString();
    choices.endpoint = textOf(*m_endpoint);
    choices.deployment = textOf(*m_deployment);
    choices.instanceType = m_size->currentText().trimmed().toStdString();
    choices.compute = textOf(*m_compute);
    choices.cluster = textOf(*m_cluster);
    choices.clusterInstanceType = textOf(*m_clusterSize);
    choices.kubeNamespace = textOf(*m_namespace);
    choices.cpu = m_cpu->value();
    choices.memoryGb = m_memory->value();
    choices.instances = m_instances->value();
    choices.mostInstances = m_mostInstances->value();
    choices.authMode = m_auth->currentData().toString().toStdString();
    m_draft.setApiKey(m_apiKey->text().trimmed());
    choices.requestTimeoutSeconds = m_timeout->value();
    choices.requestsAtOnce = m_atOnce->value();
    choices.trafficPercent = m_traffic->value();
    choices.port = m_port->value();
    choices.pullIdentity = textOf(*m_pullIdentity);
    choices.keySecret = textOf(*m_keySecret);
    choices.pullSecret = textOf(*m_pullSecret);
    choices.kubeApply = m_apply->isChecked();
    choices.kubeContext = textOf(*m_context);
    m_draft.setChoices(choices);
    showRows();
    emit completeChanged();
}

void TargetStep::retranslate()
{
    setTitle(tr("Size and access"));
    const std::string& target = m_draft.choices().target;
    // In the order of the rows.
    const QString captions[] = {
        tr("Run it"),
        target == aciTarget          ? tr("Container group")
        : target == kubernetesTarget ? tr("Name in the cluster")
                                     : tr("Endpoint"),
        tr("Deployment"),
        tr("Size of a machine"),
        tr("Compute"),
        tr("Cluster to attach"),
        tr("Instance type"),
        tr("Namespace"),
        tr("Processors"),
        tr("Memory"),
        target == managedTarget ? tr("Machines") : tr("Replicas"),
        tr("At most"),
        tr("Callers send"),
        tr("Key for callers"),
        tr("Time for a request"),
        tr("Requests at once"),
        tr("Share of the calls"),
        tr("Port"),
        tr("Identity that pulls"),
        tr("Secret with the key"),
        tr("Secret that pulls"),
        tr("Cluster"),
        tr("Context of kubectl"),
    };
    for (size_t i = 0; i < m_captions.size(); ++i)
        m_captions[i]->setText(captions[i]);
    m_engine->setItemText(0, tr("As a process of this computer"));
    m_engine->setItemText(1, tr("With Podman"));
    m_engine->setItemText(2, tr("With Docker"));
    m_compute->setPlaceholderText(tr("Name of the Kubernetes compute in the workspace"));
    m_cluster->setPlaceholderText(tr("Id of an AKS or Arc cluster; empty: it is attached already"));
    m_clusterSize->setPlaceholderText(tr("Of the compute; empty: its default"));
    m_memory->setSuffix(tr(" GB", "gigabytes"));
    m_mostInstances->setSpecialValueText(tr("No scaling"));
    m_mostInstances->setToolTip(tr("Replicas when the load is high"));
    m_auth->setItemText(0, tr("A key"));
    m_auth->setItemText(1, tr("A token of Azure Machine Learning"));
    m_auth->setItemText(2, tr("A token of Microsoft Entra"));
    m_apiKey->setToolTip(tr("At least 16 letters. Callers need it; it is kept in the keychain, or nowhere."));
    m_timeout->setSuffix(tr(" s", "seconds"));
    m_atOnce->setToolTip(tr("On each machine"));
    m_traffic->setSuffix(tr(" %", "percent"));
    m_traffic->setToolTip(tr("The other deployments of the endpoint share the rest"));
    m_port->setSpecialValueText(target == aciTarget ? QStringLiteral("5001") : tr("Any free one"));
    m_pullIdentity->setPlaceholderText(
        tr("Id of an identity with AcrPull; empty: the registry's admin user"));
    m_keySecret->setPlaceholderText(tr("With the entry api-key; empty: anybody in the cluster may call"));
    m_pullSecret->setPlaceholderText(tr("Empty: the cluster may pull already"));
    m_apply->setText(tr("Apply the manifests with kubectl"));
    m_context->setPlaceholderText(tr("Empty: the current one"));
    if (target == localTarget)
        m_hint->setText(
            tr("Only this computer can reach it. The probes and the sample request are those that "
               "Azure would use."));
    else if (target == managedTarget)
        m_hint->setText(tr("Machines are paid from the moment that they are there until the deployment is "
                           "deleted; there is no sleep. More machines take 10 to 20 minutes to come."));
    else if (target == aciTarget)
        m_hint->setText(
            tr("A container group speaks plain HTTP: whoever listens on the way can read requests "
               "and the key. Paid by the second until it is deleted."));
    else
        m_hint->setText(tr("The cluster's machines are paid as before; nothing is added."));
}

} // namespace lapidary
