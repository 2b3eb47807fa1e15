// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which workspace: from a config.json, or by looking through what the account can see.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/deploy/browse.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace lapidary {

class AzureAccount;
class ErrorLine;

class WorkspaceChooser : public QWidget {
    Q_OBJECT
public:
    // Both outlive it.
    WorkspaceChooser(JobQueue& jobs, AzureAccount& account, QWidget* parent = nullptr);

    void setWorkspace(const deploy::Workspace& workspace); // no signal
    const deploy::Workspace& workspace() const { return m_workspace; }
    void useConfigFile(const QString& path);

signals:
    void workspaceChosen();

protected:
    void changeEvent(QEvent* event) override;

private:
    void browse();
    void browseWorkspaces();
    void showState();
    void choose(const deploy::Workspace& workspace);
    void openConfigFile();
    void saveConfigFile();
    void retranslate();
    template <typename T>
    void ask(const QString& title,
             Result<std::vector<T>> (*question)(const std::string&, deploy::ArmClient&, JobContext&),
             const std::string& about, std::function<void(const std::vector<T>&)> done);

    JobQueue& m_jobs;
    AzureAccount& m_account;
    deploy::Workspace m_workspace;
    std::vector<deploy::FoundWorkspace> m_found;
    QLabel* m_chosen;
    QPushButton* m_open;
    QPushButton* m_save;
    QLabel* m_subscriptionCaption;
    QComboBox* m_subscriptions;
    QLabel* m_workspaceCaption;
    QComboBox* m_workspaces;
    ErrorLine* m_error;
    bool m_browsed = false;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary
