// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/scorer.h"

#include "engine/session/inputs.h"

namespace lapidary::serve {

namespace {
using Clock = std::chrono::steady_clock;
} // namespace

Scorer::Scorer(std::shared_ptr<const Model> model, const ScorerOptions& options)
    : m_model(std::move(model)), m_options(options)
{
}

Result<std::unique_ptr<Scorer>> Scorer::create(std::shared_ptr<const Model> model,
                                               const ScorerOptions& options, JobContext& job)
{
    std::unique_ptr<Scorer> scorer(new Scorer(std::move(model), options));
    for (int i = 0; i < std::max(1, options.sessions); ++i) {
        TRY_ASSIGN(auto session, Session::create(scorer->m_model, options.session, job));
        scorer->m_idle.push_back(session.get());
        scorer->m_sessions.push_back(std::move(session));
    }
    return scorer;
}

Status Scorer::warmUp(JobContext& job)
{
    for (const auto& session : m_sessions) {
        std::vector<Value> inputs;
        for (size_t i = 0; i < session->inputs().size(); ++i) {
            const TypeInfo& type = session->inputType(i);
            TRY_ASSIGN(Tensor tensor,
                       randomTensor(type.dataType, concreteInputDims(type, session->options().dims), i));
            inputs.emplace_back(std::move(tensor));
        }
        TRY_ASSIGN([[maybe_unused]] const RunResult result, session->run(inputs, {}, job));
    }
    m_ready = true;
    return {};
}

Session* Scorer::acquire(Refusal& refusal)
{
    std::unique_lock lock(m_mutex);
    if (!m_idle.empty()) {
        Session* session = m_idle.back();
        m_idle.pop_back();
        return session;
    }
    if (static_cast<int>(m_queue.size()) >= m_options.queue) {
        refusal = Refusal::QueueFull;
        return nullptr;
    }
    Waiter self;
    const auto place = m_queue.insert(m_queue.end(), &self);
    if (!self.served.wait_for(lock, m_options.longestWait, [&self] { return self.session != nullptr; })) {
        m_queue.erase(place);
        refusal = Refusal::WaitedTooLong;
    }
    return self.session;
}

// Sessions are idle only while nobody waits.
void Scorer::release(Session* session)
{
    const std::lock_guard lock(m_mutex);
    if (m_queue.empty()) {
        m_idle.push_back(session);
        return;
    }
    Waiter* first = m_queue.front();
    m_queue.pop_front();
    first->session = session;
    first->served.notify_one(); // under the lock: the waiter is gone once it has seen its session
}

Result<Scorer::Scored> Scorer::score(std::span<const Value> inputs, JobContext& job)
{
    Scored scored;
    const auto asked = Clock::now();
    Session* session = acquire(scored.refusal);
    if (session == nullptr)
        return scored;
    const auto began = Clock::now();
    auto result = session->run(inputs, {}, job);
    release(session);
    scored.waited = began - asked;
    scored.ran = Clock::now() - began;
    if (!result.ok())
        return std::move(result).error();
    scored.outputs = std::move(result->outputs);
    return scored;
}

int Scorer::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_queue.size());
}

} // namespace lapidary::serve
