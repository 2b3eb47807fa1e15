// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the one way to do long work. Work runs on a thread of its lane; its result is delivered
// exactly once on the dispatcher thread (the GUI thread in the window), unless its owner died.
#pragma once

#include "engine/base/job_context.h"

#include <any>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

namespace lapidary {

using JobId = uint64_t;

struct JobOptions {
    std::string title;           // shown to the user
    std::string lane;            // jobs of a lane run one at a time, in order; lanes run side by side
    std::string replaceKey = {}; // not empty: cancels older jobs of this owner and key (newest wins)
    std::weak_ptr<const void> owner = {}; // if set and expired, done is not called
    bool hasOwner = false;                // set by withOwner
    JobOptions& withOwner(const std::shared_ptr<const void>& theOwner);
};

enum class JobState { Waiting, Running, Finished, Failed, Cancelled };

struct JobInfo {
    JobId id = 0;
    std::string title;
    JobState state = JobState::Waiting;
    double fraction = -1; // negative: unknown
    std::string text;
};

class JobQueue {
public:
    // Runs a function on the thread that owns the results. Must be callable from any thread and
    // must not run the function before returning.
    using Dispatcher = std::function<void(std::function<void()>)>;
    // Called on the dispatcher thread whenever a job's state or progress changed.
    using Observer = std::function<void(const JobInfo&)>;

    explicit JobQueue(Dispatcher dispatcher);
    // Asks every job to stop, waits for the running ones, delivers nothing more.
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    void setObserver(Observer observer);

    // work: JobContext& -> Result<T>, on a worker thread. done: Result<T>, on the dispatcher thread;
    // a replaced or cancelled job delivers ErrorCode::Cancelled.
    template <typename Work, typename Done>
    JobId start(JobOptions options, Work work, Done done);

    // Asks the job to stop. It still delivers its (Cancelled) result. Unknown ids are ignored.
    void cancel(JobId id);
    void cancelAll();

private:
    struct State;
    // Returns the function that delivers the result and whether it is an error.
    struct Outcome {
        std::function<void()> deliver;
        JobState state = JobState::Finished;
        std::string text;
    };
    using Body = std::function<Outcome(JobContext&)>;
    template <typename Work>
    static std::invoke_result_t<Work&, JobContext&> runGuarded(Work& work, JobContext& job);
    JobId startBody(JobOptions options, Body body);

    std::shared_ptr<State> m_state;
};

template <typename Work>
std::invoke_result_t<Work&, JobContext&> JobQueue::runGuarded(Work& work, JobContext& job)
{
    // A job that was cancelled while it waited never starts its work.
    if (job.stopRequested())
        return cancelled();
    try {
        return work(job);
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "There is not enough memory for this.");
    }
}

template <typename Work, typename Done>
JobId JobQueue::start(JobOptions options, Work work, Done done)
{
    return startBody(
        std::move(options), [work = std::move(work), done = std::move(done)](JobContext& job) mutable {
            auto result = std::make_shared<decltype(work(job))>(runGuarded(work, job));
            Outcome outcome;
            if (!result->ok()) {
                const bool stopped = result->error().code == ErrorCode::Cancelled;
                outcome.state = stopped ? JobState::Cancelled : JobState::Failed;
                outcome.text = result->error().message;
            }
            outcome.deliver = [result, done = std::move(done)]() mutable { done(std::move(*result)); };
            return outcome;
        });
}

} // namespace lapidary
