// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/run.h"

#include "engine/deploy/actions.h"
#include "engine/deploy/files.h"
#include "engine/deploy/http.h"
#include "engine/deploy/redact.h"

#include <QDateTime>
#include <QLockFile>
#include <QStandardPaths>

#include <algorithm>
#include <fstream>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

constexpr const char* stateNames[] = {"waiting", "running", "done", "failed"};

std::string now() { return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString(); }

Json toJson(const StepRecord& record)
{
    Json json = {{"state", stepStateName(record.state)}};
    const auto add = [&json](const char* name, const std::string& text) {
        if (!text.empty())
            json[name] = text;
    };
    add("startedAt", record.startedAt);
    add("finishedAt", record.finishedAt);
    add("error", record.error);
    add("nextStep", record.nextStep);
    if (!record.resume.is_null())
        json["resume"] = record.resume;
    if (!record.detail.is_null())
        json["detail"] = record.detail;
    return json;
}

StepRecord recordFromJson(const Json& json)
{
    StepRecord record;
    const auto* const state = std::find(std::begin(stateNames), std::end(stateNames), textAt(json, "state"));
    if (state != std::end(stateNames))
        record.state = static_cast<StepState>(state - std::begin(stateNames));
    record.startedAt = textAt(json, "startedAt");
    record.finishedAt = textAt(json, "finishedAt");
    record.error = textAt(json, "error");
    record.nextStep = textAt(json, "nextStep");
    record.resume = at(json, "resume");
    record.detail = at(json, "detail");
    return record;
}

void tell(const RunObserver& observer, const DeployRun& run, size_t step)
{
    if (observer.stepChanged)
        observer.stepChanged(run, step);
}

// One process at a time; the lock of a process that died does not count.
Status lock(QLockFile& file)
{
    file.setStaleLockTime(0);
    if (file.tryLock(0))
        return {};
    qint64 process = 0;
    QString host;
    QString program;
    file.getLockInfo(&process, &host, &program);
    return makeError(ErrorCode::InvalidArgument,
                     "process " + std::to_string(process) + " is carrying out this run already",
                     "Wait for it, or end it; see: lapidary deploy status");
}

Status carryOut(DeployRun& run, size_t index, Services& services, const RunObserver& observer,
                JobContext& job)
{
    const Step& step = run.plan.steps[index];
    StepRecord& record = run.steps[index];
    const Action* action = findAction(step.action);
    if (!action)
        return makeError(ErrorCode::InvalidArgument, "this version knows no action '" + step.action + "'",
                         "Carry out the run with the version that made its plan, or make a new plan.");
    record.state = StepState::Running;
    if (record.startedAt.empty())
        record.startedAt = now();
    record.error.clear();
    record.nextStep.clear();
    record.detail = {};
    TRY(run.save());
    tell(observer, run, index);
    StepContext context{run, step, record, services, job, observer};
    context.log(step.title);
    services.http.setNotice([&context](const std::string& text) { context.log(text); });
    const Status status = action->carryOut(context);
    services.http.setNotice({});
    if (status.ok()) {
        record.state = StepState::Done;
        record.finishedAt = now();
    } else if (status.error().code == ErrorCode::Cancelled) {
        record.state = StepState::Waiting; // with its handle: it goes on from there
    } else {
        record.state = StepState::Failed;
        record.error = redact(status.error().toString());
        record.nextStep = redact(status.error().nextStep);
        context.log("failed: " + record.error);
    }
    TRY(run.save());
    tell(observer, run, index);
    return status;
}

} // namespace

std::string stepStateName(StepState state) { return stateNames[static_cast<size_t>(state)]; }

bool DeployRun::isDone() const { return currentStep() == steps.size(); }

size_t DeployRun::currentStep() const
{
    const auto next = std::find_if(steps.begin(), steps.end(),
                                   [](const StepRecord& record) { return record.state != StepState::Done; });
    return static_cast<size_t>(next - steps.begin());
}

void repeatFrom(DeployRun& run, size_t step)
{
    for (size_t i = step; i < run.steps.size(); ++i)
        run.steps[i] = {};
}

size_t stepWithAction(const DeployRun& run, const std::string& action)
{
    const auto found = std::ranges::find(run.plan.steps, action, &Step::action);
    return static_cast<size_t>(found - run.plan.steps.begin());
}

Status DeployRun::save() const
{
    Json json = {{"plan", toJson(plan)}, {"deleted", deleted}, {"values", values}};
    json["steps"] = Json::array();
    for (const StepRecord& record : steps)
        json["steps"].push_back(toJson(record));
    return writeTextFile(folder / "run.json", json.dump(2) + "\n");
}

