// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/scorer.h"

#include "engine/serve/batch.h"
#include "engine/session/compare.h"
#include "engine/session/inputs.h"

#include <algorithm>
#include <future>

namespace lapidary::serve {

namespace {
constexpr std::chrono::microseconds shortCall{500};

Result<std::vector<Value>> madeUpInputs(const Session& session, uint64_t seed)
{
    std::vector<Value> inputs;
    for (size_t i = 0; i < session.inputs().size(); ++i) {
        const TypeInfo& type = session.inputType(i);
        TRY_ASSIGN(Tensor tensor,
                   randomTensor(type.dataType, concreteInputDims(type, session.options().dims), seed + i));
        inputs.emplace_back(std::move(tensor));
    }
    return inputs;
}

Error notBatchable(const std::string& what, const std::string& name, const TypeInfo& type)
{
    return makeError(ErrorCode::InvalidArgument,
                     "requests cannot be joined: the " + what + " '" + name + "' is " + toString(type) +
                         ", expected a tensor whose first dimension is not fixed",
                     "Serve it without --max-batch.");
}
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
    for (size_t i = 0; i < scorer->inputs().size() && options.mostInRun > 1; ++i) {
        if (!isBatchable(scorer->inputType(i)))
            return notBatchable("input", scorer->model().graph.value(scorer->inputs()[i]).name,
                                scorer->inputType(i));
    }
    for (const ValueId id : scorer->model().graph.outputs) {
        const GraphValue& output = scorer->model().graph.value(id);
        if (options.mostInRun > 1 && !isBatchable(output.type))
            return notBatchable("output", output.name, output.type);
    }
    scorer->m_running.resize(scorer->m_sessions.size());
    scorer->m_idle = scorer->m_sessions.size();
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
                begin.set_value(prepare(i, warmUp, ours));
                work(i);
            });
    }
    m_threads.emplace_back([this] { watch(); });
    for (std::future<Status>& status : begun)
        TRY(status.get());
    m_ready = true;
    return {};
}

Status Scorer::prepare(size_t index, bool warmUp, JobContext& job)
{
    Session& session = *m_sessions[index];
    if (index == 0 && m_options.mostInRun > 1)
        TRY(tryJoining(session, job));
    if (warmUp) {
        TRY_ASSIGN(const auto inputs, madeUpInputs(session, 0));
        TRY_ASSIGN([[maybe_unused]] const RunResult result, session.run(inputs, {}, job));
    }
    return {};
}

// A free first dimension need not be that of a batch: some models mix what lies along it.
Status Scorer::tryJoining(Session& session, JobContext& job)
{
    std::vector<std::vector<Value>> inputs;
    std::vector<RunResult> alone;
    for (const uint64_t seed : {1, 1001}) {
        TRY_ASSIGN(inputs.emplace_back(), madeUpInputs(session, seed));
        TRY_ASSIGN(alone.emplace_back(), session.run(inputs.back(), {}, job));
    }
    TRY_ASSIGN(const auto joined, joinInputs(inputs));
    TRY_ASSIGN(const RunResult together, session.run(joined, {}, job));
    const int64_t rows[] = {rowsOf(inputs[0]), rowsOf(inputs[1])};
    const auto parts = splitOutputs(together.outputs, rows);
    for (size_t caller = 0; caller < alone.size(); ++caller) {
        for (size_t i = 0; i < alone[caller].outputs.size(); ++i) {
            if (!parts || !compareValues((*parts)[caller][i], alone[caller].outputs[i], modelTolerance).equal)
                return makeError(ErrorCode::InvalidArgument,
                                 "the model gives other results for joined inputs: its first dimension is "
                                 "no batch",
                                 "Serve it without --max-batch.");
        }
    }
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

std::map<size_t, uint64_t> Scorer::runSizes() const
{
    const std::lock_guard lock(m_mutex);
    return m_runSizes;
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
        m_came.wait(lock, [this] { return m_ending || !m_queue.empty(); });
        --m_idle;
        if (m_ending)
            return;
        std::vector<Waiting> callers = take(lock);
        lock.unlock();
        if (callers.size() == 1)
            serve(index, *callers[0].call, callers[0].asked);
        else
            serveTogether(index, callers);
        callers.clear();
        lock.lock();
        ++m_idle;
    }
}

