// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/scorer.h"

#include "engine/session/inputs.h"

#include <algorithm>
#include <future>

namespace lapidary::serve {

namespace {
constexpr std::chrono::microseconds shortCall{500};
} // namespace

Scorer::Scorer(std::shared_ptr<const Model> model, const ScorerOptions& options)
    : m_model(std::move(model)), m_options(options)
{
}

Scorer::~Scorer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_came.notify_all();
    m_busy.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

Result<std::unique_ptr<Scorer>> Scorer::create(std::shared_ptr<const Model> model,
                                               const ScorerOptions& options, JobContext& job)
{
    std::unique_ptr<Scorer> scorer(new Scorer(std::move(model), options));
    for (int i = 0; i < std::max(1, options.sessions); ++i) {
        TRY_ASSIGN(auto session, Session::create(scorer->m_model, options.session, job));
        scorer->m_sessions.push_back(std::move(session));
    }
    scorer->m_running.resize(scorer->m_sessions.size());
    return scorer;
}

Status Scorer::start(bool warmUp, JobContext& job)
{
    std::vector<std::future<Status>> begun;
    for (size_t i = 0; i < m_sessions.size(); ++i) {
        std::promise<Status> promise;
        begun.push_back(promise.get_future());
        // Warm is also the thread: OpenMP keeps its helpers for each thread that runs a session.
        m_threads.emplace_back(
            [this, i, warmUp, stop = job.stopToken(), begin = std::move(promise)]() mutable {
                JobContext ours(stop, {});
                begin.set_value(warmUp ? runOnce(*m_sessions[i], ours) : Status());
                work(i);
            });
    }
    m_threads.emplace_back([this] { watch(); });
    for (std::future<Status>& status : begun)
        TRY(status.get());
    m_ready = true;
    return {};
}

Status Scorer::runOnce(Session& session, JobContext& job)
{
    std::vector<Value> inputs;
    for (size_t i = 0; i < session.inputs().size(); ++i) {
        const TypeInfo& type = session.inputType(i);
        TRY_ASSIGN(Tensor tensor,
                   randomTensor(type.dataType, concreteInputDims(type, session.options().dims), i));
        inputs.emplace_back(std::move(tensor));
    }
    TRY_ASSIGN([[maybe_unused]] const RunResult result, session.run(inputs, {}, job));
    return {};
}

std::optional<size_t> Scorer::inputNamed(std::string_view name) const
{
    for (size_t i = 0; i < inputs().size(); ++i) {
        if (m_model->graph.value(inputs()[i]).name == name)
            return i;
    }
    return std::nullopt;
}

void Scorer::submit(std::unique_ptr<ScoreCall> call, bool mayRun)
{
    const auto asked = Clock::now();
    {
        std::unique_lock lock(m_mutex);
        if (mayRun && m_queue.empty() && m_idle == m_sessions.size() && m_usual < shortCall &&
            m_options.session.threads == 1) {
            lock.unlock();
            serve(0, *call, asked); // its thread has nothing to do until the next submit()
            return;
        }
        if (m_queue.size() < m_idle + static_cast<size_t>(m_options.queue)) {
            m_queue.push_back({std::move(call), asked});
            wakeWatch();
        }
    }
    if (call)
        call->answer(Scored{.refusal = Refusal::QueueFull});
    else
        m_came.notify_one();
}

int Scorer::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_queue.size() - std::min(m_queue.size(), m_idle));
}

void Scorer::work(size_t index)
{
    std::unique_lock lock(m_mutex);
    while (true) {
        ++m_idle;
        m_came.wait(lock, [this] { return m_ending || !m_queue.empty(); });
        --m_idle;
        if (m_ending)
            return;
        const Waiting first = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        serve(index, *first.call, first.asked);
        lock.lock();
    }
}

void Scorer::serve(size_t index, ScoreCall& call, Clock::time_point asked)
{
    const auto began = Clock::now();
    answer(index, call, asked);
    const std::chrono::nanoseconds took = Clock::now() - began;
    const std::lock_guard lock(m_mutex);
    m_usual = (std::min(m_usual, 8 * took) * 7 + took) / 8; // forgets a slow start quickly
}

void Scorer::answer(size_t index, ScoreCall& call, Clock::time_point asked)
{
    Scored scored;
    if (call.stop.stop_requested()) {
        scored.refusal = Refusal::CallerGone;
        call.answer(std::move(scored));
        return;
    }
    const auto taken = Clock::now();
    auto inputs = call.decode();
    if (!inputs.ok()) {
        call.answer(std::move(inputs).error());
        return;
    }
    const auto began = Clock::now();
    auto result = run(index, *inputs, call.stop);
    scored.waited = taken - asked;
    scored.ran = Clock::now() - began;
    if (result.ok()) {
        scored.outputs = std::move(result->outputs);
    } else if (result.error().code == ErrorCode::Cancelled) {
        scored.refusal = m_running[index].timedOut ? Refusal::RanTooLong : Refusal::CallerGone;
    } else {
        call.answer(std::move(result).error());
        return;
    }
    call.answer(std::move(scored));
}

Result<RunResult> Scorer::run(size_t index, std::span<const Value> inputs, const std::stop_source& stop)
{
    Running& running = m_running[index];
    {
        const std::lock_guard lock(m_mutex);
        running = {.active = true, .began = Clock::now(), .stop = stop};
        wakeWatch();
    }
    JobContext job(stop.get_token(), {});
    auto result = m_sessions[index]->run(inputs, {}, job);
    const std::lock_guard lock(m_mutex);
    running.active = false; // timedOut does not change any more
    return result;
}

// m_mutex is held. Most calls find it awake: it sleeps only when it found nothing to watch.
void Scorer::wakeWatch()
{
    if (!m_watching) {
        m_watching = true;
        m_busy.notify_one();
    }
}

// Ends waiting and runs that take too long, a tenth of the limit late at most.
void Scorer::watch()
{
    const bool runsEnd = m_options.longestRun.count() > 0;
    const auto shortest =
        runsEnd ? std::min(m_options.longestRun, m_options.longestWait) : m_options.longestWait;
    const auto step = std::max(shortest / 10, std::chrono::milliseconds(1));
    std::unique_lock lock(m_mutex);
    while (!m_ending) {
        m_watching =
            !m_queue.empty() ||
            (runsEnd && std::ranges::any_of(m_running, [](const Running& one) { return one.active; }));
        if (!m_watching) {
            m_busy.wait(lock, [this] { return m_watching || m_ending; });
            continue;
        }
        m_busy.wait_for(lock, step, [this] { return m_ending; });
        const auto now = Clock::now();
        std::vector<Waiting> late;
        while (!m_queue.empty() && now - m_queue.front().asked > m_options.longestWait) {
            late.push_back(std::move(m_queue.front()));
            m_queue.pop_front();
        }
        for (Running& running : m_running) {
            if (runsEnd && running.active && now - running.began > m_options.longestRun) {
                running.timedOut = true;
                running.stop.request_stop();
            }
        }
        lock.unlock();
        for (const Waiting& waiting : late)
            waiting.call->answer(Scored{.refusal = Refusal::WaitedTooLong, .waited = now - waiting.asked});
        lock.lock();
    }
}

} // namespace lapidary::serve
