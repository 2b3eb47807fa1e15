// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/review_step.h"

#include "engine/deploy/files.h"
#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/deploy/check_list.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/deploy/request_list.h"
#include "ui/deploy/target_text.h"
#include "ui/errors/engine_texts.h"
#include "ui/settings/settings.h"
#include "ui/text/numbers.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace lapidary {

ReviewStep::ReviewStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_summary(new QLabel),
      m_cost(new QLabel),
      m_error(new ErrorLine),
      m_checks(new CheckList),
      m_gate(new QWidget),
      m_gateText(makeHint(nullptr)),
      m_tryHere(new QPushButton),
      m_anyway(new QCheckBox),
      m_requests(new RequestList),
      m_export(new QPushButton),
      m_formats(new QMenu(this))
{
    setCommitPage(true);
    m_summary->setWordWrap(true);
    m_cost->setObjectName(QStringLiteral("cost"));
    m_cost->setWordWrap(true);
    m_export->setMenu(m_formats);
    m_tryHere->setObjectName(QStringLiteral("tryHere"));
    m_anyway->setObjectName(QStringLiteral("deployAnyway"));
    m_requests->setMinimumHeight(220);
    auto* gate = new QHBoxLayout(m_gate);
    gate->setContentsMargins(0, 0, 0, 0);
    gate->setSpacing(10);
    gate->addWidget(m_gateText, 1);
    gate->addWidget(m_tryHere);
    gate->addWidget(m_anyway);
    auto* top = new QHBoxLayout;
    top->setSpacing(10);
    top->addWidget(m_summary, 1);
    top->addWidget(m_export, 0, Qt::AlignTop);
    auto* card = new Card;
    card->column()->addLayout(top);
    card->column()->addWidget(m_cost);
    card->column()->addWidget(m_checks);
    card->column()->addWidget(m_gate);
    card->column()->addWidget(m_error);
    auto* plan = new Card;
    plan->column()->addWidget(m_requests, 1);
    column()->addWidget(card);
    column()->addWidget(plan, 1);
    connect(&draft, &DeployDraft::planned, this, &ReviewStep::showPlan);
    connect(&draft.deployments(), &Deployments::listChanged, this, &ReviewStep::showGate);
    connect(m_anyway, &QCheckBox::toggled, this, &QWizardPage::completeChanged);
    connect(m_tryHere, &QPushButton::clicked, this, &ReviewStep::localRequested);
    connect(&draft, &DeployDraft::checked, this, &ReviewStep::showFindings);
    connect(m_checks, &CheckList::mendRequested, &draft, &DeployDraft::mend);
    connect(m_formats, &QMenu::aboutToShow, this, &ReviewStep::fillExports);
    retranslate();
}

void ReviewStep::initializePage()
{
    m_anyway->setChecked(false);
    m_draft.makePlan();
    showPlan();
}

bool ReviewStep::mustTryFirst() const
{
    return m_draft.isAzure() && m_draft.files() && !m_draft.deployments().wasTriedHere(m_draft.files()->hash);
}

bool ReviewStep::isComplete() const { return m_draft.plan() && (!mustTryFirst() || m_anyway->isChecked()); }

bool ReviewStep::validatePage()
{
    if (!isComplete())
        return false;
    const deploy::DeployPlan plan = *m_draft.plan();
    m_draft.deployments().start(plan, m_draft.apiKey());
    emit started(QString::fromStdString(plan.id));
    return true;
}

void ReviewStep::showPlan()
{
    const deploy::DeployPlan* plan = m_draft.plan();
    m_requests->setPlan(plan);
    m_export->setEnabled(plan != nullptr);
    if (plan) {
        const deploy::Choices choices = deploy::choicesFromJson(plan->choices);
        const int steps = static_cast<int>(plan->steps.size());
        m_summary->setText(tr("%1, version %2 → %3. %4; nothing has happened yet.")
                               .arg(QString::fromStdString(choices.modelName),
                                    QString::fromStdString(choices.modelVersion), targetName(plan->target),
                                    tr("%n step(s)", nullptr, steps)));
    } else if (m_draft.isPlanning()) {
        m_summary->setText(m_draft.isAzure() ? tr("Asking the workspace…") : tr("Making the plan…"));
    } else {
        m_summary->setText(tr("There is no plan yet."));
    }
    showFindings();
    showGate();
}

void ReviewStep::showGate()
{
    m_gate->setVisible(mustTryFirst());
    emit completeChanged();
}

void ReviewStep::showFindings()
{
    const auto& findings = m_draft.findings();
    m_error->setError(m_draft.isPlanning() ? std::nullopt : m_draft.error());
    m_checks->setChecks(findings ? findings->checks : std::vector<deploy::Check>());
    m_requests->setDifferences(findings ? findings->differences : std::vector<deploy::ResourceDifference>());
    m_cost->setVisible(m_draft.isChecking() || (findings && findings->price));
    if (m_draft.isChecking())
        m_cost->setText(tr("Checking quota, permissions and cost…"));
    else if (findings && findings->price)
        m_cost->setText(tr("About %1 an hour, %2 a month, from the first minute until it is deleted (%3).")
                            .arg(moneyText(findings->price->perHour, findings->price->currency),
                                 moneyText(findings->price->perMonth(), findings->price->currency),
                                 inUsersLanguage(findings->price->source)));
}

void ReviewStep::fillExports()
{
    m_formats->clear();
    if (!m_draft.plan())
        return;
    connect(m_formats->addAction(tr("The plan, as JSON…")), &QAction::triggered, this,
            [this] { save(std::nullopt); });
    for (const deploy::ExportFormat format : deploy::exportFormatsOf(m_draft.plan()->target)) {
        const QString name = format == deploy::ExportFormat::Curl       ? tr("A script with curl…")
                             : format == deploy::ExportFormat::AzureCli ? tr("A script with Azure CLI…")
                             : format == deploy::ExportFormat::Bicep    ? tr("A Bicep template…")
                                                                        : tr("Kubernetes manifests…");
        connect(m_formats->addAction(name), &QAction::triggered, this, [this, format] { save(format); });
    }
}

void ReviewStep::save(std::optional<deploy::ExportFormat> format)
{
    auto text = format ? deploy::exportPlan(*m_draft.plan(), *format)
                       : Result<std::string>(toJson(*m_draft.plan()).dump(2) + "\n");
    if (!text.ok()) {
        m_error->setError(text.error());
        return;
    }
    auto* dialog = new QFileDialog(this, tr("Save the plan"), readSetting(settings::lastFolder));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(format ? QString::fromStdString(deploy::exportFileName(*format))
                              : QStringLiteral("plan.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, text = *text](const QString& path) {
        const Status status = deploy::writeTextFile(path.toStdString(), text);
        m_error->setError(status.ok() ? std::nullopt : std::optional(status.error()));
    });
    dialog->open();
}

void ReviewStep::retranslate()
{
    setTitle(tr("Review"));
    setButtonText(QWizard::CommitButton, tr("Deploy"));
    m_gateText->setText(
        tr("This model has not been tried on this computer yet: most failures in the cloud show "
           "here within a minute."));
    m_tryHere->setText(tr("Try it here first"));
    m_anyway->setText(tr("Deploy without"));
    m_export->setText(tr("Save as"));
    showPlan();
}

} // namespace lapidary