fs::path defaultRunsFolder()
{
    return fs::path(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString()) /
           "lapidary" / "deployments";
}

Result<DeployRun> createRun(DeployPlan plan, const fs::path& runsFolder)
{
    DeployRun run{.folder = runsFolder / plan.id, .plan = std::move(plan), .steps = {}, .values = {}};
    run.steps.resize(run.plan.steps.size());
    std::error_code problem;
    fs::create_directories(runsFolder, problem);
    if (!problem && !fs::create_directory(run.folder, problem) && !problem)
        return makeError(ErrorCode::InvalidArgument, "a run of this name is there already")
            .at(run.folder.string());
    if (problem)
        return makeError(ErrorCode::IoError, problem.message()).at(run.folder.string());
    TRY(run.save());
    return run;
}

Result<DeployRun> loadRun(const fs::path& folder)
{
    TRY_ASSIGN(const Json json, readJsonFile(folder / "run.json"));
    auto plan = planFromJson(at(json, "plan"));
    if (!plan.ok())
        return std::move(plan).error().at((folder / "run.json").string());
    DeployRun run{.folder = folder, .plan = std::move(*plan), .steps = {}, .values = {}};
    for (const Json& record : at(json, "steps"))
        run.steps.push_back(recordFromJson(record));
    for (const auto& value : at(json, "values").items())
        run.values[value.key()] = value.value().is_string() ? value.value().get<std::string>() : "";
    run.deleted = at(json, "deleted") == true;
    if (run.steps.size() != run.plan.steps.size())
        return makeError(ErrorCode::InvalidArgument, "the file does not have a state for each step")
            .at((folder / "run.json").string());
    return run;
}

std::vector<DeployRun> listRuns(const fs::path& runsFolder)
{
    std::vector<DeployRun> runs;
    std::error_code problem;
    for (const fs::directory_entry& entry : fs::directory_iterator(runsFolder, problem)) {
        if (auto run = loadRun(entry.path()); run.ok())
            runs.push_back(std::move(*run));
    }
    std::sort(runs.begin(), runs.end(),
              [](const DeployRun& a, const DeployRun& b) { return a.plan.id > b.plan.id; });
    return runs;
}

Status execute(DeployRun& run, Services& services, const RunObserver& observer, JobContext& job)
{
    QLockFile file(QString::fromStdString((run.folder / "lock").string()));
    TRY(lock(file));
    run.deleted = false;
    for (size_t i = run.currentStep(); i < run.steps.size(); ++i) {
        if (job.stopRequested())
            return cancelled();
        job.report(static_cast<double>(i) / static_cast<double>(run.steps.size()), run.plan.steps[i].title);
        if (Status status = carryOut(run, i, services, observer, job); !status.ok())
            return Error(status.error()).at(run.plan.steps[i].title);
    }
    job.report(1);
    return {};
}

Status deleteCreated(DeployRun& run, Services& services, const RunObserver& observer, JobContext& job)
{
    QLockFile file(QString::fromStdString((run.folder / "lock").string()));
    TRY(lock(file));
    for (size_t i = run.steps.size(); i-- > 0;) {
        StepRecord& record = run.steps[i];
        const Action* action = findAction(run.plan.steps[i].action);
        // A step that was cut off may have made what it is for.
        if (record.startedAt.empty() || !action || !action->takeAway)
            continue;
        StepContext context{run, run.plan.steps[i], record, services, job, observer};
        if (Status status = action->takeAway(context); !status.ok())
            return Error(status.error()).at(run.plan.steps[i].title);
        record = {};
        TRY(run.save());
        tell(observer, run, i);
    }
    std::fill(run.steps.begin(), run.steps.end(), StepRecord());
    run.values.clear();
    run.deleted = true;
    return run.save();
}

void StepContext::log(const std::string& line) const
{
    const std::string text = redact(line);
    std::ofstream(run.logFile(), std::ios::app) << now() << "  " << text << "\n";
    if (observer.logged)
        observer.logged(text);
}

Result<std::string> StepContext::input(const char* name) const
{
    if (!at(step.input, name).is_string())
        return makeError(ErrorCode::InvalidArgument,
                         std::string("the plan's step '") + step.id + "' has no '" + name + "'");
    return fill(textAt(step.input, name), run.values);
}

Status StepContext::keep(const std::string& name, const std::string& value) const
{
    run.values[name] = value;
    return run.save();
}

Status StepContext::keepResume(Json handle) const
{
    record.resume = std::move(handle);
    return run.save();
}

} // namespace lapidary::deploy
