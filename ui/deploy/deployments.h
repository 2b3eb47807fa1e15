// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the deployments of this user: those on disk, and those that are carried out now. One for all tabs.
// GUI thread; each deployment is carried out on a job lane of its own.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/deploy/endpoint.h"
#include "ui/deploy/azure_account.h"

#include <QObject>

namespace lapidary {

class Deployments : public QObject {
    Q_OBJECT
public:
    // Both outlive it.
    Deployments(JobQueue& jobs, AzureAccount& account, QObject* parent = nullptr);

    JobQueue& jobs() const { return m_jobs; }
    AzureAccount& account() const { return m_account; }

    const std::vector<deploy::DeployRun>& runs() const { return m_runs; } // newest first
    const deploy::DeployRun* run(const QString& id) const;                // null: none
    // Errors: of deploy::endpointOf; NotFound (no such deployment).
    Result<deploy::Endpoint> endpoint(const QString& id) const;
    bool isUnderWay(const QString& id) const { return m_underWay.contains(id); }
    // Of the last try in this window that failed before or beside a step; steps keep their own.
    std::optional<Error> error(const QString& id) const;
    // A local deployment of the same files has answered as the engine does.
    bool wasTriedHere(const std::string& modelHash) const;

    // What a job needs that has to do with this deployment: its cloud, the account, its key.
    AzureAccess access(const deploy::DeployRun& run) const;
    // Gets the key of a container group out of the keychain, if it is there.
    void findApiKey(const QString& id);

    // Reads the folder of deployments again, in the background.
    void refresh();
    // Makes a deployment of the plan and carries it out. apiKey: what callers of a container group send; for
    // the others unused.
    void start(deploy::DeployPlan plan, const QString& apiKey);
    void resume(const QString& id);
    void stop(const QString& id);
    // A local server that has ended is started again, at the same image.
    void startAgain(const QString& id);
    // Takes away what the deployment made, and only that.
    void takeAway(const QString& id);
    // Deletes the record of a deployment of which nothing is left.
    void forget(const QString& id);

signals:
    void listChanged();
    void runChanged(const QString& id);
    void logged(const QString& id, const QString& line);
    // An upload: how many of how many bytes have arrived.
    void moved(const QString& id, quint64 doneBytes, quint64 allBytes);

private:
    using Work = Status (*)(deploy::DeployRun&, deploy::Services&, const deploy::RunObserver&, JobContext&);
    void carryOut(const deploy::DeployRun& run, const QString& title, Work work);
    void put(const deploy::DeployRun& run);

    JobQueue& m_jobs;
    AzureAccount& m_account;
    std::filesystem::path m_folder;
    std::vector<deploy::DeployRun> m_runs;
    QHash<QString, JobId> m_underWay;
    std::map<QString, Error> m_errors;
    QHash<QString, QString> m_apiKeys; // by id; of this window or of the keychain
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

// Where deployments are kept: as the settings say, else the user's data folder.
std::filesystem::path deploymentsFolder();

} // namespace lapidary
