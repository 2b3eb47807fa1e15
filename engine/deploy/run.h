// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a plan being carried out. Its state is a folder (run.json, log.txt, what steps make), written
// after every change: a run that was cut off at any moment goes on with execute() where it was, without
// repeating what is done.
#pragma once

#include "engine/base/job_context.h"
#include "engine/deploy/plan.h"

#include <filesystem>
#include <functional>

namespace lapidary::deploy {

enum class StepState { Waiting, Running, Done, Failed };
std::string stepStateName(StepState state); // "waiting", ...

struct StepRecord {
    StepState state = StepState::Waiting;
    std::string startedAt; // ISO 8601, UTC; empty: not yet
    std::string finishedAt;
    Json resume; // what the action needs to go on: the URL of an operation, a process id
    std::string error;
    std::string nextStep;
    Json detail; // the server's own answer to what failed
};

struct DeployRun {
    std::filesystem::path folder;
    DeployPlan plan;
    std::vector<StepRecord> steps; // one for each of plan.steps
    Values values;                 // what steps found out; no secrets
    bool deleted = false;          // what it made was taken away again

    bool isDone() const;
    // The step that failed or is next; steps.size() when all are done.
    size_t currentStep() const;
    std::filesystem::path logFile() const { return folder / "log.txt"; }
    // Errors: IoError.
    Status save() const;
};

// Where runs live unless told otherwise: the user's data folder.
std::filesystem::path defaultRunsFolder();

// A new folder for the plan. Errors: IoError; InvalidArgument (a run of that id is there).
Result<DeployRun> createRun(DeployPlan plan, const std::filesystem::path& runsFolder);
// Errors: NotFound, InvalidArgument (a damaged file).
Result<DeployRun> loadRun(const std::filesystem::path& folder);
// All of the folder, newest first; damaged ones are left out.
std::vector<DeployRun> listRuns(const std::filesystem::path& runsFolder);

// The steps from this one on are to be carried out once more: to test again, to start a server that has
// ended.
void repeatFrom(DeployRun& run, size_t step);
// The first step with this action; steps.size() when there is none.
size_t stepWithAction(const DeployRun& run, const std::string& action);

struct Services;

// Called on the thread of execute().
struct RunObserver {
    std::function<void(const DeployRun&, size_t step)> stepChanged = {};
    std::function<void(const std::string& line)> logged = {};
    // While a step moves many bytes: how many of how many have arrived, those of earlier tries too.
    std::function<void(uint64_t doneBytes, uint64_t allBytes)> moved = {};
};

// Carries out the steps that are not done, in order, up to the first that fails. Errors: of the step, at its
// title; InvalidArgument (another process is at it). The state on disk says the same.
Status execute(DeployRun& run, Services& services, const RunObserver& observer, JobContext& job);

// Takes away what the run made, newest first, and only that. Errors: of the first that cannot be taken away.
Status deleteCreated(DeployRun& run, Services& services, const RunObserver& observer, JobContext& job);

} // namespace lapidary::deploy
