// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/workspace_chooser.h"

#include "engine/deploy/files.h"
#include "engine/deploy/workspace.h"
#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/deploy/azure_account.h"
#include "ui/deploy/step_page.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {

Result<std::vector<deploy::Subscription>> allSubscriptions(const std::string&, deploy::ArmClient& arm,
                                                           JobContext& job)
{
    return deploy::subscriptions(arm, job);
}

} // namespace

WorkspaceChooser::WorkspaceChooser(JobQueue& jobs, AzureAccount& account, QWidget* parent)
    : QWidget(parent),
      m_jobs(jobs),
      m_account(account),
      m_chosen(makeHint(nullptr)),
      m_open(new QPushButton),
      m_save(new QPushButton),
      m_subscriptions(new QComboBox),
      m_workspaces(new QComboBox),
      m_error(new ErrorLine)
{
    m_subscriptions->setObjectName(QStringLiteral("subscriptions"));
    m_workspaces->setObjectName(QStringLiteral("workspaces"));
    for (QComboBox* box : {m_subscriptions, m_workspaces}) {
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    }
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_chosen, 1);
    row->addWidget(m_open);
    row->addWidget(m_save);
    auto* form = makeForm();
    m_subscriptionCaption = addRow(*form, m_subscriptions);
    m_workspaceCaption = addRow(*form, m_workspaces);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addLayout(form);
    column->addWidget(m_error);

    connect(m_open, &QPushButton::clicked, this, &WorkspaceChooser::openConfigFile);
    connect(m_save, &QPushButton::clicked, this, &WorkspaceChooser::saveConfigFile);
    connect(m_subscriptions, &QComboBox::activated, this, &WorkspaceChooser::browseWorkspaces);
    connect(m_workspaces, &QComboBox::activated, this, [this](int index) {
        if (index >= 0 && static_cast<size_t>(index) < m_found.size())
            choose(m_found[static_cast<size_t>(index)].workspace);
    });
    connect(&m_account, &AzureAccount::changed, this, &WorkspaceChooser::showState);
    retranslate();
}

void WorkspaceChooser::setWorkspace(const deploy::Workspace& workspace)
{
    m_workspace = workspace;
    showState();
}

void WorkspaceChooser::choose(const deploy::Workspace& workspace)
{
    m_error->setError(std::nullopt);
    setWorkspace(workspace);
    const auto text = [](const std::string& part) { return QString::fromStdString(part); };
    writeSetting(settings::azureWorkspace, QStringList{text(workspace.subscription),
                                                       text(workspace.resourceGroup), text(workspace.name)});
    emit workspaceChosen();
}

void WorkspaceChooser::useConfigFile(const QString& path)
{
    auto workspace = deploy::workspaceFromFile(path.toStdString());
    if (workspace.ok())
        choose(*workspace);
    else
        m_error->setError(workspace.error());
}

void WorkspaceChooser::openConfigFile()
{
    auto* dialog = new QFileDialog(this, tr("Open the workspace's config.json"),
                                   readSetting(settings::lastFolder), tr("JSON files (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &WorkspaceChooser::useConfigFile);
    dialog->open();
}

void WorkspaceChooser::saveConfigFile()
{
    auto* dialog = new QFileDialog(this, tr("Save the workspace as config.json"),
                                   readSetting(settings::lastFolder), tr("JSON files (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QStringLiteral("config.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const deploy::Json json = {{"subscription_id", m_workspace.subscription},
                                   {"resource_group", m_workspace.resourceGroup},
                                   {"workspace_name", m_workspace.name}};
        const Status status = deploy::writeTextFile(path.toStdString(), json.dump(2) + "\n");
        m_error->setError(status.ok() ? std::nullopt : std::optional(status.error()));
    });
    dialog->open();
}

// question is asked with the account's own connection, on the lane of Azure.
template <typename T>
void WorkspaceChooser::ask(const QString& title,
                           Result<std::vector<T>> (*question)(const std::string&, deploy::ArmClient&,
                                                              JobContext&),
                           const std::string& about, std::function<void(const std::vector<T>&)> done)
{
    JobOptions options;
    options.title = title.toStdString();
    options.lane = "azure";
    options.replaceKey = options.title;
    options.withOwner(m_alive);
    const auto work = [access = m_account.access(), question,
                       about](JobContext& job) -> Result<std::vector<T>> {
        TRY_ASSIGN(const auto connection, access.open());
        return question(about, *connection->arm, job);
    };
    m_jobs.start(options, work, [this, done = std::move(done)](const Result<std::vector<T>>& found) {
        if (found.ok())
            done(*found);
        else
            m_error->setError(found.error());
    });
}

void WorkspaceChooser::browse()
{
    ask<deploy::Subscription>(
        tr("List the subscriptions"), allSubscriptions, {},
        [this](const std::vector<deploy::Subscription>& found) {
            m_subscriptions->clear();
            for (const deploy::Subscription& one : found) {
                const QString name = QString::fromStdString(one.name);
                m_subscriptions->addItem(one.state == "Enabled"
                                             ? name
                                             : tr("%1 (%2)").arg(name, QString::fromStdString(one.state)),
                                         QString::fromStdString(one.id));
            }
            const int chosen = m_subscriptions->findData(QString::fromStdString(m_workspace.subscription));
            m_subscriptions->setCurrentIndex(std::max(0, chosen));
            showState();
            browseWorkspaces();
        });
}

void WorkspaceChooser::browseWorkspaces()
{
    const std::string subscription = m_subscriptions->currentData().toString().toStdString();
    if (subscription.empty())
        return;
    ask<deploy::FoundWorkspace>(
        tr("List the workspaces"), deploy::workspacesOf, subscription,
        [this](const std::vector<deploy::FoundWorkspace>& found) {
            m_found = found;
            m_workspaces->clear();
            for (const deploy::FoundWorkspace& one : found)
                m_workspaces->addItem(QString::fromStdString(
                    one.workspace.name + "  ·  " + one.workspace.resourceGroup + "  ·  " + one.location));
            showState();
        });
}

void WorkspaceChooser::showState()
{
    const bool in = m_account.state() == AzureAccount::State::SignedIn;
    if (in && !m_browsed)
        browse();
    m_browsed = in;
    const bool there = !m_workspace.path().empty();
    m_chosen->setText(there ? tr("%1 in %2, subscription %3")
                                  .arg(QString::fromStdString(m_workspace.name),
                                       QString::fromStdString(m_workspace.resourceGroup),
                                       QString::fromStdString(m_workspace.subscription))
                            : tr("No workspace is chosen yet."));
    m_save->setEnabled(there);
    m_subscriptions->setEnabled(in && m_subscriptions->count() > 0);
    m_workspaces->setEnabled(in && m_workspaces->count() > 0);
    int current = -1;
    for (size_t i = 0; i < m_found.size(); ++i) {
        if (m_found[i].workspace.path() == m_workspace.path())
            current = static_cast<int>(i);
    }
    m_workspaces->setCurrentIndex(current);
}

void WorkspaceChooser::retranslate()
{
    m_open->setText(tr("Open config.json…"));
    m_save->setText(tr("Save…"));
    m_save->setToolTip(tr("Save the chosen workspace as config.json"));
    m_subscriptionCaption->setText(tr("Subscription"));
    m_subscriptions->setPlaceholderText(tr("Sign in to see them"));
    m_workspaceCaption->setText(tr("Workspace"));
    m_workspaces->setPlaceholderText(tr("Choose a workspace"));
    showState();
}

void WorkspaceChooser::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
