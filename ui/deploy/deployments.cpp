// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/deployments.h"

#include "engine/deploy/actions.h"
#include "engine/deploy/choices.h"
#include "ui/deploy/secret_store.h"
#include "ui/document/gui_dispatcher.h"
#include "ui/settings/settings.h"

namespace fs = std::filesystem;

namespace lapidary {

namespace {

QString idOf(const deploy::DeployRun& run) { return QString::fromStdString(run.plan.id); }

// "digits:1"
QString nameOf(const deploy::DeployRun& run)
{
    const deploy::Choices choices = deploy::choicesFromJson(run.plan.choices);
    return QString::fromStdString(choices.modelName + ":" + choices.modelVersion);
}

QString keyName(const QString& id) { return QStringLiteral("endpoint key ") + id; }

} // namespace

fs::path deploymentsFolder()
{
    const QString chosen = readSetting(settings::deploymentsFolder);
    return chosen.isEmpty() ? deploy::defaultRunsFolder() : fs::path(chosen.toStdString());
}

Deployments::Deployments(JobQueue& jobs, AzureAccount& account, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_account(account), m_folder(deploymentsFolder())
{
}

const deploy::DeployRun* Deployments::run(const QString& id) const
{
    for (const deploy::DeployRun& run : m_runs) {
        if (idOf(run) == id)
            return &run;
    }
    return nullptr;
}

Result<deploy::Endpoint> Deployments::endpoint(const QString& id) const
{
    const deploy::DeployRun* known = run(id);
    if (!known)
        return makeError(ErrorCode::NotFound, "there is no such deployment");
    return deploy::endpointOf(*known);
}

std::optional<Error> Deployments::error(const QString& id) const
{
    const auto found = m_errors.find(id);
    return found == m_errors.end() ? std::nullopt : std::optional(found->second);
}

bool Deployments::wasTriedHere(const std::string& modelHash) const
{
    return std::ranges::any_of(m_runs, [&](const deploy::DeployRun& run) {
        if (run.plan.target != deploy::localTarget || !run.isDone())
            return false;
        return std::ranges::any_of(run.plan.steps, [&](const deploy::Step& step) {
            return deploy::textAt(step.input, "modelHash") == modelHash;
        });
    });
}

void Deployments::refresh()
{
    JobOptions options;
    options.title = tr("Read the deployments").toStdString();
    options.lane = "files";
    options.replaceKey = "deployments";
    options.withOwner(m_alive);
    const auto work = [folder = m_folder](JobContext&) -> Result<std::vector<deploy::DeployRun>> {
        return deploy::listRuns(folder);
    };
    m_jobs.start(options, work, [this](Result<std::vector<deploy::DeployRun>> runs) {
        if (!runs.ok())
            return;
        // What is carried out here is newer in memory than it was on disk.
        for (deploy::DeployRun& run : *runs) {
            const deploy::DeployRun* known = this->run(idOf(run));
            if (known && isUnderWay(idOf(run)))
                run = *known;
        }
        m_runs = std::move(*runs);
        emit listChanged();
    });
}

void Deployments::put(const deploy::DeployRun& run)
{
    for (deploy::DeployRun& known : m_runs) {
        if (known.plan.id == run.plan.id) {
            known = run;
            emit runChanged(idOf(run));
            return;
        }
    }
    m_runs.insert(m_runs.begin(), run);
    emit listChanged();
    emit runChanged(idOf(run));
}

AzureAccess Deployments::access(const deploy::DeployRun& run) const
{
    const deploy::Choices choices = deploy::choicesFromJson(run.plan.choices);
    AzureAccess access = m_account.access();
    access.cloud = choices.cloud;
    if (!deploy::needsAzure(choices))
        access.credentials.reset();
    access.apiKey = m_apiKeys.value(idOf(run)).toStdString();
    return access;
}

void Deployments::findApiKey(const QString& id)
{
    const deploy::DeployRun* known = run(id);
    if (!known || known->plan.target != deploy::aciTarget || m_apiKeys.contains(id))
        return;
    readSecret(keyName(id), this, [this, id](const Result<QString>& key) {
        if (key.ok())
            m_apiKeys.insert(id, *key);
    });
}

void Deployments::start(deploy::DeployPlan plan, const QString& apiKey)
{
    if (plan.target == deploy::aciTarget) {
        const QString id = QString::fromStdString(plan.id);
        m_apiKeys.insert(id, apiKey);
        // Without a keychain the key lives as long as the window; the user has seen it.
        keepSecret(keyName(id), apiKey, this, [](const Status&) {});
    }
    // A folder and a small file: no wait that one could see.
    auto run = deploy::createRun(plan, m_folder);
    if (!run.ok()) {
        deploy::DeployRun none{
            .folder = m_folder / plan.id, .plan = std::move(plan), .steps = {}, .values = {}};
        none.steps.resize(none.plan.steps.size());
        m_errors.insert_or_assign(idOf(none), run.error());
        put(none);
        return;
    }
    put(*run);
    resume(idOf(*run));
}

void Deployments::resume(const QString& id)
{
    if (const deploy::DeployRun* run = this->run(id); run && !isUnderWay(id))
        carryOut(*run, tr("Deploy %1").arg(nameOf(*run)), deploy::execute);
}

void Deployments::takeAway(const QString& id)
{
    if (const deploy::DeployRun* run = this->run(id); run && !isUnderWay(id))
        carryOut(*run, tr("Delete what %1 made").arg(nameOf(*run)), deploy::deleteCreated);
}

void Deployments::startAgain(const QString& id)
{
    const deploy::DeployRun* known = run(id);
    if (!known || isUnderWay(id))
        return;
    deploy::DeployRun again = *known;
    for (const char* action : {"start-process", "start-container"}) {
        const size_t step = deploy::stepWithAction(again, action);
        if (step < again.steps.size())
            deploy::repeatFrom(again, step);
    }
    carryOut(again, tr("Start %1").arg(nameOf(*known)), deploy::execute);
}

void Deployments::carryOut(const deploy::DeployRun& run, const QString& title, Work work)
{
    const QString id = idOf(run);
    const AzureAccess access = this->access(run);
    const auto here = [this, alive = std::weak_ptr<const int>(m_alive)](auto function) {
        guiDispatcher()([this, alive, function] {
            if (!alive.expired())
                function(*this);
        });
    };
    deploy::RunObserver observer;
    observer.stepChanged = [here](const deploy::DeployRun& changed, size_t) {
        here([changed](Deployments& all) { all.put(changed); });
    };
    observer.logged = [here, id](const std::string& line) {
        here([id, text = QString::fromStdString(line)](Deployments& all) { emit all.logged(id, text); });
    };
    observer.moved = [here, id](uint64_t doneBytes, uint64_t allBytes) {
        here([id, doneBytes, allBytes](Deployments& all) { emit all.moved(id, doneBytes, allBytes); });
    };
    const auto body = [run = deploy::DeployRun(run), access, observer,
                       work](JobContext& job) mutable -> Status {
        TRY_ASSIGN(const auto connection, access.open());
        deploy::Services services = access.services(*connection);
        return work(run, services, observer, job);
    };
    m_errors.erase(id);
    JobOptions options;
    options.title = title.toStdString();
    options.lane = "deploy " + run.plan.id;
    options.withOwner(m_alive);
    m_underWay[id] = m_jobs.start(options, body, [this, id, folder = run.folder](const Status& status) {
        m_underWay.remove(id);
        if (!status.ok() && status.error().code != ErrorCode::Cancelled)
            m_errors.insert_or_assign(id, status.error());
        // The last word is what is on disk.
        if (auto saved = deploy::loadRun(folder); saved.ok())
            put(*saved);
        else
            emit runChanged(id);
        emit listChanged();
    });
    emit runChanged(id);
    emit listChanged();
}

void Deployments::stop(const QString& id)
{
    if (const auto job = m_underWay.find(id); job != m_underWay.end())
        m_jobs.cancel(*job);
}

void Deployments::forget(const QString& id)
{
    const deploy::DeployRun* known = run(id);
    if (!known || isUnderWay(id))
        return;
    if (known->plan.target == deploy::aciTarget)
        forgetSecret(keyName(id));
    std::error_code problem;
    fs::remove_all(known->folder, problem);
    refresh();
}

} // namespace lapidary
