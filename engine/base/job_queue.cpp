// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/job_queue.h"

#include "engine/base/log.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

namespace lapidary {

bool JobContext::reportDue() const
{
    return m_report && std::chrono::steady_clock::now() - m_lastReport >= std::chrono::milliseconds(50);
}

void JobContext::report(double fraction, const std::string& text)
{
    if (!m_report || (fraction < 1 && !reportDue()))
        return;
    m_lastReport = std::chrono::steady_clock::now();
    m_report(fraction, text);
}

Error cancelled() { return makeError(ErrorCode::Cancelled, "Cancelled."); }

JobOptions& JobOptions::withOwner(const std::shared_ptr<const void>& theOwner)
{
    owner = theOwner;
    hasOwner = true;
    return *this;
}

namespace {

bool sameOwner(const JobOptions& a, const JobOptions& b)
{
    return !a.owner.owner_before(b.owner) && !b.owner.owner_before(a.owner);
}

struct Job {
    JobInfo info;
    JobOptions options;
    std::stop_source stop;
};

} // namespace

struct JobQueue::State : std::enable_shared_from_this<JobQueue::State> {
    struct Waiting {
        std::shared_ptr<Job> job;
        Body body;
    };
    // One thread per lane, started on first use and kept: a lane is a place of work, not a task.
    struct Lane {
        std::deque<Waiting> waiting;
        std::jthread thread;
    };

    std::mutex mutex;
    std::condition_variable_any wakeUp;
    std::map<std::string, Lane> lanes;
    std::map<JobId, std::shared_ptr<Job>> jobs;
    JobId nextId = 1;
    bool closing = false;
    Dispatcher dispatcher;
    Observer observer; // used on the dispatcher thread only

    void runLane(Lane& lane);
    void runJob(const std::shared_ptr<Job>& job, Body& body);
    void publish(const std::shared_ptr<Job>& job, JobState state, double fraction, std::string text);
    void post(std::function<void()> function);
};

void JobQueue::State::post(std::function<void()> function)
{
    // The queue may be gone when the dispatcher gets round to it: then the result is dropped.
    dispatcher([weak = weak_from_this(), function = std::move(function)] {
        const auto alive = weak.lock();
        if (!alive)
            return;
        {
            const std::lock_guard lock(alive->mutex);
            if (alive->closing)
                return;
        }
        function();
    });
}

void JobQueue::State::publish(const std::shared_ptr<Job>& job, JobState state, double fraction,
                              std::string text)
{
    JobInfo info = job->info;
    info.state = state;
    info.fraction = fraction;
    info.text = std::move(text);
    post([this, info = std::move(info)] {
        if (observer)
            observer(info);
    });
}

void JobQueue::State::runLane(Lane& lane)
{
    std::unique_lock lock(mutex);
    while (true) {
        wakeUp.wait(lock, [&] { return closing || !lane.waiting.empty(); });
        if (closing)
            return;
        Waiting next = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        lock.unlock();
        runJob(next.job, next.body);
        lock.lock();
        jobs.erase(next.job->info.id);
    }
}

void JobQueue::State::runJob(const std::shared_ptr<Job>& job, Body& body)
{
    publish(job, JobState::Running, -1, {});
    JobContext context(job->stop.get_token(), [this, job](double fraction, const std::string& text) {
        publish(job, JobState::Running, fraction, text);
    });
    auto outcome = std::make_shared<Outcome>(body(context));
    post([this, job, outcome] {
        if (observer) {
            JobInfo info = job->info;
            info.state = outcome->state;
            info.fraction = 1;
            info.text = outcome->text;
            observer(info);
        }
        if (!job->options.hasOwner || !job->options.owner.expired())
            outcome->deliver();
    });
}

JobQueue::JobQueue(Dispatcher dispatcher) : m_state(std::make_shared<State>())
{
    m_state->dispatcher = std::move(dispatcher);
}

JobQueue::~JobQueue()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->closing = true;
        for (auto& [id, job] : m_state->jobs)
            job->stop.request_stop();
    }
    m_state->wakeUp.notify_all();
    for (auto& [name, lane] : m_state->lanes) {
        if (lane.thread.joinable())
            lane.thread.join();
    }
}

void JobQueue::setObserver(Observer observer) { m_state->observer = std::move(observer); }

JobId JobQueue::startBody(JobOptions options, Body body)
{
    auto job = std::make_shared<Job>();
    job->options = std::move(options);
    job->info.title = job->options.title;
    {
        const std::lock_guard lock(m_state->mutex);
        job->info.id = m_state->nextId++;
        if (!job->options.replaceKey.empty()) {
            for (auto& [id, older] : m_state->jobs) {
                if (older->options.replaceKey == job->options.replaceKey &&
                    sameOwner(older->options, job->options))
                    older->stop.request_stop();
            }
        }
        m_state->jobs[job->info.id] = job;
    }
    // Before the lane can see it: a short job would otherwise be over before it was announced.
    m_state->publish(job, JobState::Waiting, -1, {});
    {
        const std::lock_guard lock(m_state->mutex);
        State::Lane& lane = m_state->lanes[job->options.lane];
        lane.waiting.push_back({job, std::move(body)});
        if (!lane.thread.joinable())
            lane.thread = std::jthread([state = m_state.get(), &lane] { state->runLane(lane); });
    }
    m_state->wakeUp.notify_all();
    return job->info.id;
}

void JobQueue::cancel(JobId id)
{
    const std::lock_guard lock(m_state->mutex);
    if (const auto found = m_state->jobs.find(id); found != m_state->jobs.end())
        found->second->stop.request_stop();
}

void JobQueue::cancelAll()
{
    const std::lock_guard lock(m_state->mutex);
    for (auto& [id, job] : m_state->jobs)
        job->stop.request_stop();
}

} // namespace lapidary