// lock is held; the queue is not empty.
std::vector<Scorer::Waiting> Scorer::take(std::unique_lock<std::mutex>& lock)
{
    std::vector<Waiting> callers;
    const auto most = static_cast<size_t>(std::max(1, m_options.mostInRun));
    const auto end = Clock::now() + m_options.gathering;
    while (callers.size() < most && !m_ending) {
        if (!m_queue.empty()) {
            callers.push_back(std::move(m_queue.front()));
            m_queue.pop_front();
        } else if (m_options.gathering.count() == 0 ||
                   m_came.wait_until(lock, end) == std::cv_status::timeout) {
            break;
        }
    }
    return callers;
}

bool Scorer::decode(ScoreCall& call, std::vector<Value>& inputs)
{
    if (call.stop.stop_requested()) {
        call.answer(Scored{.refusal = Refusal::CallerGone});
        return false;
    }
    auto decoded = call.decode();
    if (!decoded.ok()) {
        call.answer(std::move(decoded).error());
        return false;
    }
    inputs = std::move(*decoded);
    return true;
}

void Scorer::serve(size_t index, ScoreCall& call, Clock::time_point asked)
{
    const auto began = Clock::now();
    std::vector<Value> inputs;
    if (decode(call, inputs))
        answer(index, call, inputs, began - asked);
    const std::chrono::nanoseconds took = Clock::now() - began;
    const std::lock_guard lock(m_mutex);
    m_usual = (std::min(m_usual, 8 * took) * 7 + took) / 8; // forgets a slow start quickly
}

void Scorer::answer(size_t index, ScoreCall& call, std::span<const Value> inputs,
                    std::chrono::nanoseconds waited)
{
    const auto began = Clock::now();
    auto result = run(index, inputs, call.stop, 1);
    Scored scored{.waited = waited, .ran = Clock::now() - began};
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

void Scorer::serveTogether(size_t index, std::span<const Waiting> callers)
{
    std::vector<Decoded> decoded;
    for (const Waiting& waiting : callers) {
        Decoded caller{waiting.call.get(), Clock::now() - waiting.asked};
        if (decode(*caller.call, caller.inputs))
            decoded.push_back(std::move(caller));
    }
    for (auto rest = std::span(decoded); !rest.empty();) {
        // Those that go with the first one come to the front.
        size_t count = 1;
        for (size_t i = 1; i < rest.size() && rowsOf(rest[0].inputs) > 0; ++i) {
            if (rowsOf(rest[i].inputs) > 0 && areJoinable(rest[0].inputs, rest[i].inputs))
                std::swap(rest[count++], rest[i]);
        }
        const auto together = rest.first(count);
        rest = rest.subspan(count);
        if (count > 1 && answerJoined(index, together))
            continue;
        // Also after an error, which may be the fault of one of them.
        for (const Decoded& caller : together)
            answer(index, *caller.call, caller.inputs, caller.waited);
    }
}

bool Scorer::answerJoined(size_t index, std::span<const Decoded> callers)
{
    std::vector<std::vector<Value>> inputs;
    std::vector<int64_t> rows;
    for (const Decoded& caller : callers) {
        inputs.push_back(caller.inputs);
        rows.push_back(rowsOf(caller.inputs));
    }
    const auto joined = joinInputs(inputs);
    if (!joined.ok())
        return false;
    const auto began = Clock::now();
    const auto result = run(index, *joined, std::stop_source(), callers.size());
    auto outputs = result.ok() ? splitOutputs(result->outputs, rows) : std::nullopt;
    if (!outputs)
        return false;
    const std::chrono::nanoseconds ran = Clock::now() - began;
    for (size_t i = 0; i < callers.size(); ++i)
        callers[i].call->answer(
            Scored{.outputs = std::move((*outputs)[i]), .waited = callers[i].waited, .ran = ran});
    return true;
}

Result<RunResult> Scorer::run(size_t index, std::span<const Value> inputs, const std::stop_source& stop,
                              size_t callers)
{
    Running& running = m_running[index];
    {
        const std::lock_guard lock(m_mutex);
        running = {.active = true, .began = Clock::now(), .stop = stop};
        ++m_runSizes[callers];
        if (m_options.longestRun.count() > 0)
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
